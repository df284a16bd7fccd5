import { describe, expect, it } from 'vitest';
import {
  authorizeQuery,
  openHouse,
  PUBLIC_URL,
  REDIRECT_URI,
  type Server,
  type Tokens,
  walkToCode,
} from '../../auth.contract.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';
import type { ClientOptions } from '../clients/client-options.ts';
import {
  assertionClaims,
  assertionFields,
  type ClientSigner,
  clientSigner,
} from '../clients/client-signer.contract.ts';

const ID = 'https://app.example/client.json';
const KEYS = 'https://app.example/jwks.json';
const document = {
  client_id: ID,
  client_name: 'Hosted client',
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: KEYS,
};

/** A server, and the site of a client that signs. */
async function begin(over: Partial<ClientOptions> = {}) {
  const signer = await clientSigner('ES256', 'client', 'key-1');
  const site: Record<string, unknown> = { [ID]: document, [KEYS]: { keys: [signer.publicJwk] } };
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    const body = site[url];
    if (body === undefined) throw new Error('<script>no route</script>');
    return Response.json(body);
  };
  const signIns = [developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] })];
  const house = await openHouse({ issuer: { signIns, metadataDocuments: { fetch }, ...over } });
  const prove = async (clientId = ID, by: ClientSigner = signer, claims: Record<string, unknown> = {}) =>
    assertionFields(await by.sign(assertionClaims(clientId, PUBLIC_URL, house.clock.now() / 1000, claims)));
  return { ...house, site, asked, signer, prove };
}

const post = async (server: Server, path: string, fields: Record<string, string>) => {
  const response = await server.form(path, fields);
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Partial<Tokens> & Record<string, unknown>;
  return { status: response.status, body, text, headers: response.headers };
};

/** A login, with the id beside the assertion or not. */
async function logIn({ first, prove }: Awaited<ReturnType<typeof begin>>, clientId = ID) {
  const { fields } = await walkToCode(first, { clientId });
  const answer = await post(first, '/token', { ...fields, ...(await prove(clientId)) });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Tokens;
}

describe('a client that signs', () => {
  it('[AS-14, AS-20] logs in, refreshes, asks about its token and gives it back, each time with an assertion of its own', async () => {
    const house = await begin();
    const { first, second, prove, asked } = house;
    const tokens = await logIn(house);
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    const refreshing = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const refreshed = await post(first, '/token', { ...refreshing, ...(await prove()) });
    expect(refreshed.status).toBe(200);
    const next = refreshed.body as Tokens;
    const asking = {
      token: next.access_token,
      ...(await prove(ID, undefined, { aud: `${PUBLIC_URL}/introspect` })),
    };
    expect((await post(second, '/introspect', asking)).body).toMatchObject({ active: true, client_id: ID });
    const giving = {
      token: next.refresh_token,
      ...(await prove(ID, undefined, { aud: [`${PUBLIC_URL}/revoke`] })),
    };
    expect((await post(first, '/revoke', giving)).status).toBe(200);
    expect((await first.guard(next.access_token)).status).toBe(401);
    // Two processes, each of which fetched the keys once.
    expect(asked.filter((url) => url === KEYS)).toHaveLength(2);
  });

  it('[AS-20] is nobody without an assertion, at every endpoint', async () => {
    const house = await begin();
    const { first, prove } = house;
    const tokens = await logIn(house);
    const { fields } = await walkToCode(first, { clientId: ID });
    const requests: [string, Record<string, string>][] = [
      ['/token', fields],
      ['/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: ID }],
      ['/revoke', { token: tokens.refresh_token, client_id: ID }],
      ['/introspect', { token: tokens.access_token, client_id: ID }],
    ];
    for (const [path, request] of requests) {
      for (const more of [{}, { client_secret: 'x' }] as Record<string, string>[])
        expect(await post(first, path, { ...request, ...more })).toMatchObject({
          status: 401,
          body: { error: 'invalid_client' },
        });
    }
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    expect((await post(first, '/token', { ...fields, ...(await prove()) })).status).toBe(200);
  });

  it('[AS-20] can not be spoken for by a stranger, another client, an old assertion, or one for another server', async () => {
    const house = await begin();
    const { first, second, prove, signer } = house;
    const tokens = await logIn(house);
    const request = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const stranger = await clientSigner('ES256', 'stranger', 'key-1');
    const used = await prove();
    expect((await post(first, '/token', { ...request, ...used })).status).toBe(200);
    const attempts = [
      used,
      { ...used, client_id: ID },
      await prove(ID, stranger),
      await prove(ID, signer, { aud: 'https://other.example' }),
      await prove(ID, signer, { aud: `${PUBLIC_URL}/revoke` }),
      await prove(ID, signer, { exp: house.clock.now() / 1000 - 31 }),
      await prove(ID, signer, { iss: 'https://other.example/client.json' }),
      { ...(await prove()), client_id: 'https://other.example/client.json' },
    ];
    for (const server of [first, second])
      for (const attempt of attempts)
        expect(await post(server, '/token', { ...request, ...attempt })).toMatchObject({
          status: 401,
          body: { error: 'invalid_client' },
        });
  });

  it('lets one of two that use an assertion at the same moment on two processes through', async () => {
    const { first, second, prove, clock } = await begin();
    clock.advance(1);
    const fields = { token: 'x', ...(await prove()) };
    const answers = await Promise.all(
      [first, second, first, second].map((server) => post(server, '/introspect', fields)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  it('[S4] waits, with 503 and a time to come back, while its keys can not be had; others do not', async () => {
    const { first, prove, site, events } = await begin();
    const { fields } = await walkToCode(first, { clientId: ID });
    const registered = await walkToCode(first);
    delete site[KEYS];
    const answer = await post(first, '/token', { ...fields, ...(await prove()) });
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).not.toContain('<');
    expect(events.findLast(({ type }) => type === 'request.refused')).toMatchObject({
      reason: 'client.keys-unreachable',
    });
    expect((await post(first, '/token', registered.fields)).status).toBe(200);
  });

  it('is refused when its key set is none, in our words', async () => {
    const { first, prove, site } = await begin();
    site[KEYS] = { keys: '<script>' };
    const answer = await post(first, '/token', {
      ...(await walkToCode(first, { clientId: ID })).fields,
      ...(await prove()),
    });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.text).not.toContain('<');
  });

  it('may do without where its document says so, and is refused a bad assertion all the same', async () => {
    const { first, prove, site } = await begin();
    site[ID] = { ...document, token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'] };
    const stranger = await clientSigner('ES256', 'stranger', 'key-1');
    const { fields } = await walkToCode(first, { clientId: ID });
    expect((await post(first, '/token', { ...fields, ...(await prove(ID, stranger)) })).status).toBe(401);
    expect((await post(first, '/token', fields)).status).toBe(200);
    const again = await walkToCode(first, { clientId: ID });
    expect((await post(first, '/token', { ...again.fields, ...(await prove()) })).status).toBe(200);
  });

  it('is refused when its document says that it does not sign', async () => {
    const { first, prove, site } = await begin();
    site[ID] = { ...document, token_endpoint_auth_method: 'none' };
    const { fields } = await walkToCode(first, { clientId: ID });
    expect(await post(first, '/token', { ...fields, ...(await prove()) })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('is not asked for a document or keys by an assertion that is too long', async () => {
    const { first, asked, prove } = await begin();
    const fields = { token: 'x', ...(await prove(ID, undefined, { more: 'x'.repeat(9000) })) };
    expect(await post(first, '/introspect', fields)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect(asked).toEqual([]);
  });

  it('shows no assertion in events', async () => {
    const { first, prove, events } = await begin();
    const proof = await prove();
    await post(first, '/introspect', { token: 'x', ...proof });
    await post(first, '/introspect', { token: 'x', ...proof });
    expect(JSON.stringify(events)).toContain('client.assertion-replayed');
    expect(JSON.stringify(events)).not.toContain(proof.client_assertion);
  });
});

describe('clients that sign, of the other kinds', () => {
  const key = async () => (await clientSigner('ES256', 'client', 'key-1')).publicJwk;
  const register = async (server: Server, over: Record<string, unknown>) => {
    const response = await server.json('/register', {
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'private_key_jwt',
      ...over,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('[AS-15] register with their keys, and get no secret', async () => {
    const house = await begin();
    const { status, body } = await register(house.first, { jwks: { keys: [await key()] } });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('client_secret');
    expect(await house.store.list('client')).toMatchObject({ keys: [] });
    const tokens = await logIn(house, String(body.client_id));
    expect((await house.second.guard(tokens.access_token)).status).toBe(200);
    expect(
      await post(house.second, '/token', {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
        client_id: String(body.client_id),
      }),
    ).toMatchObject({ status: 401 });
  });

  it('[AS-15] register by URI where keys are fetched, and are told when they are not', async () => {
    const house = await begin();
    const { body } = await register(house.first, { jwks_uri: KEYS });
    expect((await logIn(house, String(body.client_id))).access_token).toBeTypeOf('string');
    const closed = await begin({ metadataDocuments: 'off' });
    expect(await register(closed.first, { jwks_uri: KEYS })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    });
    expect((await register(closed.first, { jwks: { keys: [await key()] } })).status).toBe(201);
    expect(closed.asked).toEqual([]);
  });

  it('[AS-15] are told that a private key is not to be sent', async () => {
    const { first } = await begin();
    const { privateJwk } = await clientSigner('ES256', 'client', 'key-1');
    const { status, body } = await register(first, { jwks: { keys: [privateJwk] } });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(body.error_description).toContain('public keys');
    expect(JSON.stringify(body)).not.toContain(privateJwk.d);
  });

  it('[G8] fill no store by proving themselves without end: 429, with a time to come back, and others do not notice', async () => {
    const house = await begin({
      clients: [{ id: 'intranet', redirectUris: [REDIRECT_URI], jwks: { keys: [await key()] } }],
    });
    const { first, prove } = house;
    const stranger = await clientSigner('EdDSA', 'stranger');
    const { body } = await register(first, { jwks: { keys: [stranger.publicJwk] } });
    const proof = () => prove(String(body.client_id), stranger);
    const statuses = new Map<number, number>();
    for (let i = 0; i < 5000; i += 1) {
      const { status } = await post(first, '/revoke', { token: 'x', ...(await proof()) });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([[200, 5000]]);
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x' };
    for (const path of ['/revoke', '/introspect', '/token']) {
      const answer = await post(first, path, { token: 'x', ...refresh, ...(await proof()) });
      expect({ path, status: answer.status }).toEqual({ path, status: 429 });
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    for (const id of [ID, 'intranet'])
      expect((await post(first, '/revoke', { token: 'x', ...(await prove(id)) })).status).toBe(200);
  }, 30_000);

  it('are registered by hand', async () => {
    const house = await begin({
      clients: [{ id: 'intranet', redirectUris: [REDIRECT_URI], jwks: { keys: [await key()] } }],
    });
    const { first, prove } = house;
    const tokens = await logIn(house, 'intranet');
    expect(await post(first, '/revoke', { token: tokens.refresh_token, ...(await prove(ID)) })).toMatchObject(
      { status: 200 },
    );
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    expect(
      await post(first, '/revoke', { token: tokens.refresh_token, ...(await prove('intranet')) }),
    ).toMatchObject({ status: 200 });
    expect((await first.guard(tokens.access_token)).status).toBe(401);
  });

  it('can not use a document that gives a private key away, not even to ask', async () => {
    const { first, site } = await begin();
    const { privateJwk } = await clientSigner('ES256', 'client', 'key-1');
    site[ID] = { ...document, jwks_uri: undefined, jwks: { keys: [privateJwk] } };
    const response = await first.call(`/authorize?${authorizeQuery(ID)}`);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(privateJwk.d);
  });
});

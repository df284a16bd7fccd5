import { beforeAll, describe, expect, it } from 'vitest';
import { type PlainClient, plainClient, readAnswer } from '../clients/plain-client.ts';
import { rawRequest } from '../clients/raw-request.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

let server: RunningPortcullis;
let client: PlainClient;
beforeAll(async () => {
  server = await startPortcullis();
  client = plainClient(server.url);
});

const NATIVE = { redirect_uris: ['http://127.0.0.1/callback'] };

describe('registration', () => {
  it('[AS-15] answers 201 with what was registered, and gives a public client no secret', async () => {
    const { status, body, headers } = await client.postJson('/register', {
      client_name: 'An application',
      redirect_uris: ['http://127.0.0.1:3334/oauth/callback'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'native',
      software_id: 'something-unknown',
    });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(body).toMatchObject({
      client_id: expect.any(String),
      redirect_uris: ['http://127.0.0.1:3334/oauth/callback'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      client_name: 'An application',
    });
    expect(body).not.toHaveProperty('client_secret');
  });

  it.each([
    ['native, said so', { ...NATIVE, application_type: 'native' }],
    ['web, and yet on loopback', { ...NATIVE, application_type: 'web', token_endpoint_auth_method: 'none' }],
    ['without application_type', NATIVE],
    ['without a name', { redirect_uris: ['http://localhost:1/cb'] }],
    ['with nulls where nothing is meant', { ...NATIVE, client_name: null, scope: null, grant_types: null }],
  ])('[C2, AS-15] takes a client that is %s', async (_name, metadata) => {
    const { status, body } = await client.postJson('/register', metadata);
    expect(status).toBe(201);
    expect(body.token_endpoint_auth_method).toBe('none');
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vbscript:x',
    'blob:https://example.com/1',
    'http://example.com/callback',
    'http://192.168.1.5/callback',
    'https://user:pass@example.com/callback',
    'https://example.com/callback#x',
    'https://example.com/a/../b',
    'https://example.com\\@evil.example/',
    'not a url',
    '',
  ])('[AS-5, G7] refuses the redirect URI "%s"', async (uri) => {
    const answer = await client.postJson('/register', { redirect_uris: ['http://127.0.0.1/cb', uri] });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } });
  });

  it.each([
    ['no redirect URIs', {}, 'invalid_redirect_uri'],
    ['redirect URIs that are no list', { redirect_uris: 'http://127.0.0.1/' }, 'invalid_redirect_uri'],
    ['a list', [NATIVE], 'invalid_client_metadata'],
    [
      'an unknown way to authenticate',
      { ...NATIVE, token_endpoint_auth_method: 'magic' },
      'invalid_client_metadata',
    ],
    ['no code grant', { ...NATIVE, grant_types: ['password'] }, 'invalid_client_metadata'],
  ])('[AS-15, E2] refuses %s with the code of RFC 7591', async (_name, metadata, error) => {
    const answer = await client.postJson('/register', metadata);
    expect(answer).toMatchObject({ status: 400, body: { error } });
  });

  it('[AS-15] can not be rewritten or guessed: a changed id is an unknown client', async () => {
    const { id } = await client.register();
    const [prefix, payload = '', mac = ''] = id.split('.');
    const changed = Buffer.from(payload, 'base64url')
      .toString()
      .replace('127.0.0.1:41234', '127.0.0.1:41235');
    const forgeries = [
      `${prefix}.${Buffer.from(changed).toString('base64url')}.${mac}`,
      `${prefix}.${payload}.${'A'.repeat(mac.length)}`,
      `${id}=`,
      id.toLowerCase(),
    ];
    for (const forged of forgeries) {
      const answer = await client.get(
        client.authorizationUrl({ id: forged, redirectUri: 'http://127.0.0.1:41235/callback' }),
      );
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.status).toBeLessThan(500);
      const incident = /Incident <code>(\w+)/.exec(answer.text)?.[1] ?? '';
      expect((await server.incident(incident)).reason).toBe('client.unknown');
    }
  });

  it('[G8] reads no body without a limit, and none of another kind', async () => {
    const headers = { 'content-type': 'application/json' };
    const post = async (init: RequestInit) =>
      (await readAnswer(await fetch(`${server.url}/register`, { method: 'POST', headers, ...init }))).status;
    expect(await post({ body: JSON.stringify({ ...NATIVE, client_uri: 'x'.repeat(200_000) }) })).toBe(413);
    expect(await post({ body: '{' })).toBe(400);
    expect(await post({ body: JSON.stringify(NATIVE), headers: { 'content-type': 'text/plain' } })).toBe(415);
    expect(await post({ body: Buffer.from([0xff, 0xfe]) })).toBe(400);
    const large = { port: server.port, method: 'POST', path: '/register', body: ' '.repeat(400_000) };
    const chunked = await rawRequest({ ...large, headers: { ...headers, 'transfer-encoding': 'chunked' } });
    expect(chunked.status).toBe(413);
    // The connections are as good as before.
    expect(await post({ body: JSON.stringify(NATIVE) })).toBe(201);
  });

  it('[G8] of the same client a thousand times stores nothing and gives one id', async () => {
    const ids = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => client.register()));
      for (const { id } of answers) ids.add(id);
    }
    expect(ids.size).toBe(1);
  });
});

describe('the token endpoint', () => {
  it.each([
    ['JSON', 'application/json', '{"grant_type":"authorization_code"}', 415],
    ['no grant type', 'application/x-www-form-urlencoded', 'client_id=a', 400],
    [
      'a parameter twice',
      'application/x-www-form-urlencoded',
      'grant_type=refresh_token&grant_type=refresh_token',
      400,
    ],
  ])('[AS-9, E2] refuses %s with invalid_request', async (_name, type, body, status) => {
    const init = { method: 'POST', body, headers: { 'content-type': type } };
    const answer = await readAnswer(await fetch(`${server.url}/token`, init));
    expect(answer).toMatchObject({ status, body: { error: 'invalid_request' } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    [
      'another grant',
      { grant_type: 'password', username: 'a', password: 'b' },
      400,
      'unsupported_grant_type',
    ],
    [
      'an unknown client',
      { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'nobody' },
      401,
      'invalid_client',
    ],
    [
      'a made-up code',
      { grant_type: 'authorization_code', code: 'x', code_verifier: 'v'.repeat(43) },
      400,
      'invalid_grant',
    ],
    ['a made-up refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant'],
    ['no verifier', { grant_type: 'authorization_code', code: 'x' }, 400, 'invalid_request'],
  ])(
    '[AS-9, AS-2, E1] refuses %s with the code of RFC 6749, and says why in the log',
    async (_name, fields, status, error) => {
      const { id } = await client.register();
      const answer = await client.token({ client_id: id, ...fields });
      expect(answer).toMatchObject({ status, body: { error } });
      const incident = /incident (\w+)\)/.exec(String(answer.body.error_description))?.[1] ?? '';
      expect(answer.headers.get('x-incident-id')).toBe(incident);
      expect(await server.incident(incident)).toMatchObject({
        event: 'request.refused',
        at: 'token',
        reason: expect.any(String),
      });
    },
  );

  it('[AS-9] answers no other method', async () => {
    const answer = await client.get('/token');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
  });
});

describe('introspection', () => {
  it('[AS-19] answers those who may ask, and tells others nothing', async () => {
    const asker = { id: 'reports', secret: 'reports-secret-0123456789abcdef' };
    const second = await startPortcullis({
      env: { PORTCULLIS_INTROSPECTION_CLIENTS: JSON.stringify([asker]) },
    });
    const client = plainClient(second.url);
    const { tokens, client: own } = await client.logIn({ person: 'bob' });
    const token = tokens.access_token;
    const good = { authorization: `Basic ${Buffer.from(`${asker.id}:${asker.secret}`).toString('base64')}` };
    const known = await client.post('/introspect', { token }, good);
    expect(known.body).toMatchObject({ active: true, client_id: own.id, scope: 'mcp:read', iss: second.url });
    expect((await client.post('/introspect', { token: `${token}x` }, good)).body).toEqual({ active: false });
    const stranger = await client.register({ client_name: 'Stranger' });
    expect((await client.post('/introspect', { token, client_id: stranger.id })).body).toEqual({
      active: false,
    });
    expect((await client.post('/introspect', { token })).status).toBe(401);
    await client.post('/revoke', { token, client_id: own.id });
    expect((await client.post('/introspect', { token }, good)).body).toEqual({ active: false });
    await second.stop();
  });
});

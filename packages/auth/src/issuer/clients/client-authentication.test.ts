import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { outcome } from '../../sessions/replicas.contract.ts';
import { clientAssertions } from './client-assertion.ts';
import { authenticateClient } from './client-authentication.ts';
import { clientPolicy } from './client-policy.ts';
import { clientRegistry } from './client-registry.ts';
import { assertionClaims, assertionFields, clientSigner } from './client-signer.contract.ts';
import { staticClients } from './static-clients.ts';

const redirectUris = ['https://app.example.com/cb'];
const basic = (id: string, secret: string) =>
  new Headers({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  });
const none = new Headers();
const prove = (headers: Headers, fields: Record<string, string> = {}) =>
  outcome(
    authenticateClient(context, {
      headers,
      form: new URLSearchParams(fields),
      ours: namesAt('/token'),
      address: undefined,
    }),
  );
const clock = manualClock();
const signer = await clientSigner('ES256', 'client');
const foreign = await clientSigner('ES256', 'other');
const staticKeys = { keys: [signer.publicJwk] };
const used = new Map<string, number>();
const assertions = clientAssertions({
  clock,
  count: async (key) => {
    used.set(key, (used.get(key) ?? 0) + 1);
    return used.get(key)!;
  },
});
const registry = clientRegistry(
  [
    staticClients([
      { id: 'public', redirectUris },
      { id: 'confidential', secret: 's3cret:with colon', redirectUris },
      { id: 'signing', jwks: staticKeys, redirectUris },
      { id: 'signing-too', jwks: { keys: [foreign.publicJwk] }, redirectUris },
    ]),
  ],
  clientPolicy({}),
);
const ISSUER = 'https://mcp.example';
const namesAt = (endpoint: string) => [ISSUER, `${ISSUER}/token`, ISSUER + endpoint];
const context = { clients: registry, assertions };

describe('the client of a request', () => {
  it('is public by its id alone, also when it sends a secret it does not have', async () => {
    expect(await prove(none, { client_id: 'public' })).toBe('ok');
    expect(await prove(basic('public', ''))).toBe('ok');
    expect(await prove(none, { client_id: 'public', client_secret: 'x' })).toBe('ok');
  });

  it('is confidential by its secret, in the header or in the form, and by nothing less', async () => {
    expect(await prove(basic('confidential', 's3cret:with colon'))).toBe('ok');
    expect(await prove(none, { client_id: 'confidential', client_secret: 's3cret:with colon' })).toBe('ok');
    expect(await prove(basic('confidential', 's3cret:with colon'), { client_id: 'confidential' })).toBe('ok');
    for (const attempt of [
      prove(none, { client_id: 'confidential' }),
      prove(none, { client_id: 'confidential', client_secret: '' }),
      prove(none, { client_id: 'confidential', client_secret: 's3cret' }),
      prove(basic('confidential', '')),
      prove(basic('confidential', 'S3cret:with colon')),
    ])
      expect(await attempt).toBe('client.authentication-failed');
  });

  it('says who it is in one way', async () => {
    const right = basic('confidential', 's3cret:with colon');
    expect(await prove(right, { client_secret: 'x' })).toBe('request.two-credentials');
    expect(await prove(right, { client_id: 'public' })).toBe('request.two-credentials');
    expect(await prove(none)).toBe('request.missing-parameter');
    expect(await prove(none, { client_id: 'nobody' })).toBe('client.unknown');
    expect(await prove(new Headers({ authorization: 'Bearer x' }), { client_id: 'public' })).toBe(
      'client.authentication-method',
    );
    expect(await prove(none, { client_id: 'public', client_assertion: 'x' })).toBe(
      'client.authentication-method',
    );
  });
});

describe('a client that signs', () => {
  const claims = (over: Record<string, unknown> = {}, id = 'signing') =>
    assertionClaims(id, ISSUER, clock.now() / 1000, over);
  const send = async (
    token: Promise<string>,
    fields: Record<string, string> = {},
    headers = none,
    endpoint = '/token',
  ) => {
    const form = new URLSearchParams({ ...assertionFields(await token), ...fields });
    return outcome(
      authenticateClient(context, { headers, form, ours: namesAt(endpoint), address: undefined }),
    );
  };

  it('is proven by its assertion, with or without its id beside', async () => {
    expect(await send(signer.sign(claims()))).toBe('ok');
    expect(await send(signer.sign(claims()), { client_id: 'signing' })).toBe('ok');
    expect(await send(signer.sign(claims()), { client_secret: '' })).toBe('ok');
  });

  it('may name the issuer, the token endpoint, or the endpoint it asks, exactly', async () => {
    const at = (aud: unknown, endpoint?: string) => send(signer.sign(claims({ aud })), {}, none, endpoint);
    expect(await at('https://mcp.example/token')).toBe('ok');
    expect(await at('https://mcp.example/token', '/revoke')).toBe('ok');
    expect(await at('https://mcp.example/revoke', '/revoke')).toBe('ok');
    expect(await at(['https://mcp.example/introspect'], '/introspect')).toBe('ok');
    for (const attempt of [
      at('https://mcp.example/revoke'),
      at('https://mcp.example/introspect', '/revoke'),
      at('https://mcp.example/'),
      at('https://mcp.example/token/'),
      at('https://other.example'),
    ])
      expect(await attempt).toBe('client.assertion');
  });

  it('is proven by nothing less, and by no assertion of another client', async () => {
    for (const attempt of [
      prove(none, { client_id: 'signing' }),
      prove(none, { client_id: 'signing', client_secret: 'x' }),
      prove(basic('signing', 'x')),
      prove(basic('signing', '')),
      send(foreign.sign(claims())),
    ])
      expect(await attempt).toBe('client.authentication-failed');
    expect(await send(foreign.sign(claims({}, 'signing-too')), { client_id: 'signing' })).toBe(
      'client.assertion',
    );
    expect(await send(signer.sign(claims({}, 'nobody')))).toBe('client.unknown');
  });

  it('is refused again with the same assertion', async () => {
    const token = signer.sign(claims());
    expect(await send(token)).toBe('ok');
    expect(await send(token)).toBe('client.assertion-replayed');
  });

  it('is the only kind of client that may send an assertion', async () => {
    for (const id of ['public', 'confidential'])
      expect(await send(signer.sign(claims({}, id)))).toBe('client.authentication-method');
  });

  it('shows who it is in one way', async () => {
    const token = signer.sign(claims());
    expect(await send(token, { client_secret: 'x' })).toBe('request.two-credentials');
    expect(await send(token, {}, basic('signing', 'x'))).toBe('request.two-credentials');
    expect(await send(token, {}, basic('signing', ''))).toBe('request.two-credentials');
    expect(await send(token)).toBe('ok');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { call, RelyingParty } from '../relying-party.ts';
import { type PropelAuthOptions, startPropelAuth } from './propelauth.ts';

let running: Awaited<ReturnType<typeof startPropelAuth>> | undefined;
afterEach(() => running?.close());

const NOW = 1_800_000_000;
const ALICE = 'alice@acme.example';
const REQUEST = { scope: 'read:user_data', resource: 'https://mcp.acme.example/mcp' };

async function start(options: PropelAuthOptions = {}) {
  await running?.close();
  running = await startPropelAuth(options);
  const { consoleValues, redirectUris, issuer, registration } = running;
  const app = new RelyingParty({
    authorize: `${issuer}/authorize`,
    token: `${issuer}/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  const validator = app.with({
    clientId: consoleValues.introspectionClientId,
    clientSecret: consoleValues.introspectionClientSecret,
    authentication: 'basic',
  });
  const introspect = (token: string, by = validator) => by.post({ token }, `${issuer}/introspect`);
  const register = (metadata: Readonly<Record<string, unknown>>) =>
    call(registration, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
  return { ...running, app, validator, introspect, register };
}

const error = (location: URL | undefined) => location?.searchParams.get('error');

describe('tokens', () => {
  it('say nothing; who introspects them learns for whom and for what they are', async () => {
    const { app, introspect, consoleValues } = await start({ nowSeconds: () => NOW });
    const both = 'read:user_data tools:execute';
    const tokens = await app.tokens({ ...REQUEST, scope: both }, ALICE);
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 5400,
      scope: both,
    });
    expect((await introspect(tokens.access_token)).json).toEqual({
      active: true,
      sub: '31c41c16-c281-44ae-9602-8a047e3bf33d',
      client_id: consoleValues.clientId,
      scope: both,
      token_type: 'Bearer',
      iat: NOW,
      exp: NOW + 5400,
      aud: REQUEST.resource,
      org_id: '1189c444-8a2d-4c41-8b4b-ae43ce79a492',
    });
    const bob = await app.tokens(REQUEST, 'bob@mail.example');
    expect((await introspect(bob.access_token)).json).not.toHaveProperty('org_id');
  });

  it('are introspected with credentials for that alone, sent with Basic', async () => {
    const { app, validator, introspect } = await start();
    const { access_token: token } = await app.tokens(REQUEST, ALICE);
    const others = [
      app.with({ authentication: 'basic' }),
      validator.with({ authentication: 'post' }),
      validator.with({ clientSecret: 'wrong' }),
    ];
    for (const other of others) {
      const { status, json } = await introspect(token, other);
      expect([status, json.error]).toEqual([401, 'invalid_client']);
    }
    expect((await validator.ask(REQUEST)).status).toBe(400);
  });

  it('are inactive when they are unknown, ended, late, or for refreshing', async () => {
    let now = NOW;
    const { app, introspect, endSessions } = await start({ nowSeconds: () => now });
    const tokens = await app.tokens(REQUEST, ALICE);
    const inactive = { active: false };
    expect((await introspect('unknown')).json).toEqual(inactive);
    expect((await introspect(tokens.refresh_token!)).json).toEqual(inactive);
    now += 5399;
    expect((await introspect(tokens.access_token)).json.active).toBe(true);
    now += 1;
    expect((await introspect(tokens.access_token)).json).toEqual(inactive);
    const { json } = await app.refresh(tokens.refresh_token);
    expect((await introspect(json.access_token as string)).json.active).toBe(true);
    endSessions(ALICE);
    expect((await introspect(json.access_token as string)).json).toEqual(inactive);
  });
});

describe('requests', () => {
  it('name one resource, and known scopes', async () => {
    const { app } = await start();
    expect(error((await app.ask({ scope: 'read:user_data' })).location)).toBe('invalid_request');
    expect(error((await app.ask({ ...REQUEST, resource: 'no' })).location)).toBe('invalid_target');
    const twice = await call(`${app.url(REQUEST)}&resource=https://other.example/`);
    expect(error(twice.location)).toBe('invalid_target');
    expect(error((await app.ask({ ...REQUEST, scope: 'openid' })).location)).toBe('invalid_scope');
    expect((await app.ask({ ...REQUEST, scope: 'tools:execute' })).status).toBe(200);
    expect((await app.ask({ ...REQUEST, scope: '' })).status).toBe(200);
  });
});

describe('the server', () => {
  it('is found in front of the path, and nowhere else', async () => {
    const real = await start({ dynamicRegistration: true, addresses: 'real' });
    const place = 'https://auth.acme.example/.well-known/oauth-authorization-server/oauth/2.1';
    expect((await call(real.reach(place))).json).toEqual({
      issuer: 'https://auth.acme.example/oauth/2.1',
      authorization_endpoint: 'https://auth.acme.example/oauth/2.1/authorize',
      token_endpoint: 'https://auth.acme.example/oauth/2.1/token',
      introspection_endpoint: 'https://auth.acme.example/oauth/2.1/introspect',
      registration_endpoint: 'https://auth.acme.example/oauth/2.1/register',
      scopes_supported: ['read:user_data', 'tools:execute'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
    });
    const { origin, issuer } = await start();
    for (const other of [
      `${origin}/.well-known/oauth-authorization-server`,
      `${issuer}/.well-known/openid-configuration`,
    ]) {
      expect((await call(other)).status).toBe(404);
    }
    const plain = await start();
    const { json: without } = await call(`${plain.origin}/.well-known/oauth-authorization-server/oauth/2.1`);
    expect(without).not.toHaveProperty('registration_endpoint');
    expect((await plain.register({ redirect_uris: plain.redirectUris })).status).toBe(404);
  });

  it('has clients without a secret', async () => {
    const { app } = await start({ publicClient: true });
    expect((await app.tokens(REQUEST, ALICE)).refresh_token).toBeDefined();
  });

  it.each(['none', 'client_secret_basic', 'client_secret_post'])('registers clients: %s', async (method) => {
    const { app, register, redirectUris } = await start({ dynamicRegistration: true, nowSeconds: () => NOW });
    const asked = { redirect_uris: redirectUris, token_endpoint_auth_method: method };
    const { status, json } = await register({ ...asked, client_name: 'Tool', scope: 'read:user_data' });
    expect([status, json]).toMatchObject([
      201,
      { ...asked, client_name: 'Tool', scope: 'read:user_data', client_id_issued_at: NOW },
    ]);
    for (const name of ['client_secret', 'client_secret_expires_at']) {
      expect(name in json).toBe(method !== 'none');
    }
    expect(json.client_secret_expires_at ?? 0).toBe(0);
    const client = app.with({
      clientId: json.client_id as string,
      clientSecret: json.client_secret as string,
      authentication: method === 'client_secret_basic' ? 'basic' : 'post',
    });
    expect((await client.tokens(REQUEST, ALICE)).access_token).toBeDefined();
  });

  it('registers no client for an address that nobody allowed', async () => {
    const { register, redirectUris } = await start({ dynamicRegistration: true });
    for (const uris of [[], ['https://elsewhere.example/callback'], [...redirectUris, 'no']]) {
      const { status, json } = await register({ redirect_uris: uris });
      expect([status, json.error]).toEqual([400, 'invalid_redirect_uri']);
    }
    const method = { redirect_uris: redirectUris, token_endpoint_auth_method: 'private_key_jwt' };
    const { status, json } = await register(method);
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata']);
  });
});

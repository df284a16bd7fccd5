import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { CHALLENGE, call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type Auth0Options, startAuth0 } from './auth0.ts';

type Running = Awaited<ReturnType<typeof startAuth0>>;
let running: Running | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const BOB = 'bob@gmail.example';
const API = 'https://mcp.acme.example/mcp';

async function start(options: Auth0Options = {}) {
  running = await startAuth0(options);
  const { consoleValues, redirectUris, origin } = running;
  const app = new RelyingParty({
    authorize: `${origin}/authorize`,
    token: `${origin}/oauth/token`,
    clientId: consoleValues.clientId,
    clientSecret: consoleValues.clientSecret,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app };
}

describe('the audience', () => {
  it('makes an access token a JWT, for the API and userinfo', async () => {
    const { app, issuer, place } = await start();
    const tokens = await app.tokens({ audience: API, scope: 'openid mcp:read' }, ALICE);
    const { payload } = await jwtVerify(
      tokens.access_token,
      createRemoteJWKSet(new URL(place('https://acme.eu.auth0.com/.well-known/jwks.json'))),
    );
    expect(payload).toMatchObject({
      iss: issuer,
      sub: 'auth0|6540f0e2a1b2c3d4e5f60001',
      aud: [API, `${issuer}userinfo`],
      azp: app.options.clientId,
      scope: 'openid mcp:read',
    });
    expect(issuer.endsWith('/')).toBe(true);
    expect(tokens.expires_in).toBe(86_400);
  });

  it('is one text without openid', async () => {
    const { app } = await start();
    const tokens = await app.tokens({ audience: API, scope: 'mcp:read' }, ALICE);
    expect(claims(tokens.access_token).aud).toBe(API);
  });

  it('is not there: the access token is opaque, of five parts', async () => {
    const { app, place } = await start();
    const tokens = await app.tokens({ scope: 'openid email mcp:read' }, ALICE);
    expect(tokens.access_token.split('.')).toHaveLength(5);
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'dir' });
    expect(tokens.scope).toBe('openid email');
    const userinfo = await withToken(place('https://acme.eu.auth0.com/userinfo'), tokens.access_token);
    expect(userinfo.json).toMatchObject({ email: ALICE, email_verified: true });
  });

  it.each([`${API}/`, 'https://MCP.acme.example/mcp'])('is compared to the letter: %s', async (audience) => {
    const { app } = await start();
    const { location } = await app.ask({ audience, scope: 'openid' });
    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('error_description')).toBe(`Service not found: ${audience}`);
  });
});

describe('resource', () => {
  it('is ignored without the compatibility profile', async () => {
    const { app } = await start();
    const tokens = await app.tokens({ resource: API, scope: 'openid' }, ALICE);
    expect(tokens.access_token.split('.')).toHaveLength(5);
  });

  it('stands for the audience with it, and an unknown one is refused', async () => {
    const { app } = await start({ resourceProfile: true });
    const tokens = await app.tokens({ resource: API, scope: 'mcp:read' }, ALICE);
    expect(claims(tokens.access_token).aud).toBe(API);
    const { location } = await app.ask({ resource: 'https://other.example', scope: 'mcp:read' });
    expect(location?.searchParams.get('error_description')).toBe('Service not found: https://other.example');
  });

  it('gives way to the audience', async () => {
    const { app } = await start({ resourceProfile: true });
    const asked = { resource: 'https://other.example', audience: API, scope: 'mcp:read' };
    expect(claims((await app.tokens(asked, ALICE)).access_token).aud).toBe(API);
  });
});

describe('the API', () => {
  it('gives scopes by role, and all permissions in their claim', async () => {
    const { app } = await start({ permissionsInToken: true });
    const asked = { audience: API, scope: 'openid mcp:write' };
    expect(claims((await app.tokens(asked, BOB)).access_token)).toMatchObject({
      scope: 'openid',
      permissions: ['mcp:read'],
    });
    expect(claims((await app.tokens(asked, ALICE)).access_token)).toMatchObject({
      scope: 'openid mcp:write',
      permissions: ['mcp:read', 'mcp:write'],
    });
  });

  it('has no permissions claim by itself', async () => {
    const { app } = await start();
    const token = claims((await app.tokens({ audience: API, scope: 'mcp:write' }, BOB)).access_token);
    expect(token).not.toHaveProperty('permissions');
    expect(token.scope).toBe('mcp:write');
  });

  it('can use the RFC 9068 profile', async () => {
    const { app } = await start({ tokenProfile: 'rfc9068' });
    const { access_token: token } = await app.tokens({ audience: API, scope: 'mcp:read' }, ALICE);
    expect(decodeProtectedHeader(token).typ).toBe('at+jwt');
    expect(claims(token)).toMatchObject({ client_id: app.options.clientId, jti: expect.any(String) });
    expect(claims(token)).not.toHaveProperty('azp');
  });

  it('must allow offline access', async () => {
    const { app } = await start({ offlineAccess: false });
    const tokens = await app.tokens({ audience: API, scope: 'openid offline_access' }, ALICE);
    expect(tokens).not.toHaveProperty('refresh_token');
  });
});

describe('people', () => {
  it('have an unverified e-mail and no preferred_username, and roles in a namespace', async () => {
    const { app } = await start();
    const bob = claims((await app.tokens({ scope: 'openid profile email', nonce: 'n' }, BOB)).id_token);
    expect(bob).toMatchObject({ email_verified: false, nickname: 'bob', nonce: 'n' });
    expect(bob.sub).toBe('google-oauth2|108204268033311374519');
    expect(bob).not.toHaveProperty('preferred_username');
    const alice = claims((await app.tokens({ scope: 'openid' }, ALICE)).id_token);
    expect(alice['https://acme.example/roles']).toEqual(['analyst', 'admin']);
    expect(alice).not.toHaveProperty('email');
  });
});

describe('refresh', () => {
  it('needs offline_access', async () => {
    const { app } = await start();
    expect(await app.tokens({ audience: API, scope: 'openid' }, ALICE)).not.toHaveProperty('refresh_token');
  });

  it('rotates, and a second use ends the family', async () => {
    const { app } = await start();
    const first = await app.tokens({ audience: API, scope: 'openid offline_access' }, ALICE);
    const second = await app.refresh(first.refresh_token);
    const newer = second.json.refresh_token as string;
    expect(newer).not.toBe(first.refresh_token);
    const again = await app.refresh(first.refresh_token);
    expect([again.status, again.json.error]).toEqual([403, 'invalid_grant']);
    expect(again.json.error_description).toBe('Unknown or invalid refresh token.');
    expect((await app.refresh(newer)).status).toBe(403);
  });

  it('ends with the revocation of the refresh token; access tokens can not be revoked', async () => {
    const { app, origin } = await start();
    const tokens = await app.tokens({ audience: API, scope: 'openid offline_access' }, ALICE);
    const access = await app.post({ token: tokens.access_token }, `${origin}/oauth/revoke`);
    expect(access.json.error).toBe('unsupported_token_type');
    expect((await app.post({ token: tokens.refresh_token! }, `${origin}/oauth/revoke`)).status).toBe(200);
    expect((await app.refresh(tokens.refresh_token)).status).toBe(403);
  });
});

describe('refusals', () => {
  it('of a client are access_denied', async () => {
    const { app } = await start();
    const wrong = app.with({ clientSecret: 'wrong' });
    const { status, json } = await wrong.redeem(await app.code({ scope: 'openid' }, ALICE));
    expect([status, json]).toEqual([401, { error: 'access_denied', error_description: 'Unauthorized' }]);
    const basic = await app
      .with({ authentication: 'basic' })
      .redeem(await app.code({ scope: 'openid' }, ALICE));
    expect(basic.status).toBe(401);
  });

  it('of a code have status 403', async () => {
    const { app } = await start();
    const code = await app.code({ scope: 'openid' }, ALICE);
    const wrongVerifier = await app.redeem(code, { code_verifier: CHALLENGE });
    expect([wrongVerifier.status, wrongVerifier.json.error_description]).toEqual([
      403,
      'Failed to verify code verifier',
    ]);
    expect((await app.redeem(code)).status).toBe(200);
    const used = await app.redeem(code);
    expect([used.status, used.json.error]).toEqual([403, 'invalid_grant']);
    expect((await app.redeem(await app.code({}, ALICE), { redirect_uri: 'https://x.example' })).status).toBe(
      403,
    );
  });

  it('of an address or client stay on a page', async () => {
    const { app } = await start();
    const redirect = await app.ask({ redirect_uri: 'https://elsewhere.example/callback' });
    expect([redirect.status, redirect.text]).toEqual([403, expect.stringContaining('Callback URL mismatch')]);
    const client = await app.ask({ client_id: 'unknown' });
    expect([client.status, client.text]).toEqual([400, expect.stringContaining('Unknown client: unknown')]);
  });

  it('of registration: it is off', async () => {
    const { origin } = await start();
    expect((await call(`${origin}/oidc/register`, { method: 'POST' })).status).toBe(404);
  });
});

describe('registration', () => {
  const redirectUri = 'http://127.0.0.1:9/callback';
  const register = (origin: string, metadata: object) =>
    call(`${origin}/oidc/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'One', redirect_uris: [redirectUri], ...metadata }),
    });

  it('makes a client with a secret in the body, or one without', async () => {
    const { origin, app } = await start({ registration: true });
    for (const [asked, method] of [
      [{}, 'client_secret_post'],
      [{ token_endpoint_auth_method: 'none' }, 'none'],
    ] as const) {
      const { status, json } = await register(origin, asked);
      expect([status, json.token_endpoint_auth_method]).toEqual([201, method]);
      expect(json.client_secret === undefined).toBe(method === 'none');
      const clientSecret = json.client_secret as string | undefined;
      const client = app.with({ clientId: String(json.client_id), clientSecret, redirectUri });
      expect((await client.tokens({ scope: 'openid' }, ALICE)).access_token).toBeTruthy();
    }
  });

  it('knows no other way to show a secret', async () => {
    const { origin } = await start({ registration: true });
    const { status, json } = await register(origin, { token_endpoint_auth_method: 'client_secret_basic' });
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata']);
  });
});

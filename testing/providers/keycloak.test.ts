import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type KeycloakOptions, startKeycloak } from './keycloak.ts';

let running: Awaited<ReturnType<typeof startKeycloak>> | undefined;
afterEach(() => running?.close());

async function start(options: KeycloakOptions = {}) {
  await running?.close();
  running = await startKeycloak(options);
  const { consoleValues, redirectUris, issuer } = running;
  const base = `${issuer}/protocol/openid-connect`;
  const app = new RelyingParty({
    authorize: `${base}/auth`,
    token: `${base}/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app, base };
}

describe('access tokens', () => {
  it('are for «account» until a mapper says more', async () => {
    const { app, issuer, base } = await start();
    const tokens = await app.tokens({ scope: 'openid mcp:read' }, 'alice');
    const { payload } = await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL(`${base}/certs`)));
    expect(payload).toMatchObject({
      iss: issuer,
      aud: 'account',
      typ: 'Bearer',
      azp: 'mcp-server',
      realm_access: { roles: ['analyst', 'offline_access'] },
    });
    expect(payload).not.toHaveProperty('groups');
    expect(tokens.expires_in).toBe(300);
    const mapped = await start({ audience: 'https://mcp.example/mcp', groupsMapper: true });
    expect(claims((await mapped.app.tokens({ scope: 'openid' }, 'alice')).access_token)).toMatchObject({
      aud: ['https://mcp.example/mcp', 'account'],
      groups: ['/analysts', '/staff/data'],
    });
  });

  it('open userinfo with openid only', async () => {
    const { app, base } = await start();
    const bare = await app.tokens({ scope: 'mcp:read' }, 'bob');
    expect((await withToken(`${base}/userinfo`, bare.access_token)).status).toBe(403);
    const full = await app.tokens({ scope: 'openid' }, 'bob');
    expect((await withToken(`${base}/userinfo`, full.access_token)).json).toMatchObject({
      preferred_username: 'bob',
      email_verified: false,
    });
  });
});

describe('refresh tokens', () => {
  it('come unasked, change with use, and offline ones need a role', async () => {
    const { app } = await start();
    const { refresh_token: first } = await app.tokens({ scope: 'openid' }, 'bob');
    expect((await app.refresh(first)).json.refresh_token).not.toBe(first);
    expect((await app.refresh(first)).status).toBe(200);
    const refused = await app.redeem(await app.code({ scope: 'openid offline_access' }, 'bob'));
    expect([refused.status, refused.json.error]).toEqual([400, 'not_allowed']);
    await app.tokens({ scope: 'openid offline_access' }, 'alice');
  });

  it('end with the session', async () => {
    const { app, endSessions, base } = await start();
    const tokens = await app.tokens({ scope: 'openid' }, 'alice');
    const look = async () =>
      (await app.post({ token: tokens.access_token }, `${base}/token/introspect`)).json.active;
    expect(await look()).toBe(true);
    endSessions('alice');
    expect((await app.refresh(tokens.refresh_token)).json.error_description).toBe('Token is not active');
    expect(await look()).toBe(false);
  });

  it('can be revoked', async () => {
    const { app, base } = await start();
    const tokens = await app.tokens({ scope: 'openid' }, 'alice');
    expect((await app.post({ token: tokens.access_token }, `${base}/revoke`)).status).toBe(200);
    expect((await withToken(`${base}/userinfo`, tokens.access_token)).status).toBe(401);
    await app.post({ token: tokens.refresh_token! }, `${base}/revoke`);
    expect((await app.refresh(tokens.refresh_token)).status).toBe(400);
  });
});

describe('refusals', () => {
  it('of a code have their texts', async () => {
    let now = 1_800_000_000;
    const { app } = await start({ nowSeconds: () => now });
    const code = await app.code({ scope: 'openid' }, 'alice');
    const why = async (form: Record<string, string>) => (await app.redeem(code, form)).json.error_description;
    expect(await why({ code_verifier: '' })).toBe('PKCE code verifier not specified');
    expect(await why({ code_verifier: 'x' })).toBe('PKCE verification failed: Code mismatch');
    expect(await why({ redirect_uri: 'https://x.example' })).toBe('Incorrect redirect_uri');
    expect((await app.redeem(code)).status).toBe(200);
    expect(await why({})).toBe('Code not valid');
    const late = await app.code({ scope: 'openid' }, 'alice');
    now += 60;
    expect((await app.redeem(late)).json.error_description).toBe('Code not valid');
  });

  it('of a client are unauthorized_client', async () => {
    const { app } = await start();
    const { status, json } = await app.with({ clientSecret: 'x' }).redeem('x');
    expect([status, json.error]).toEqual([401, 'unauthorized_client']);
    await (await start({ publicClient: true })).app.tokens({ scope: 'openid' }, 'alice');
  });

  it('of scopes and addresses', async () => {
    const { app, redirectUris } = await start({ redirectUris: ['https://app.example/*'] });
    redirectUris.push('http://127.0.0.1:4000/auth/callback');
    const { location } = await app.ask({
      scope: 'openid unknown',
      redirect_uri: 'https://app.example/anything',
    });
    expect(location?.searchParams.get('error')).toBe('invalid_scope');
    const elsewhere = await app.ask({ scope: 'openid', redirect_uri: 'https://other.example/' });
    expect(elsewhere.text).toContain('Invalid parameter: redirect_uri');
    expect((await app.ask({ client_id: 'x' })).text).toContain('Client not found.');
  });
});

describe('the realm', () => {
  it('names itself in its answers', async () => {
    const { app, issuer } = await start();
    const { location } = await app.signIn({ scope: 'openid' }, 'alice');
    expect(location?.searchParams.get('iss')).toBe(issuer);
    const { json } = await call(`${issuer}/.well-known/openid-configuration`);
    expect(json).toMatchObject({ issuer, authorization_response_iss_parameter_supported: true });
  });
});

describe('registration', () => {
  const register = (issuer: string, metadata: object = {}) =>
    call(`${issuer}/clients-registrations/openid-connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://localhost:9/callback'], ...metadata }),
    });

  it('is for trusted hosts alone, and there are none at first', async () => {
    const policy = "Policy 'Trusted Hosts' rejected request";
    const closed = await register((await start()).issuer);
    expect([closed.status, closed.json.error_description]).toEqual([403, expect.stringContaining(policy)]);
    const { issuer } = await start({ trustedHosts: ['localhost'] });
    const elsewhere = await register(issuer, { redirect_uris: ['https://evil.example/callback'] });
    expect([elsewhere.status, elsewhere.json.error_description]).toEqual([
      403,
      expect.stringContaining(policy),
    ]);
    const unknown = await register(issuer, { scope: 'openid unheard-of' });
    expect(unknown.json.error_description).toContain('Allowed Client Scopes');
  });

  it('makes a client with a secret, unless it wants none', async () => {
    const { issuer, app } = await start({ trustedHosts: ['localhost'] });
    const { status, json } = await register(issuer, { scope: 'openid mcp:read' });
    expect([status, json.token_endpoint_auth_method]).toEqual([201, 'client_secret_basic']);
    const client = app.with({
      clientId: String(json.client_id),
      clientSecret: String(json.client_secret),
      redirectUri: 'http://localhost:9/callback',
      authentication: 'basic',
    });
    expect((await client.tokens({ scope: 'openid' }, 'alice')).refresh_token).toBeTruthy();
    const open = await register(issuer, { token_endpoint_auth_method: 'none' });
    expect(open.json).not.toHaveProperty('client_secret');
  });
});

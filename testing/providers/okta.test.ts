import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type OktaOptions, startOkta } from './okta.ts';

let running: Awaited<ReturnType<typeof startOkta>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';

async function start(options: OktaOptions = {}) {
  await running?.close();
  running = await startOkta(options);
  const { consoleValues, redirectUris, issuer } = running;
  const base = options.server === 'org' ? `${issuer}/oauth2` : issuer;
  const app = new RelyingParty({
    authorize: `${base}/v1/authorize`,
    token: `${base}/v1/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
    authentication: 'basic',
  });
  return { ...running, app, base };
}

const said = (location: URL | undefined) => location?.searchParams.get('error');

describe('a custom authorization server', () => {
  it('issues access tokens with a list of scopes, the login as subject and the id beside it', async () => {
    const { app, issuer, base } = await start();
    const tokens = await app.tokens({ scope: 'openid mcp:read' }, ALICE);
    const { payload } = await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL(`${base}/v1/keys`)));
    expect(payload).toMatchObject({
      iss: issuer,
      aud: 'api://default',
      cid: app.options.clientId,
      sub: ALICE,
      uid: '00uid4BxXw6I6TV4m0g3',
      scp: ['openid', 'mcp:read'],
    });
    expect(payload).not.toHaveProperty('scope');
    expect(payload).not.toHaveProperty('groups');
    expect(claims(tokens.id_token).sub).toBe('00uid4BxXw6I6TV4m0g3');
    expect(issuer).toMatch(/\/oauth2\/default$/);
  });

  it('has groups only when somebody configured them', async () => {
    const bare = await start();
    expect(said((await bare.app.ask({ scope: 'openid groups' })).location)).toBe('invalid_scope');
    const { app } = await start({ scopes: ['groups'], groupsClaim: true });
    expect(claims((await app.tokens({ scope: 'openid groups' }, ALICE)).access_token).groups).toEqual([
      'Everyone',
      'Analysts',
    ]);
  });

  it('needs an access policy for the application', async () => {
    const { app } = await start({ policy: false });
    expect(said((await app.ask({ scope: 'openid' })).location)).toBe('access_denied');
  });

  it('has metadata of both kinds, without its custom scopes', async () => {
    const { issuer } = await start();
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const { json } = await call(`${issuer}/.well-known/${name}`);
      expect(json.issuer).toBe(issuer);
      expect(json.scopes_supported).not.toContain('mcp:read');
    }
  });

  it('registers nobody without an API token', async () => {
    const { issuer } = await start();
    const { json } = await call(`${issuer}/.well-known/openid-configuration`);
    const answer = await call(json.registration_endpoint as string, { method: 'POST' });
    expect([answer.status, answer.json.errorCode]).toEqual([403, 'E0000005']);
  });
});

describe('the authorization server of the organisation', () => {
  it('issues access tokens for Okta itself, of another type', async () => {
    const { app, issuer, base } = await start({ server: 'org' });
    const { access_token: token } = await app.tokens({ scope: 'openid' }, ALICE);
    expect(claims(token)).toMatchObject({ iss: issuer, aud: issuer });
    const keys = createRemoteJWKSet(new URL(`${base}/v1/keys?client_id=${app.options.clientId}`));
    const { protectedHeader } = await jwtVerify(token, keys);
    expect(protectedHeader.typ).toBe('application/okta-internal-at+jwt');
  });

  it('tells the keys of an application only to who names it', async () => {
    const { app, base } = await start({ server: 'org' });
    const { id_token: token } = await app.tokens({ scope: 'openid' }, ALICE);
    await expect(jwtVerify(token!, createRemoteJWKSet(new URL(`${base}/v1/keys`)))).rejects.toThrow(
      'no applicable key',
    );
  });

  it('has groups in the ID token, up to a hundred', async () => {
    const { app, issuer } = await start({ server: 'org' });
    const asked = { scope: 'openid groups' };
    expect(claims((await app.tokens(asked, ALICE)).id_token).groups).toEqual(['Everyone', 'Analysts']);
    expect(said((await app.signIn(asked, 'carol@acme.example')).location)).toBe('invalid_request');
    expect(said((await app.ask({ scope: 'openid mcp:read' })).location)).toBe('invalid_scope');
    expect((await call(`${issuer}/.well-known/oauth-authorization-server`)).status).toBe(404);
  });
});

describe('authorization', () => {
  it.each([{ state: '' }, { scope: '' }])('needs state and scope: %j', async (parameters) => {
    const { app } = await start();
    const { location } = await app.ask({
      scope: 'openid',
      ...(parameters as unknown as Record<string, string>),
    });
    expect(said(location)).toBe('invalid_request');
  });

  it('takes S256, and needs it of public clients', async () => {
    const { app } = await start({ application: 'spa' });
    expect(said((await app.ask({ scope: 'openid', code_challenge_method: 'plain' })).location)).toBe(
      'invalid_request',
    );
    const none = { code_challenge: '', code_challenge_method: '' };
    expect(said((await app.ask({ scope: 'openid', ...none })).location)).toBe('invalid_request');
    const web = await start();
    expect((await web.app.ask({ scope: 'openid', ...none })).text).toContain('name="login"');
  });

  it('shows a page for unknown clients and addresses', async () => {
    const { app } = await start();
    expect((await app.ask({ scope: 'openid', client_id: 'x' })).text).toContain(
      "Invalid value for 'client_id'",
    );
    expect((await app.ask({ scope: 'openid', redirect_uri: 'https://x.example' })).text).toContain(
      'redirect_uri',
    );
  });
});

describe('clients', () => {
  it('authenticate as they are configured', async () => {
    const { app } = await start();
    const code = await app.code({ scope: 'openid' }, ALICE);
    const wrong = await app.with({ clientSecret: 'x' }).redeem(code);
    expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_client']);
    expect((await app.with({ authentication: 'post' }).redeem(code)).status).toBe(401);
    const posting = await start({ authentication: 'post' });
    expect((await posting.app.redeem(await posting.app.code({ scope: 'openid' }, ALICE))).status).toBe(401);
    const none = await posting.app.with({ clientSecret: undefined as unknown as string }).redeem(code);
    expect([none.status, none.json.error_description]).toEqual([401, 'No client credentials found.']);
    const spa = await start({ application: 'spa' });
    const shown = await spa.app
      .with({ clientSecret: 'x' })
      .redeem(await spa.app.code({ scope: 'openid' }, ALICE));
    expect([shown.status, shown.json.error]).toEqual([401, 'invalid_client']);
  });

  it('in a browser must use a challenge', async () => {
    const { app } = await start();
    const none = { code_challenge: '', code_challenge_method: '' };
    const code = await app.code({ scope: 'openid', ...none }, ALICE);
    const form = { grant_type: 'authorization_code', code, redirect_uri: app.options.redirectUri };
    const answer = await app.post(form, app.options.token, { origin: 'https://spa.example' });
    expect(answer.json.error_description).toContain('must use Proof Key for Code Exchange');
  });

  it('have sixty seconds for a code, once', async () => {
    let now = 1_800_000_000;
    const { app } = await start({ nowSeconds: () => now });
    const code = await app.code({ scope: 'openid' }, ALICE);
    expect((await app.redeem(code, { code_verifier: 'x' })).json.error_description).toBe(
      'PKCE verification failed.',
    );
    expect((await app.redeem(code)).status).toBe(200);
    expect((await app.redeem(code)).json.error).toBe('invalid_grant');
    const late = await app.code({ scope: 'openid' }, ALICE);
    now += 60;
    expect((await app.redeem(late)).json.error).toBe('invalid_grant');
  });
});

describe('refresh tokens', () => {
  it('need offline_access, and stay for a web application', async () => {
    const { app } = await start();
    expect(await app.tokens({ scope: 'openid' }, ALICE)).not.toHaveProperty('refresh_token');
    const { refresh_token: token } = await app.tokens({ scope: 'openid offline_access' }, ALICE);
    expect((await app.refresh(token)).json).not.toHaveProperty('refresh_token');
    expect((await app.refresh(token, { scope: 'openid mcp:write' })).json.error).toBe('invalid_scope');
  });

  it('rotate for a single-page application, and reuse ends all', async () => {
    const { app } = await start({ application: 'spa' });
    const { refresh_token: first } = await app.tokens({ scope: 'openid offline_access' }, ALICE);
    const second = (await app.refresh(first)).json.refresh_token as string;
    expect((await app.refresh(first)).json.error_description).toBe(
      'The refresh token is invalid or expired.',
    );
    expect((await app.refresh(second)).json.error).toBe('invalid_grant');
  });
});

describe('what is asked of a token', () => {
  it('userinfo wants a scope that it has claims for', async () => {
    const { app, base } = await start();
    const bare = await withToken(
      `${base}/v1/userinfo`,
      (await app.tokens({ scope: 'openid' }, ALICE)).access_token,
    );
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ]);
    const unknown = await withToken(`${base}/v1/userinfo`, 'unknown');
    expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="The access token is invalid"',
    ]);
    const full = await app.tokens({ scope: 'openid email profile' }, 'bob@acme.example');
    const { json } = await withToken(`${base}/v1/userinfo`, full.access_token);
    expect(json).toMatchObject({ email_verified: false, preferred_username: 'bob@acme.example' });
  });

  it('introspection and revocation take access and refresh tokens', async () => {
    const { app, base } = await start();
    const tokens = await app.tokens({ scope: 'openid offline_access' }, ALICE);
    const look = async (token: string) => (await app.post({ token }, `${base}/v1/introspect`)).json;
    expect(await look(tokens.access_token)).toMatchObject({
      active: true,
      uid: '00uid4BxXw6I6TV4m0g3',
      username: ALICE,
    });
    await app.post({ token: tokens.access_token }, `${base}/v1/revoke`);
    expect(await look(tokens.access_token)).toEqual({ active: false });
    expect(await look(tokens.refresh_token!)).toMatchObject({ active: true });
  });
});

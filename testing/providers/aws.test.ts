import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type AwsOptions, startAws } from './aws.ts';

let running: Awaited<ReturnType<typeof startAws>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const BOB = 'bob@acme.example';

async function start(options: AwsOptions = {}) {
  await running?.close();
  running = await startAws(options);
  const { consoleValues, redirectUris, place } = running;
  const at = (path: string) => place(`${consoleValues.domain}${path}`);
  const app = new RelyingParty({
    authorize: at('/oauth2/authorize'),
    token: at('/oauth2/token'),
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app, at };
}

const errorOf = (location: URL | undefined) => location?.searchParams.get('error');

describe('the access token', () => {
  it('names the client, the groups and its use, and has no audience', async () => {
    const { app, issuer } = await start();
    const tokens = await app.tokens({ scope: 'openid https://mcp.acme.example/mcp/read' }, ALICE);
    const { payload } = await jwtVerify(
      tokens.access_token,
      createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)),
    );
    expect(payload).toMatchObject({
      iss: issuer,
      client_id: app.options.clientId,
      token_use: 'access',
      'cognito:groups': ['admin', 'analysts'],
      username: 'alice',
      scope: 'openid https://mcp.acme.example/mcp/read',
    });
    expect(payload).not.toHaveProperty('aud');
    expect(payload).not.toHaveProperty('email');
    expect(tokens).not.toHaveProperty('scope');
    expect(tokens.expires_in).toBe(3600);
    expect(claims((await app.tokens({ scope: 'openid' }, BOB)).access_token)).not.toHaveProperty(
      'cognito:groups',
    );
  });

  it('is signed with another key than the ID token', async () => {
    const { app } = await start();
    const tokens = await app.tokens({ scope: 'openid' }, ALICE);
    const kid = (token: string | undefined) => decodeProtectedHeader(token!).kid;
    expect(kid(tokens.access_token)).not.toBe(kid(tokens.id_token));
    expect(decodeProtectedHeader(tokens.access_token)).not.toHaveProperty('typ');
  });

  it('has the resource as audience when one was asked for, and keeps it', async () => {
    const { app } = await start();
    const tokens = await app.tokens({ scope: 'openid', resource: 'https://any.example/mcp' }, ALICE);
    expect(claims(tokens.access_token).aud).toBe('https://any.example/mcp');
    const refreshed = await app.refresh(tokens.refresh_token);
    expect(claims(refreshed.json.access_token as string).aud).toBe('https://any.example/mcp');
    const lite = await start({ plan: 'lite' });
    const unbound = await lite.app.tokens({ scope: 'openid', resource: 'https://any.example/mcp' }, ALICE);
    expect(claims(unbound.access_token)).not.toHaveProperty('aud');
  });

  it.each(['http://mcp.example/mcp', 'mcp', 'http://localhost.example/'])(
    'refuses %s as resource',
    async (resource) => {
      const { app } = await start();
      expect(errorOf((await app.ask({ scope: 'openid', resource })).location)).toBe('invalid_request');
      expect((await app.ask({ scope: 'openid', resource: 'http://localhost:3000/mcp' })).status).toBe(200);
    },
  );
});

describe('scopes', () => {
  it.each(['openid offline_access', 'openid groups', 'email', 'profile'])('%s is refused', async (scope) => {
    const { app } = await start();
    expect(errorOf((await app.ask({ scope })).location)).toBe('invalid_scope');
  });

  it('are all of the app client when none is asked for', async () => {
    const { app } = await start();
    expect(claims((await app.tokens({ scope: '' }, ALICE)).access_token).scope).toContain(
      'https://mcp.acme.example/mcp/write',
    );
  });
});

describe('userInfo', () => {
  it('says of the verified e-mail in a text what the ID token says in a boolean', async () => {
    const { app, at } = await start();
    const tokens = await app.tokens({ scope: 'openid email', nonce: 'n' }, BOB);
    expect(claims(tokens.id_token)).toMatchObject({
      email_verified: false,
      token_use: 'id',
      nonce: 'n',
      'cognito:username': 'google_108204268033311374519',
    });
    const { json } = await withToken(at('/oauth2/userInfo'), tokens.access_token);
    expect(json).toMatchObject({ email_verified: 'false', username: 'google_108204268033311374519' });
  });

  it('wants a live token with openid', async () => {
    const { app, at } = await start();
    const bare = await app.tokens({ scope: 'aws.cognito.signin.user.admin' }, ALICE);
    expect(bare).not.toHaveProperty('id_token');
    const refused = await withToken(at('/oauth2/userInfo'), bare.access_token);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    const none = await call(at('/oauth2/userInfo'));
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      400,
      expect.stringContaining('invalid_request'),
    ]);
  });
});

describe('refresh and revocation', () => {
  it('gives no new refresh token, unless the app client rotates', async () => {
    const { app } = await start();
    const { refresh_token: token } = await app.tokens({ scope: 'openid' }, ALICE);
    expect((await app.refresh(token)).json).not.toHaveProperty('refresh_token');
    expect((await app.refresh(token)).status).toBe(200);
    const rotating = (await start({ rotation: true })).app;
    const { refresh_token: first } = await rotating.tokens({ scope: 'openid' }, ALICE);
    expect((await rotating.refresh(first)).json).toHaveProperty('refresh_token');
    expect((await rotating.refresh(first)).json).toEqual({ error: 'invalid_grant' });
  });

  it('takes refresh tokens only, and ends what came of them', async () => {
    const { app, at } = await start();
    const tokens = await app.tokens({ scope: 'openid' }, ALICE);
    const revoke = (token: string, party = app) => party.post({ token }, at('/oauth2/revoke'));
    expect((await revoke(tokens.access_token)).json).toEqual({ error: 'unsupported_token_type' });
    expect((await revoke('unknown')).status).toBe(200);
    expect((await revoke(tokens.refresh_token!)).status).toBe(200);
    expect((await app.refresh(tokens.refresh_token)).json).toEqual({ error: 'invalid_grant' });
    expect((await withToken(at('/oauth2/userInfo'), tokens.access_token)).status).toBe(401);
  });
});

describe('clients', () => {
  it('show a secret if they have one, in either place', async () => {
    const { app } = await start();
    const wrong = await app
      .with({ clientSecret: 'wrong' })
      .redeem(await app.code({ scope: 'openid' }, ALICE));
    expect([wrong.status, wrong.json]).toEqual([400, { error: 'invalid_client' }]);
    for (const authentication of ['basic', 'post'] as const) {
      expect((await app.with({ authentication }).tokens({ scope: 'openid' }, ALICE)).token_type).toBe(
        'Bearer',
      );
    }
    const open = (await start({ publicClient: true })).app;
    expect((await open.tokens({ scope: 'openid' }, ALICE)).token_type).toBe('Bearer');
    expect((await open.with({ clientSecret: 'x' }).redeem('x')).json.error).toBe('invalid_client');
  });

  it('redeem a code once, within five minutes, with its verifier', async () => {
    let now = 1_800_000_000;
    const { app } = await start({ nowSeconds: () => now });
    const code = await app.code({ scope: 'openid' }, ALICE);
    expect((await app.redeem(code, { code_verifier: 'x' })).json).toEqual({ error: 'invalid_grant' });
    expect((await app.redeem(code)).status).toBe(200);
    expect((await app.redeem(code)).json).toEqual({ error: 'invalid_grant' });
    const late = await app.code({ scope: 'openid' }, ALICE);
    now += 300;
    expect((await app.redeem(late)).json).toEqual({ error: 'invalid_grant' });
  });

  it('use S256, said in so many words', async () => {
    const { app } = await start();
    for (const code_challenge_method of ['plain', '']) {
      expect(errorOf((await app.ask({ scope: 'openid', code_challenge_method })).location)).toBe(
        'invalid_request',
      );
    }
    expect(errorOf((await app.ask({ scope: 'openid', response_type: 'id_token' })).location)).toBe(
      'invalid_request',
    );
  });

  it('find other hosts for issuer and endpoints, and no challenge methods', async () => {
    const { issuer, consoleValues } = await start({ addresses: 'real' });
    expect(issuer).toBe(`https://cognito-idp.eu-central-1.amazonaws.com/${consoleValues.userPoolId}`);
    const { json } = await call(running!.reach(`${issuer}/.well-known/openid-configuration`));
    expect(json).toMatchObject({ issuer, token_endpoint: `${consoleValues.domain}/oauth2/token` });
    expect(json).not.toHaveProperty('code_challenge_methods_supported');
  });
});

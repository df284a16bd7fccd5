import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type HuggingFaceOptions, startHuggingFace } from './huggingface.ts';

let running: Awaited<ReturnType<typeof startHuggingFace>> | undefined;
afterEach(() => running?.close());

async function start(options: HuggingFaceOptions = {}) {
  await running?.close();
  running = await startHuggingFace(options);
  const { consoleValues, redirectUris, issuer } = running;
  const app = new RelyingParty({
    authorize: `${issuer}/oauth/authorize`,
    token: `${issuer}/oauth/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app };
}

describe('tokens', () => {
  it('are hf_oauth_ for access, signed as no client can verify, and RS256 for identity', async () => {
    const { app, issuer } = await start();
    const tokens = await app.tokens({ scope: 'openid profile email', nonce: 'n' }, 'alice');
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 28_800 });
    expect(tokens.access_token).toMatch(/^hf_oauth_eyJ/);
    const inner = tokens.access_token.slice('hf_oauth_'.length);
    expect(decodeProtectedHeader(inner).alg).toBe('EdDSA');
    expect(claims(inner)).toMatchObject({ aud: issuer, scope: ['openid', 'profile', 'email'] });
    const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));
    await expect(jwtVerify(inner, keys)).rejects.toThrow('no applicable key');
    const { payload } = await jwtVerify(tokens.id_token!, keys);
    expect(payload).toMatchObject({
      iss: issuer,
      aud: app.options.clientId,
      preferred_username: 'alice',
      email_verified: true,
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
  });

  it('follow scopes', async () => {
    const { app, issuer } = await start();
    const tokens = await app.tokens({ scope: 'profile' }, 'alice');
    expect(tokens).not.toHaveProperty('id_token');
    expect((await withToken(`${issuer}/oauth/userinfo`, tokens.access_token)).json).not.toHaveProperty(
      'email',
    );
    const { location } = await app.ask({ scope: 'openid offline_access' });
    expect(location?.searchParams.get('error')).toBe('invalid_scope');
  });

  it('are renewed without asking, and the old refresh token ends', async () => {
    const { app } = await start();
    const { refresh_token: first } = await app.tokens({ scope: 'openid' }, 'alice');
    expect((await app.refresh(first)).json.refresh_token).not.toBe(first);
    expect((await app.refresh(first)).json.error).toBe('invalid_grant');
  });
});

describe('organisations', () => {
  it('are in userinfo, as granted', async () => {
    const { app, issuer } = await start();
    const orgs = async (more: Record<string, string>) => {
      const { access_token: token } = await app.tokens({ scope: 'openid profile', ...more }, 'alice');
      const { json } = await withToken(`${issuer}/oauth/userinfo`, token);
      return (json.orgs as { preferred_username: string }[]).map((org) => org.preferred_username);
    };
    expect(await orgs({})).toEqual(['acme', 'open-models']);
    expect(await orgs({ orgIds: '62f264b9f3c90f4b65140001' })).toEqual(['acme']);
    const unknown = await app.ask({ scope: 'openid', orgIds: 'nobody' });
    expect(unknown.location?.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('the server', () => {
  it('knows a token by whoami-v2, with its scopes', async () => {
    const { app, issuer } = await start();
    const { access_token: token } = await app.tokens({ scope: 'openid read-repos' }, 'alice');
    const { json } = await withToken(`${issuer}/api/whoami-v2`, token);
    expect(json).toMatchObject({
      name: 'alice',
      auth: { accessToken: { scopes: ['openid', 'read-repos'] } },
    });
    expect((await withToken(`${issuer}/api/whoami-v2`, 'hf_oauth_no')).status).toBe(401);
  });

  it('has no revocation endpoint and no list of scopes', async () => {
    const { issuer } = await start();
    const { json } = await call(`${issuer}/.well-known/openid-configuration`);
    for (const absent of ['revocation_endpoint', 'scopes_supported']) expect(json).not.toHaveProperty(absent);
  });

  it('takes applications with a secret, either way, and without one with a challenge', async () => {
    const { app } = await start();
    for (const authentication of ['basic', 'post'] as const) {
      await app.with({ authentication }).tokens({ scope: 'openid' }, 'bob');
    }
    expect((await app.with({ clientSecret: 'x' }).redeem('x')).status).toBe(401);
    const open = (await start({ publicClient: true })).app;
    await open.tokens({ scope: 'openid' }, 'bob');
    const none = { code_challenge: '', code_challenge_method: '' };
    for (const wrong of [none, { code_challenge_method: 'plain' }, { scope: '' }]) {
      const { location } = await open.ask({
        scope: 'openid',
        ...(wrong as unknown as Record<string, string>),
      });
      expect(location?.searchParams.get('error')).toBe('invalid_request');
    }
  });

  it('says when somebody refused', async () => {
    const { app } = await start();
    const { location } = await app.signIn({ scope: 'openid' }, 'alice', { decision: 'deny' });
    expect(location?.searchParams.get('error_description')).toBe('The user denied the request');
    expect(location?.searchParams.get('state')).toBe('the-state');
  });
});

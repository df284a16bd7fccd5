import { afterEach, describe, expect, it } from 'vitest';
import { call, RelyingParty, withToken } from '../relying-party.ts';
import { type GitHubOptions, startGitHub } from './github.ts';

let running: Awaited<ReturnType<typeof startGitHub>> | undefined;
afterEach(() => running?.close());

const JSON_PLEASE = { accept: 'application/json' };

async function start(options: GitHubOptions = {}) {
  running = await startGitHub(options);
  const { consoleValues, redirectUris, place } = running;
  const app = new RelyingParty({
    authorize: place('https://github.com/login/oauth/authorize'),
    token: place('https://github.com/login/oauth/access_token'),
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  const redeem = (code: string, form: Record<string, string> = {}, party = app) =>
    party.post(
      { code, code_verifier: 'a-verifier-that-is-long-enough-for-the-specification', ...form },
      app.options.token,
      JSON_PLEASE,
    );
  const signIn = async (scope: string, login = 'alice') =>
    (await redeem(await app.code({ scope }, login), { grant_type: 'authorization_code' })).json
      .access_token as string;
  const api = (path: string, token: string) => withToken(place(`https://api.github.com${path}`), token);
  return { ...running, app, redeem, signIn, api };
}

const GRANT = { grant_type: 'authorization_code' };

describe('the token endpoint', () => {
  it('answers with a form, or JSON for who accepts it', async () => {
    const { app, redeem } = await start();
    const form = await app.post({
      ...GRANT,
      code: await app.code(
        { scope: 'read:org user:email', code_challenge: '', code_challenge_method: '' },
        'alice',
      ),
    });
    expect(form.headers.get('content-type')).toContain('application/x-www-form-urlencoded');
    expect(new URLSearchParams(form.text).get('scope')).toBe('read:org,user:email');
    const { json } = await redeem(await app.code({ scope: 'read:org user:email' }, 'alice'), GRANT);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^gho_\w{36}$/),
      scope: 'read:org,user:email',
      token_type: 'bearer',
    });
  });

  it.each([
    ['bad_verification_code', { code: 'no' }, {}],
    ['incorrect_client_credentials', { code: 'no' }, { clientSecret: 'wrong' }],
    ['incorrect_client_credentials', { code: 'no' }, { authentication: 'basic' as const }],
    ['unsupported_grant_type', { grant_type: 'password' }, {}],
    ['bad_refresh_token', { grant_type: 'refresh_token', refresh_token: 'ghr_x' }, {}],
  ])('says %s with status 200', async (error, form, options) => {
    const { app, redeem } = await start();
    const { status, json } = await redeem(
      '',
      { ...GRANT, ...form } as Record<string, string>,
      app.with(options),
    );
    expect([status, json.error]).toEqual([200, error]);
    expect(json.error_uri).toContain('docs.github.com');
  });

  it('takes a code once, from its client, at its address, with its verifier', async () => {
    let now = 1_800_000_000;
    const { app, redeem } = await start({ nowSeconds: () => now });
    const code = await app.code({}, 'alice');
    expect((await redeem(code, { ...GRANT, redirect_uri: 'http://127.0.0.1:4000/other' })).json.error).toBe(
      'redirect_uri_mismatch',
    );
    expect(
      (await redeem(code, { ...GRANT, redirect_uri: app.options.redirectUri, code_verifier: 'x' })).json
        .error,
    ).toBe('bad_verification_code');
    expect((await redeem(code, { ...GRANT, redirect_uri: app.options.redirectUri })).json).toHaveProperty(
      'access_token',
    );
    expect((await redeem(code, { ...GRANT, redirect_uri: app.options.redirectUri })).json.error).toBe(
      'bad_verification_code',
    );
    const late = await app.code({}, 'alice');
    now += 600;
    expect((await redeem(late, { ...GRANT, redirect_uri: app.options.redirectUri })).json.error).toBe(
      'bad_verification_code',
    );
  });

  it('has nothing for somebody without a verified primary e-mail', async () => {
    const { app, redeem } = await start();
    const { status, json } = await redeem(await app.code({ redirect_uri: '' }, 'carol'), GRANT);
    expect([status, json.error]).toEqual([200, 'unverified_user_email']);
  });
});

describe('authorization', () => {
  it('takes addresses below the registered one, and any port on loopback', async () => {
    const { app } = await start({ redirectUris: ['https://app.example/auth', 'http://127.0.0.1:4000/auth'] });
    for (const good of ['https://app.example/auth/callback', 'http://127.0.0.1:5123/auth']) {
      expect((await app.ask({ redirect_uri: good })).text).toContain('name="login"');
    }
    for (const bad of [
      'https://app.example/authentic',
      'https://app.example:8443/auth',
      'https://x.example/auth',
    ]) {
      const { location } = await app.ask({ redirect_uri: bad });
      expect(location?.href).toMatch(/^https:\/\/app\.example\/auth\?error=redirect_uri_mismatch/);
    }
  });

  it('uses the registered address when there is none, and the scopes granted before when there are none', async () => {
    const { app, redeem } = await start();
    const { location } = await app.signIn({ redirect_uri: '', scope: 'read:org' }, 'alice');
    expect(location?.href).toContain('http://127.0.0.1:4000/auth/callback?code=');
    const { json } = await redeem(await app.code({ redirect_uri: '', scope: '' }, 'alice'), GRANT);
    expect(json.scope).toBe('read:org');
  });

  it('refuses plain challenges and unknown applications, and says when somebody refused', async () => {
    const { app } = await start();
    const plain = await app.ask({ code_challenge_method: 'plain' });
    expect(plain.location?.searchParams.get('error')).toBe('invalid_request');
    expect((await app.ask({ client_id: 'x' })).status).toBe(404);
    const denied = await app.signIn({}, 'alice', { decision: 'deny' });
    expect(denied.location?.searchParams.get('error')).toBe('access_denied');
  });
});

describe('the API', () => {
  it('has a number for the person, and no e-mail that is not public', async () => {
    const { api, signIn } = await start();
    const { json, headers } = await api('/user', await signIn('user:email read:org'));
    expect(json).toMatchObject({ id: 1001, login: 'alice', email: null });
    expect(headers.get('x-oauth-scopes')).toBe('user:email, read:org');
  });

  it('lists e-mails with what is primary and verified, for user:email', async () => {
    const { api, signIn } = await start();
    const { json } = await api('/user/emails', await signIn('user:email'));
    expect(json).toContainEqual({
      email: 'alice@acme.example',
      primary: true,
      verified: true,
      visibility: 'private',
    });
    expect(json).toContainEqual({
      email: 'ceo@acme.example',
      primary: false,
      verified: false,
      visibility: null,
    });
    expect((await api('/user/emails', await signIn('read:org'))).status).toBe(404);
  });

  it('lists organisations and teams in pages, for read:org', async () => {
    const { api, signIn } = await start({ restrictedOrgs: ['open-source'] });
    const token = await signIn('read:org');
    expect((await api('/user/orgs', token)).json).toEqual([{ login: 'acme', id: 500 }]);
    const first = await api('/user/teams', token);
    expect(first.json).toHaveLength(30);
    const next = /<(.*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await withToken(next!, token);
    expect(second.json).toHaveLength(5);
    expect(second.headers.get('link')).toBeNull();
    const other = await start();
    expect((await other.api('/user/teams', await other.signIn('user:email'))).status).toBe(403);
    await other.close();
  });

  it('refuses unknown tokens, and too many requests', async () => {
    const { api, signIn } = await start({ rateLimit: 2 });
    const unknown = await api('/user', 'gho_unknown');
    expect([unknown.status, unknown.json.message]).toEqual([401, 'Bad credentials']);
    const token = await signIn('');
    expect((await api('/user', token)).headers.get('x-ratelimit-remaining')).toBe('1');
    await api('/user', token);
    const limited = await api('/user', token);
    expect([limited.status, limited.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(limited.json.message).toMatch(/^API rate limit exceeded/);
  });

  it('knows a token for as long as it is not ended', async () => {
    let now = 1_800_000_000;
    const { api, signIn, place } = await start({ nowSeconds: () => now });
    const token = await signIn('');
    now += 10 * 365 * 86_400;
    expect((await api('/user', token)).status).toBe(200);
    expect((await call(place('https://api.github.com/user'))).status).toBe(401);
  });

  it('ends a token for its application', async () => {
    const {
      api,
      signIn,
      place,
      consoleValues: { clientId, clientSecret },
    } = await start();
    const token = await signIn('');
    const address = place(`https://api.github.com/applications/${clientId}/token`);
    const end = (secret: string) =>
      call(address, {
        method: 'DELETE',
        body: JSON.stringify({ access_token: token }),
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${btoa(`${clientId}:${secret}`)}`,
        },
      });
    expect((await end('wrong')).status).toBe(404);
    expect((await end(clientSecret)).status).toBe(204);
    expect((await api('/user', token)).status).toBe(401);
    expect((await end(clientSecret)).status).toBe(422);
  });
});

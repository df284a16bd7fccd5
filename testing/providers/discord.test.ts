import { afterEach, describe, expect, it } from 'vitest';
import { call, RelyingParty, withToken } from '../relying-party.ts';
import { type DiscordOptions, startDiscord } from './discord.ts';

let running: Awaited<ReturnType<typeof startDiscord>> | undefined;
afterEach(() => running?.close());

async function start(options: DiscordOptions = {}) {
  await running?.close();
  running = await startDiscord(options);
  const { consoleValues, redirectUris, issuer } = running;
  const app = new RelyingParty({
    authorize: `${issuer}/oauth2/authorize`,
    token: `${issuer}/api/oauth2/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  const api = (path: string, token: string) => withToken(`${issuer}/api${path}`, token);
  return { ...running, app, api };
}

const ALL = { scope: 'identify email guilds' };

describe('tokens', () => {
  it('say nothing, for seven days', async () => {
    const { app } = await start();
    const tokens = await app.tokens(ALL, 'alice');
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
      token_type: 'Bearer',
      expires_in: 604_800,
      refresh_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
      scope: 'identify email guilds',
    });
  });

  it('are asked for in a form, with either authentication, under any version of the API', async () => {
    const { app, issuer } = await start();
    const { clientId: client_id, clientSecret: client_secret, redirectUri: redirect_uri } = app.options;
    const request = async () => ({
      grant_type: 'authorization_code',
      code: await app.code(ALL, 'alice'),
      redirect_uri,
      code_verifier: 'a-verifier-that-is-long-enough-for-the-specification',
    });
    const json = await call(`${issuer}/api/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...(await request()), client_id, client_secret }),
    });
    expect([json.status, json.json]).toEqual([400, { error: 'unsupported_grant_type' }]);
    const form = await app
      .with({ authentication: 'basic' })
      .post(await request(), `${issuer}/api/v10/oauth2/token`);
    expect(form.json.scope).toBe('identify email guilds');
  });

  it('end all together, whichever is revoked', async () => {
    const { app, api, issuer } = await start();
    for (const kind of ['access_token', 'refresh_token'] as const) {
      const tokens = await app.tokens(ALL, 'alice');
      const other = (await app.refresh(tokens.refresh_token)).json as unknown as typeof tokens;
      const revoked = await app.post({ token: other[kind]! }, `${issuer}/api/oauth2/token/revoke`);
      expect(revoked.status).toBe(200);
      for (const { access_token: token } of [tokens, other]) {
        expect((await api('/users/@me', token)).json).toEqual({ message: '401: Unauthorized', code: 0 });
      }
      expect((await app.refresh(other.refresh_token)).json.error).toBe('invalid_grant');
    }
  });

  it('of others are left alone', async () => {
    const { app, api, issuer } = await start();
    const { access_token: token } = await app.tokens(ALL, 'alice');
    expect((await app.post({ token: 'unknown' }, `${issuer}/api/oauth2/token/revoke`)).status).toBe(200);
    expect((await api('/users/@me', token)).status).toBe(200);
  });
});

describe('the API', () => {
  it('tells about a person as far as the scopes go', async () => {
    const { app, api } = await start();
    const about = async (scope: string, login: string) =>
      (await api('/users/@me', (await app.tokens({ scope }, login)).access_token)).json;
    expect(await about('identify email', 'alice')).toEqual({
      id: '80351110224678912',
      username: 'alice',
      global_name: 'Alice Adams',
      discriminator: '0',
      avatar: null,
      flags: 0,
      locale: 'en-GB',
      email: 'alice@acme.example',
      verified: true,
    });
    for (const absent of ['email', 'verified']) {
      expect(await about('identify', 'alice')).not.toHaveProperty(absent);
    }
    expect(await about('identify email', 'bob')).toMatchObject({ global_name: null, verified: false });
    expect(await about('identify email', 'carol')).toMatchObject({ email: null });
    expect(await about('guilds', 'alice')).toEqual({ message: 'Missing required OAuth2 scope', code: 50026 });
  });

  it('lists the guilds, with their scope', async () => {
    const { app, api } = await start();
    const { access_token: token } = await app.tokens({ scope: 'identify guilds' }, 'alice');
    const common = { icon: null, permissions: '0', features: [] };
    expect(JSON.parse((await api('/users/@me/guilds', token)).text)).toEqual([
      { id: '197038439483310086', name: 'Acme', owner: true, ...common },
      { id: '197038439483310087', name: 'Open models', owner: false, ...common },
    ]);
    const { access_token: without } = await app.tokens({ scope: 'identify' }, 'alice');
    expect((await api('/users/@me/guilds', without)).status).toBe(403);
  });

  it('says which application a token is for, and until when', async () => {
    const { app, api, consoleValues } = await start({ nowSeconds: () => 1_800_000_000 });
    const { access_token: token } = await app.tokens({ scope: 'identify guilds' }, 'alice');
    const { json } = await api('/v10/oauth2/@me', token);
    expect(json).toMatchObject({
      application: { id: consoleValues.clientId, name: 'MCP', description: '', bot_public: true },
      scopes: ['identify', 'guilds'],
      expires: '2027-01-22T08:00:00.000000+00:00',
      user: { id: '80351110224678912' },
    });
    const { access_token: without } = await app.tokens({ scope: 'guilds' }, 'alice');
    expect((await api('/oauth2/@me', without)).json).not.toHaveProperty('user');
    expect((await api('/oauth2/@me', 'no')).status).toBe(401);
  });
});

describe('the server', () => {
  it('says what it can, in two documents', async () => {
    const { reach } = await start({ addresses: 'real' });
    const known = 'https://discord.com/.well-known';
    const common = {
      issuer: 'https://discord.com',
      authorization_endpoint: 'https://discord.com/api/oauth2/authorize',
      token_endpoint: 'https://discord.com/api/oauth2/token',
      jwks_uri: 'https://discord.com/api/oauth2/keys',
    };
    expect((await call(reach(`${known}/oauth-authorization-server`))).json).toEqual({
      ...common,
      revocation_endpoint: 'https://discord.com/api/oauth2/token/revoke',
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect((await call(reach(`${known}/openid-configuration`))).json).toEqual({
      ...common,
      userinfo_endpoint: 'https://discord.com/api/oauth2/userinfo',
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const { json } = await call(reach(common.jwks_uri));
    expect(json.keys).toMatchObject([{ kty: 'RSA', alg: 'RS256' }]);
  });

  it('has these scopes for everybody, and those that need an approval for nobody', async () => {
    const { app } = await start();
    const scopes = [
      ...['identify', 'email', 'connections', 'guilds', 'guilds.join', 'guilds.members.read'],
      ...['gdm.join', 'messages.read', 'role_connections.write'],
    ];
    for (const scope of scopes) expect((await app.ask({ scope })).status).toBe(200);
    const { location } = await app.ask({ scope: 'identify relationships.read' });
    expect(location?.searchParams.get('error')).toBe('invalid_scope');
  });

  it('has public clients, and those must use a challenge', async () => {
    const { app } = await start({ publicClient: true });
    expect((await app.tokens(ALL, 'bob')).refresh_token).toBeDefined();
    const { location } = await app.ask({ ...ALL, code_challenge: '', code_challenge_method: '' });
    expect(location?.searchParams.get('error')).toBe('invalid_request');
  });

  it('says who refused', async () => {
    const { app } = await start();
    const { location } = await app.signIn(ALL, 'alice', { decision: 'deny' });
    expect(location?.searchParams.get('error_description')).toBe(
      'The resource owner or authorization server denied the request',
    );
  });

  it('uses the first registered address when none is named', async () => {
    const { app, redirectUris, issuer } = await start();
    const { location } = await app.signIn({ ...ALL, redirect_uri: '' }, 'alice');
    expect(location?.href.startsWith(redirectUris[0]!)).toBe(true);
    expect(location?.searchParams.get('iss')).toBe(issuer);
  });
});

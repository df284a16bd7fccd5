import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { registerPublicly } from '../registration.ts';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type SupabaseOptions, startSupabase } from './supabase.ts';

let running: Awaited<ReturnType<typeof startSupabase>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const RESOURCE = 'https://mcp.acme.example/mcp';

async function start(options: SupabaseOptions = {}) {
  await running?.close();
  running = await startSupabase(options);
  const { consoleValues, redirectUris, issuer } = running;
  const app = new RelyingParty({
    authorize: `${issuer}/oauth/authorize`,
    token: `${issuer}/oauth/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app };
}

describe('access tokens', () => {
  it('are for «authenticated», whatever resource is asked for', async () => {
    const { app, issuer, consoleValues } = await start();
    const tokens = await app.tokens({ scope: 'openid email', resource: RESOURCE }, ALICE);
    const { payload, protectedHeader } = await jwtVerify(
      tokens.access_token,
      createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)),
    );
    expect(payload).toEqual({
      iss: issuer,
      sub: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
      aud: 'authenticated',
      iat: expect.any(Number),
      exp: payload.iat! + 3600,
      email: ALICE,
      phone: '',
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: { name: 'Alice Adams' },
      role: 'authenticated',
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: payload.iat }],
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      is_anonymous: false,
      client_id: consoleValues.clientId,
      scope: 'openid email',
    });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'JWT' });
  });

  it('come in an answer without scopes, and are for e-mail if nothing is asked for', async () => {
    const { app } = await start();
    const tokens = await app.tokens({}, ALICE);
    expect(Object.keys(tokens)).toEqual(['access_token', 'token_type', 'expires_in', 'refresh_token']);
    expect([tokens.token_type, tokens.refresh_token!.length]).toEqual(['bearer', 12]);
    expect(claims(tokens.access_token)).toMatchObject({ scope: 'email' });
  });

  it('can be given another audience by a hook of the project', async () => {
    const { app } = await start({ tokenHook: { aud: [RESOURCE] } });
    expect(claims((await app.tokens({}, ALICE)).access_token)).toMatchObject({ aud: [RESOURCE] });
  });
});

describe('a resource', () => {
  it.each([
    ['mcp', 'resource must be an absolute URI'],
    [`${RESOURCE}#a`, 'resource must not include a fragment component'],
    [`${RESOURCE}?a=b`, 'resource must not include a query component'],
  ])('must be an address: %s', async (resource, description) => {
    const { app } = await start();
    const { location } = await app.ask({ resource });
    expect(Object.fromEntries(location!.searchParams)).toEqual({
      error: 'invalid_request',
      error_description: description,
      state: 'the-state',
    });
  });

  it('must be the same at the token endpoint, if it is there', async () => {
    const { app } = await start();
    const code = await app.code({ resource: RESOURCE }, ALICE);
    expect((await app.redeem(code, { resource: 'https://other.example/' })).json).toEqual({
      error: 'invalid_grant',
      error_description: 'Authorization code resource does not match the resource parameter',
    });
    const { json } = await app.redeem(code);
    const again = await app.refresh(json.refresh_token as string, { resource: 'https://other.example/' });
    expect(again.status).toBe(200);
  });
});

describe('challenges', () => {
  it('have a length', async () => {
    const { app } = await start();
    for (const [length, error] of [
      [42, 'invalid_request'],
      [43, undefined],
      [128, undefined],
      [129, 'invalid_request'],
    ] as const) {
      const { location } = await app.ask({ code_challenge: 'x'.repeat(length) });
      expect(location?.searchParams.get('error') ?? undefined).toBe(error);
    }
    const { location } = await app.ask({ code_challenge: '', code_challenge_method: '' });
    expect(location?.searchParams.get('error_description')).toBe(
      'PKCE flow requires both code_challenge and code_challenge_method',
    );
  });
});

describe('who somebody is', () => {
  it('is in ID tokens and userinfo, as scopes allow', async () => {
    const { app, issuer, consoleValues } = await start();
    const tokens = await app.tokens({ scope: 'openid profile email', nonce: 'n' }, ALICE);
    const alice = {
      sub: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
      email: ALICE,
      email_verified: true,
      name: 'Alice Adams',
    };
    const id = claims(tokens.id_token);
    expect(id).toEqual({
      ...alice,
      iss: issuer,
      aud: consoleValues.clientId,
      client_id: consoleValues.clientId,
      nonce: 'n',
      iat: expect.any(Number),
      auth_time: id.iat,
      exp: Number(id.iat) + 3600,
    });
    expect((await withToken(`${issuer}/oauth/userinfo`, tokens.access_token)).json).toEqual(alice);
    expect((await app.refresh(tokens.refresh_token)).json).not.toHaveProperty('id_token');
  });

  it('is an address, of who has no name', async () => {
    const { app, issuer } = await start();
    const look = async (scope: string) => {
      const { access_token } = await app.tokens({ scope }, 'bob@acme.example');
      return (await withToken(`${issuer}/oauth/userinfo`, access_token)).json;
    };
    const sub = '6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b';
    expect(await look('profile')).toEqual({ sub, name: 'bob@acme.example' });
    expect(await look('email')).toEqual({ sub, email: 'bob@acme.example' });
  });

  it('is told to nobody without a good token', async () => {
    const { issuer } = await start();
    const none = await call(`${issuer}/oauth/userinfo`);
    expect([none.status, none.json, none.headers.get('x-sb-error-code')]).toEqual([
      401,
      {
        code: 401,
        error_code: 'no_authorization',
        msg: 'This endpoint requires a valid Bearer token',
      },
      'no_authorization',
    ]);
    const bad = await withToken(`${issuer}/oauth/userinfo`, 'x');
    expect([bad.status, bad.json]).toEqual([
      403,
      {
        code: 403,
        error_code: 'bad_jwt',
        msg: 'invalid JWT: unable to parse or verify signature, token is malformed',
      },
    ]);
  });
});

describe('refusals', () => {
  it('of a client say how it was registered, in the form of the service', async () => {
    const { app } = await start();
    const why = async (party: RelyingParty, headers = {}) => {
      const { status, json } = await party.post({ grant_type: 'authorization_code' }, undefined, headers);
      expect([status, json.code, json.error_code]).toEqual([400, 400, 'invalid_credentials']);
      return json.msg;
    };
    const registered = "invalid authentication method: client is registered for 'client_secret_post' but";
    const { clientSecret, ...open } = app.options;
    expect(await why(new RelyingParty(open))).toBe(`${registered} 'none' was used`);
    const authorization = `Basic ${btoa(`${open.clientId}:${clientSecret}`)}`;
    expect(await why(app, { authorization })).toBe(`${registered} 'client_secret_basic' was used`);
    expect(await why(app.with({ clientSecret: 'x' }))).toBe('invalid client credentials');
    expect(await why(app.with({ clientId: 'x' }))).toBe('Invalid client_id format');
    const { registration, redirectUris, app: other } = await start({ dynamicRegistration: true });
    const own = await registerPublicly(registration, redirectUris);
    expect(await why(other.with({ ...own, clientSecret: 'x' }))).toBe(
      "invalid authentication method: client is registered for 'none' but 'client_secret_post' was used",
    );
  });

  it('of an unknown client or refresh token have that form too', async () => {
    const { app } = await start();
    const client = await app.ask({ client_id: 'x' });
    expect([client.status, client.json]).toEqual([
      400,
      { code: 400, error_code: 'oauth_client_not_found', msg: 'invalid client_id format' },
    ]);
    const refresh = await app.refresh('x');
    expect([refresh.status, refresh.json]).toEqual([
      400,
      {
        code: 400,
        error_code: 'refresh_token_not_found',
        msg: 'Invalid Refresh Token: Refresh Token Not Found',
      },
    ]);
  });

  it('of a code say what is wrong with the verifier', async () => {
    const { app } = await start();
    const why = async (code_verifier: string) => {
      const { json } = await app.redeem(await app.code({}, ALICE), { code_verifier });
      return json.error_description;
    };
    expect(await why('x')).toBe(
      'PKCE verification failed: code challenge does not match previously saved code verifier',
    );
    expect(await why('')).toBe(
      'PKCE verification failed: code_verifier is required when PKCE challenge is present',
    );
  });
});

describe('registration', () => {
  const register = (address: string, body: unknown) =>
    call(address, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

  it('is off until the project turns it on', async () => {
    const off = await start();
    const { status, json } = await register(off.registration, { redirect_uris: ['https://a.example/'] });
    expect([status, json]).toEqual([
      403,
      {
        code: 403,
        error_code: 'oauth_dynamic_client_registration_disabled',
        msg: 'Dynamic client registration is not enabled',
      },
    ]);
    const document = `${off.issuer}/.well-known/openid-configuration`;
    expect((await call(document)).json).not.toHaveProperty('registration_endpoint');
  });

  it('gives a client a secret unless it wants none', async () => {
    const { registration, app } = await start({ dynamicRegistration: true, nowSeconds: () => 1_800_000_000 });
    const wanted = { redirect_uris: [app.options.redirectUri], client_name: 'Editor' };
    const secret = await register(registration, wanted);
    const common = {
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_name: 'Editor',
      redirect_uris: wanted.redirect_uris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      registration_type: 'dynamic',
      created_at: '2027-01-15T08:00:00.000Z',
      updated_at: '2027-01-15T08:00:00.000Z',
    };
    expect([secret.status, secret.json]).toEqual([
      201,
      {
        ...common,
        client_secret: expect.any(String),
        client_type: 'confidential',
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ]);
    const open = await register(registration, { ...wanted, token_endpoint_auth_method: 'none' });
    expect(open.json).toEqual({ ...common, client_type: 'public', token_endpoint_auth_method: 'none' });
    const { client_id: clientId, client_secret: clientSecret } = secret.json as Record<string, string>;
    const basic = app.with({ clientId: clientId!, clientSecret: clientSecret!, authentication: 'basic' });
    await basic.tokens({}, ALICE);
    expect((await basic.with({ authentication: 'post' }).redeem('x')).json.error_code).toBe(
      'invalid_credentials',
    );
    const post = await register(registration, {
      ...wanted,
      token_endpoint_auth_method: 'client_secret_post',
    });
    const posted = post.json as Record<string, string>;
    const other = app.with({ clientId: posted.client_id!, clientSecret: posted.client_secret! });
    await other.tokens({}, ALICE);
    expect((await other.with({ authentication: 'basic' }).redeem('x')).status).toBe(400);
  });

  it.each([
    [{}, '400: redirect_uris is required'],
    [
      { redirect_uris: Array.from({ length: 11 }, () => 'https://a.example/') },
      '400: redirect_uris cannot exceed 10 items',
    ],
    [
      { redirect_uris: ['http://a.example/'] },
      "400: invalid redirect_uri 'http://a.example/': HTTP scheme only allowed for localhost",
    ],
    [
      { redirect_uris: ['https://a.example/#x'] },
      "400: invalid redirect_uri 'https://a.example/#x': fragment not allowed in redirect URI",
    ],
    [
      { redirect_uris: ['javascript:alert(1)'] },
      "400: invalid redirect_uri 'javascript:alert(1)': scheme 'javascript' is not allowed for security reasons",
    ],
    [{ redirect_uris: ['nothing'] }, "400: invalid redirect_uri 'nothing': must have scheme and host"],
    [
      { redirect_uris: ['http://localhost:1/'], token_endpoint_auth_method: 'private_key_jwt' },
      '400: token_endpoint_auth_method must be one of: [none client_secret_basic client_secret_post]',
    ],
    [
      { redirect_uris: ['http://[::1]:1/'], grant_types: ['implicit'] },
      "400: grant_types must only contain 'authorization_code' and/or 'refresh_token'",
    ],
  ])('refuses %j', async (body, msg) => {
    const { registration } = await start({ dynamicRegistration: true });
    const { status, json } = await register(registration, body);
    expect([status, json]).toEqual([400, { code: 400, error_code: 'validation_failed', msg }]);
  });

  it('refuses what is no JSON', async () => {
    const { registration } = await start({ dynamicRegistration: true });
    const { status, json } = await register(registration, '{');
    expect([status, json]).toEqual([400, { code: 400, error_code: 'bad_json', msg: 'Invalid JSON body' }]);
  });
});

describe('discovery', () => {
  it('is one document at three places', async () => {
    const { origin, issuer, registration } = await start({ dynamicRegistration: true });
    const { json } = await call(`${issuer}/.well-known/openid-configuration`);
    expect(json).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      userinfo_endpoint: `${issuer}/oauth/userinfo`,
      registration_endpoint: registration,
      scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256', 'plain'],
    });
    for (const place of [
      `${issuer}/.well-known/oauth-authorization-server`,
      `${origin}/.well-known/oauth-authorization-server/auth/v1`,
    ]) {
      expect((await call(place)).json).toEqual(json);
    }
  });

  it('leads a client that registers itself to tokens', async () => {
    const { app, registration, redirectUris } = await start({ dynamicRegistration: true });
    const own = { ...(await registerPublicly(registration, redirectUris)), clientSecret: undefined };
    const client = new RelyingParty({ ...app.options, ...(own as unknown as { clientId: string }) });
    const tokens = await client.tokens({ resource: RESOURCE }, ALICE, { resource: RESOURCE });
    expect(claims(tokens.access_token)).toMatchObject({ client_id: own.clientId });
  });
});

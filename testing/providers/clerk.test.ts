import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type ClerkOptions, startClerk } from './clerk.ts';

let running: Awaited<ReturnType<typeof startClerk>> | undefined;
afterEach(() => running?.close());

const NOW = 1_800_000_000;
const ALICE = 'alice@acme.example';

async function start(options: ClerkOptions = {}) {
  await running?.close();
  running = await startClerk(options);
  const { consoleValues, redirectUris, issuer, registration } = running;
  const app = new RelyingParty({
    authorize: `${issuer}/oauth/authorize`,
    token: `${issuer}/oauth/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
    authentication: 'basic',
  });
  const register = (metadata: Readonly<Record<string, unknown>>, type = 'application/json') =>
    call(registration, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(metadata) });
  return { ...running, app, register };
}

const error = (location: URL | undefined) => location?.searchParams.get('error');

describe('access tokens', () => {
  it('are JWTs of RFC 9068, with an audience only for a resource', async () => {
    const { app, issuer, consoleValues } = await start({ nowSeconds: () => NOW });
    const tokens = await app.tokens({ scope: 'profile email offline_access' }, ALICE);
    expect(tokens).toMatchObject({
      token_type: 'bearer',
      expires_in: 86_400,
      scope: 'profile email offline_access',
    });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(claims(tokens.access_token)).toEqual({
      client_id: consoleValues.clientId,
      iat: NOW,
      nbf: NOW - 10,
      exp: NOW + 86_400,
      iss: issuer,
      jti: expect.stringMatching(/^oat_/),
      scope: 'profile email offline_access',
      sub: 'user_3BJN08XElmDVNILqWw1IT4fXzUd',
    });
    const resource = 'https://mcp.acme.example/mcp';
    const bound = await app.tokens({ scope: 'profile', resource }, ALICE);
    expect(claims(bound.access_token).aud).toEqual([resource]);
  });

  it('are opaque when the application says so, and can be revoked then', async () => {
    const { app, issuer } = await start({ accessTokens: 'opaque' });
    const { access_token: token } = await app.tokens({ scope: 'profile' }, ALICE);
    expect(token).toMatch(/^oat_[\w-]{32}$/);
    expect((await withToken(`${issuer}/oauth/userinfo`, token)).status).toBe(200);
    expect((await app.post({ token }, `${issuer}/oauth/token/revoke`)).status).toBe(200);
    expect((await app.post({ token }, `${issuer}/oauth/token_info`)).json).toEqual({ active: false });
  });

  it('can not be revoked as JWTs, and nothing can with the secret in the form', async () => {
    const { app, issuer } = await start();
    const revoke = `${issuer}/oauth/token/revoke`;
    const tokens = await app.tokens({ scope: 'offline_access' }, ALICE);
    const access = await app.post({ token: tokens.access_token }, revoke);
    expect([access.status, access.json.error]).toEqual([400, 'unsupported_token_type']);
    const post = app.with({ authentication: 'post' });
    expect((await post.post({ token: tokens.refresh_token! }, revoke)).status).toBe(401);
    expect((await app.post({ token: tokens.refresh_token! }, revoke)).status).toBe(200);
    expect((await app.refresh(tokens.refresh_token)).json.error).toBe('invalid_grant');
  });

  it('can be looked up by the application: no audience, no issuer and no end', async () => {
    const { app, issuer, consoleValues } = await start({ nowSeconds: () => NOW });
    const tokens = await app.tokens({ scope: 'profile offline_access' }, ALICE);
    for (const token of [tokens.access_token, tokens.refresh_token!]) {
      expect((await app.post({ token }, `${issuer}/oauth/token_info`)).json).toEqual({
        active: true,
        client_id: consoleValues.clientId,
        iat: NOW,
        scope: 'profile offline_access',
        sub: 'user_3BJN08XElmDVNILqWw1IT4fXzUd',
      });
    }
    const wrong = app.with({ clientSecret: 'wrong' });
    expect((await wrong.post({ token: 'x' }, `${issuer}/oauth/token_info`)).status).toBe(401);
  });
});

describe('scopes', () => {
  it('decide what is said of a person, in ID tokens and userinfo', async () => {
    const { app, issuer, consoleValues } = await start({ organizations: true });
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const scope = 'openid profile email public_metadata private_metadata user:org:read';
    const full = await app.tokens({ scope, nonce: 'n' }, ALICE);
    const expected = {
      sub: 'user_3BJN08XElmDVNILqWw1IT4fXzUd',
      name: 'Alice Adams',
      given_name: 'Alice',
      family_name: 'Adams',
      preferred_username: 'alice',
      email: ALICE,
      email_verified: true,
      public_metadata: {},
      private_metadata: {},
      unsafe_metadata: {},
      org_id: 'org_2abcDEFghiJKLmnoPQRstuVWXyz',
    };
    const { payload } = await jwtVerify(full.id_token!, keys, {
      issuer,
      audience: consoleValues.clientId,
    });
    expect(payload).toMatchObject({ ...expected, nonce: 'n', jti: expect.any(String) });
    expect(payload.exp! - payload.iat!).toBe(86_400);
    expect((await withToken(`${issuer}/oauth/userinfo`, full.access_token)).json).toMatchObject({
      ...expected,
      user_id: expected.sub,
      object: 'oauth_user_info',
      instance_id: expect.stringMatching(/^ins_/),
    });
    expect(claims(full.access_token).org_id).toBe(expected.org_id);
    const bare = await app.tokens({ scope: 'openid' }, ALICE);
    for (const absent of ['name', 'email', 'public_metadata', 'private_metadata', 'org_id', 'nonce']) {
      expect(claims(bare.id_token)).not.toHaveProperty(absent);
    }
    const bob = await app.tokens({ scope }, 'bob@mail.example');
    expect(claims(bob.id_token)).toMatchObject({
      sub: 'user_3BJN08XElmDVNILqWw1IT4fXzUe',
      name: 'Bob Brown',
      preferred_username: null,
      email: 'bob@mail.example',
      email_verified: false,
    });
    expect(claims(bob.id_token)).not.toHaveProperty('org_id');
  });

  it('bring an ID token and a refresh token, each with its own', async () => {
    const { app } = await start();
    const tokens = await app.tokens({ scope: '' }, ALICE);
    expect(tokens.scope).toBe('profile email');
    for (const absent of ['id_token', 'refresh_token']) expect(tokens).not.toHaveProperty(absent);
    const { refresh_token: first } = await app.tokens({ scope: 'openid offline_access', nonce: 'n' }, ALICE);
    const { json } = await app.refresh(first);
    expect(claims(json.id_token as string)).not.toHaveProperty('nonce');
    expect(json.refresh_token).not.toBe(first);
    const { location } = await app.ask({ scope: 'openid user:org:read' });
    expect(location?.searchParams.get('error_description')).toMatch(/request scope `user:org:read`\.$/);
  });
});

describe('the server', () => {
  it('wants a state of eight characters, or a challenge', async () => {
    const { app } = await start();
    const bare = { scope: 'profile', code_challenge: '', code_challenge_method: '' };
    expect(error((await app.ask({ ...bare, state: '' })).location)).toBe('invalid_state');
    expect(error((await app.ask({ scope: 'profile', state: '1234567' })).location)).toBe('invalid_state');
    expect((await app.ask({ ...bare, state: '12345678' })).status).toBe(200);
    expect((await app.ask({ scope: 'profile', state: '' })).status).toBe(200);
  });

  it('answers to a bad token in its own way', async () => {
    const { issuer } = await start();
    const { status, json } = await withToken(`${issuer}/oauth/userinfo`, 'no');
    expect([status, json]).toMatchObject([401, { errors: [{ code: expect.any(String) }] }]);
  });

  it('has two documents, that do not say the same', async () => {
    const { reach } = await start({ dynamicRegistration: true, organizations: true, addresses: 'real' });
    const real = 'https://well-hagfish-71.clerk.accounts.dev';
    const common = {
      issuer: real,
      authorization_endpoint: `${real}/oauth/authorize`,
      token_endpoint: `${real}/oauth/token`,
      revocation_endpoint: `${real}/oauth/token/revoke`,
      jwks_uri: `${real}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'none', 'client_secret_post'],
      scopes_supported: [
        ...['openid', 'profile', 'email', 'public_metadata', 'private_metadata', 'offline_access'],
        'user:org:read',
      ],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'email', 'name', 'org_id'],
      code_challenge_methods_supported: ['S256'],
    };
    expect((await call(reach(`${real}/.well-known/oauth-authorization-server`))).json).toEqual({
      ...common,
      registration_endpoint: `${real}/oauth/register`,
    });
    expect((await call(reach(`${real}/.well-known/openid-configuration`))).json).toEqual({
      ...common,
      userinfo_endpoint: `${real}/oauth/userinfo`,
      introspection_endpoint: `${real}/oauth/token_info`,
      response_modes_supported: ['query', 'form_post'],
      backchannel_logout_supported: false,
      frontchannel_logout_supported: false,
    });
    const { issuer: plain } = await start();
    const { json } = await call(`${plain}/.well-known/oauth-authorization-server`);
    expect(json).not.toHaveProperty('registration_endpoint');
    expect(json.scopes_supported).not.toContain('user:org:read');
    expect(json.claims_supported).not.toContain('org_id');
  });
});

describe('clients that register themselves', () => {
  const redirect_uris = ['http://127.0.0.1:4000/auth/callback'];

  it('have no secret when they want none, and only the scopes they were given', async () => {
    const { app, register } = await start({ dynamicRegistration: true, nowSeconds: () => NOW });
    const { status, json } = await register({ redirect_uris, token_endpoint_auth_method: 'none' });
    expect(status).toBe(201);
    expect(json).toEqual({
      client_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      client_id_issued_at: NOW,
      client_secret_expires_at: 0,
      client_name: json.client_id,
      redirect_uris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'email offline_access profile',
      token_endpoint_auth_method: 'none',
    });
    const client = app.with({
      clientId: json.client_id as string,
      clientSecret: undefined as unknown as string,
    });
    expect((await client.tokens({ scope: '' }, ALICE)).scope).toBe('email offline_access profile');
    const { location } = await client.ask({ scope: 'openid' });
    expect(error(location)).toBe('invalid_scope');
    const none = { scope: 'email', code_challenge: '', code_challenge_method: '' };
    expect(error((await client.ask(none)).location)).toBe('invalid_request');
  });

  it('have one otherwise, and send it in either way', async () => {
    const { app, register } = await start({ dynamicRegistration: true });
    const { json } = await register({ redirect_uris, scope: 'openid', client_name: 'Tool' });
    expect(json).toMatchObject({ client_name: 'Tool', token_endpoint_auth_method: 'client_secret_basic' });
    for (const authentication of ['basic', 'post'] as const) {
      const { client_id: clientId, client_secret: clientSecret } = json as Record<string, string>;
      const client = app.with({ clientId: clientId!, clientSecret: clientSecret!, authentication });
      expect((await client.tokens({ scope: 'openid' }, ALICE)).id_token).toBeDefined();
    }
  });

  it('are refused for wrong metadata, and when the feature is off', async () => {
    const { register } = await start({ dynamicRegistration: true });
    for (const wrong of [{}, { redirect_uris: ['no'] }]) {
      const { status, json } = await register(wrong);
      expect([status, json.error]).toEqual([400, 'invalid_redirect_uri']);
    }
    const method = 'client_secret_post';
    const posting = await register({ redirect_uris, token_endpoint_auth_method: method });
    expect(posting.json.token_endpoint_auth_method).toBe(method);
    for (const wrong of [{ scope: 'openid no-such-scope' }, { token_endpoint_auth_method: 'other' }]) {
      const { status, json } = await register({ redirect_uris, ...wrong });
      expect([status, json.error]).toEqual([400, 'invalid_client_metadata']);
    }
    expect((await register({ redirect_uris }, 'text/plain')).json.error).toBe('invalid_client_metadata');
    expect((await (await start()).register({ redirect_uris })).status).toBe(422);
  });
});

import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { registerPublicly } from '../registration.ts';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { startWorkos, type WorkosOptions } from './workos.ts';

let running: Awaited<ReturnType<typeof startWorkos>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const RESOURCE = 'https://mcp.acme.example/mcp';
const SUBJECT = 'user_01JQ0E27VT3MH79RY0FVA4QBP9';
const ID = /^01J[0-9A-F]{23}$/;
const nonce = 'the-nonce';

async function start(options: WorkosOptions = {}) {
  await running?.close();
  running = await startWorkos(options);
  const { consoleValues, redirectUris, issuer } = running;
  const app = new RelyingParty({
    authorize: `${issuer}/oauth2/authorize`,
    token: `${issuer}/oauth2/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app };
}

/** An MCP client. */
async function startForClients(options: WorkosOptions = {}) {
  const standIn = await start({ dynamicRegistration: true, resources: [RESOURCE], ...options });
  const { app, registration, redirectUris } = standIn;
  const { clientSecret: _, ...open } = app.options;
  const client = new RelyingParty({ ...open, ...(await registerPublicly(registration, redirectUris)) });
  return { ...standIn, client };
}

describe('an application of the console', () => {
  it('gets tokens for the environment, and a refresh token if it asks', async () => {
    const { app, issuer, consoleValues } = await start();
    const tokens = await app.tokens({ scope: 'openid email offline_access', nonce }, ALICE);
    expect(Object.keys(tokens)).toEqual([
      'access_token',
      'token_type',
      'expires_in',
      'refresh_token',
      'id_token',
    ]);
    const keys = createRemoteJWKSet(new URL(`${issuer}/oauth2/jwks`));
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys);
    expect(payload).toEqual({
      iss: issuer,
      aud: consoleValues.environmentId,
      sub: SUBJECT,
      client_id: consoleValues.clientId,
      org_id: 'org_01HRDMC6CM357W30QMHMQ96Q0S',
      sid: expect.stringMatching(/^app_consent_01J/),
      scope: 'openid email offline_access',
      jti: expect.stringMatching(ID),
      iat: expect.any(Number),
      exp: payload.iat! + 300,
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String) });
    expect(await app.tokens({ scope: 'openid', nonce }, ALICE)).not.toHaveProperty('refresh_token');
  });

  it('must send scopes and a nonce', async () => {
    const { app } = await start();
    for (const wrong of [{ scope: 'openid' }, { nonce }, { nonce, scope: 'openid default' }]) {
      const { location } = await app.ask(wrong as Record<string, string>);
      expect(location?.searchParams.get('error')).toMatch(/^invalid_(request|scope)$/);
    }
  });

  it('is not held to a challenge, unless it is said to use one', async () => {
    const { app } = await start();
    await app.tokens({ scope: 'openid', nonce }, ALICE, { code_verifier: 'another' });
    const strict = (await start({ usesPkce: true })).app;
    await strict.tokens({ scope: 'openid', nonce }, ALICE);
    const code = await strict.code({ scope: 'openid', nonce }, ALICE);
    expect((await strict.redeem(code, { code_verifier: 'another' })).json.error).toBe('invalid_grant');
    const none = { scope: 'openid', nonce, code_challenge: '', code_challenge_method: '' };
    expect((await strict.ask(none)).location?.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('who somebody is', () => {
  it('is in ID tokens and userinfo, as scopes allow', async () => {
    const { app, issuer, consoleValues } = await start();
    const look = async (scope: string, login = ALICE) => {
      const tokens = await app.tokens({ scope, nonce }, login);
      const { status, json } = await withToken(`${issuer}/oauth2/userinfo`, tokens.access_token);
      return { status, json, id: tokens.id_token };
    };
    const email = { email: ALICE, email_verified: true };
    const name = { name: 'Alice Adams', given_name: 'Alice', family_name: 'Adams' };
    expect((await look('openid')).json).toEqual({ sub: SUBJECT });
    expect((await look('openid email')).json).toEqual({ sub: SUBJECT, ...email });
    expect((await look('openid profile')).json).toEqual({ sub: SUBJECT, ...name });
    expect(await look('email')).toMatchObject({ status: 403, id: undefined });
    expect((await look('openid email', 'bob@mail.example')).json.email_verified).toBe(false);
    const id = claims((await look('openid profile email')).id);
    expect(id).toEqual({
      iss: issuer,
      aud: consoleValues.clientId,
      sub: SUBJECT,
      ...email,
      ...name,
      nonce,
      iat: expect.any(Number),
      exp: Number(id.iat) + 3600,
    });
  });

  it('is without an organization, of who picked none', async () => {
    const { app } = await start();
    const { access_token } = await app.tokens({ scope: 'openid', nonce }, 'bob@mail.example');
    expect(claims(access_token)).not.toHaveProperty('org_id');
  });

  it('is told by introspection to applications of the console', async () => {
    const { app, issuer, consoleValues } = await start({ nowSeconds: () => 1_800_000_000 });
    const tokens = await app.tokens({ scope: 'openid offline_access', nonce }, ALICE);
    const look = async (token = '', party = app) =>
      (await party.post({ token }, `${issuer}/oauth2/introspection`)).json;
    const common = {
      active: true,
      client_id: consoleValues.clientId,
      iss: issuer,
      sub: SUBJECT,
      org_id: 'org_01HRDMC6CM357W30QMHMQ96Q0S',
      scope: 'openid offline_access',
    };
    expect(await look(tokens.access_token)).toEqual({
      ...common,
      token_type: 'access_token',
      exp: 1_800_000_300,
    });
    expect(await look(tokens.refresh_token)).toEqual({ ...common, token_type: 'refresh_token' });
    expect(await look('x')).toEqual({ active: false });
    expect((await look('x', app.with({ clientSecret: 'x' }))).error).toBe('invalid_client');
  });
});

describe('an MCP client', () => {
  it('gets tokens for the resource, if that is known', async () => {
    const { client } = await startForClients();
    const tokens = await client.tokens({ resource: RESOURCE }, ALICE, { resource: RESOURCE });
    expect(claims(tokens.access_token)).toMatchObject({ aud: RESOURCE, client_id: client.options.clientId });
    const asked = await client.tokens({ resource: RESOURCE }, ALICE);
    expect(claims(asked.access_token).aud).toBe(RESOURCE);
    const late = await client.tokens({}, ALICE, { resource: RESOURCE });
    expect(claims(late.access_token).aud).toBe(RESOURCE);
  });

  it('gets tokens for the environment, if it names none and there is no default', async () => {
    const { client, consoleValues } = await startForClients();
    expect(claims((await client.tokens({}, ALICE)).access_token).aud).toBe(consoleValues.environmentId);
    const other = (await startForClients({ defaultResource: 'https://other.example/' })).client;
    expect(claims((await other.tokens({}, ALICE)).access_token).aud).toBe('https://other.example/');
    const named = await other.tokens({ resource: RESOURCE }, ALICE);
    expect(claims(named.access_token).aud).toBe(RESOURCE);
  });

  it('learns at the token endpoint that a resource is not known', async () => {
    const { client } = await startForClients({ resources: [] });
    const { status, json } = await client.redeem(await client.code({ resource: RESOURCE }, ALICE));
    expect([status, json]).toEqual([400, { error: 'invalid_target' }]);
  });

  it('needs a challenge', async () => {
    const { client } = await startForClients();
    const { location } = await client.ask({ code_challenge: '', code_challenge_method: '' });
    expect(location?.searchParams.get('error')).toBe('invalid_request');
    const refused = await client.redeem(await client.code({}, ALICE), { code_verifier: 'another' });
    expect(refused.json.error).toBe('invalid_grant');
  });
});

describe('registration', () => {
  const register = (address: string, body: unknown) =>
    call(address, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

  it('is off until the environment turns it on, and advertised all the same', async () => {
    const { registration, issuer } = await start();
    const { status, json } = await register(registration, { redirect_uris: ['https://a.example/'] });
    expect([status, json]).toEqual([
      400,
      {
        error: 'dynamic_client_registration_disabled',
        error_description: 'Dynamic client registration is disabled for this environment.',
      },
    ]);
    for (const name of ['oauth-authorization-server', 'openid-configuration']) {
      expect((await call(`${issuer}/.well-known/${name}`)).json).toEqual({
        issuer,
        authorization_endpoint: `${issuer}/oauth2/authorize`,
        token_endpoint: `${issuer}/oauth2/token`,
        userinfo_endpoint: `${issuer}/oauth2/userinfo`,
        introspection_endpoint: `${issuer}/oauth2/introspection`,
        jwks_uri: `${issuer}/oauth2/jwks`,
        registration_endpoint: registration,
        scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_post', 'client_secret_basic'],
        code_challenge_methods_supported: ['S256'],
        client_id_metadata_document_supported: true,
        id_token_signing_alg_values_supported: ['RS256'],
        subject_types_supported: ['public'],
      });
    }
  });

  it('gives a client what it asks for', async () => {
    const { registration, app } = await start({ dynamicRegistration: true, nowSeconds: () => 7 });
    const redirect_uris = [app.options.redirectUri];
    const common = {
      client_id: expect.stringMatching(/^client_01J/),
      client_id_issued_at: 7,
      redirect_uris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
    };
    const open = await register(registration, {
      redirect_uris,
      token_endpoint_auth_method: 'none',
      client_name: 'Editor',
    });
    expect([open.status, open.json]).toEqual([
      201,
      { ...common, client_name: 'Editor', token_endpoint_auth_method: 'none' },
    ]);
    const secret = await register(registration, { redirect_uris });
    expect(secret.json).toEqual({
      ...common,
      client_secret: expect.any(String),
      client_secret_expires_at: 0,
      token_endpoint_auth_method: 'client_secret_basic',
    });
  });

  it('refuses what it can not send anybody back to', async () => {
    const { registration } = await start({ dynamicRegistration: true });
    for (const [body, error] of [
      [{}, 'invalid_redirect_uri'],
      [{ redirect_uris: ['nothing'] }, 'invalid_redirect_uri'],
      ['[', 'invalid_client_metadata'],
      ['null', 'invalid_client_metadata'],
    ] as const) {
      const { status, json } = await register(registration, body);
      expect([status, json]).toEqual([400, { error }]);
    }
  });
});

import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, VERIFIER, withToken } from '../relying-party.ts';
import { type DescopeOptions, startDescope } from './descope.ts';

let running: Awaited<ReturnType<typeof startDescope>> | undefined;
afterEach(() => running?.close());

const NOW = 1_800_000_000;
const ALICE = 'alice@acme.example';
const PROJECT = 'P32juVkF2iM8wAGoM8PiLkGi6POV';
const RESOURCE = 'https://mcp.acme.example/mcp';

async function start(options: DescopeOptions = {}) {
  await running?.close();
  running = await startDescope(options);
  const { consoleValues, redirectUris, registration } = running;
  const { json: metadata } = await call(consoleValues.wellKnownUrl);
  const app = new RelyingParty({
    authorize: metadata.authorization_endpoint as string,
    token: metadata.token_endpoint as string,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  const register = (asked: Readonly<Record<string, unknown>>) =>
    call(registration, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
  return { ...running, metadata: metadata as Readonly<Record<string, string>>, app, register };
}

const error = (location: URL | undefined) => location?.searchParams.get('error');

describe('tokens of an MCP server', () => {
  it('are for the client, the project and the server', async () => {
    const { app, issuer, metadata, consoleValues } = await start({ nowSeconds: () => NOW });
    const tokens = await app.tokens({ scope: 'openid profile email mcp:read', nonce: 'n' }, ALICE);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
    expect(claims(tokens.access_token)).toEqual({
      drn: 'DS',
      amr: ['email'],
      iss: issuer,
      aud: [consoleValues.clientId, PROJECT, RESOURCE],
      sub: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1',
      iat: NOW,
      exp: NOW + 600,
      scope: 'openid profile email mcp:read',
    });
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri!));
    const { payload } = await jwtVerify(tokens.id_token!, keys, { currentDate: new Date(NOW * 1000) });
    expect(payload).toEqual({
      iss: issuer,
      aud: [consoleValues.clientId, PROJECT],
      sub: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1',
      name: 'Alice Adams',
      email: ALICE,
      email_verified: true,
      iat: NOW,
      exp: NOW + 600,
      nonce: 'n',
    });
    const bare = await app.tokens({ scope: 'openid' }, ALICE);
    for (const absent of ['name', 'email', 'nonce']) expect(claims(bare.id_token)).not.toHaveProperty(absent);
    expect(await app.tokens({ scope: 'mcp:read' }, ALICE)).not.toHaveProperty('id_token');
  });

  it('are for no other resource', async () => {
    const { app } = await start({ mcpServerUrl: 'https://other.example/mcp' });
    expect(error((await app.ask({ resource: RESOURCE })).location)).toBe('invalid_target');
    const request = { scope: 'mcp:read', resource: 'https://other.example/mcp' };
    const tokens = await app.tokens(request, ALICE, request);
    expect(claims(tokens.access_token).aud).toContain('https://other.example/mcp');
    const code = await app.code(request, ALICE);
    expect((await app.redeem(code, { resource: RESOURCE })).status).toBe(400);
    const twice = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: app.options.clientId,
      client_secret: app.options.clientSecret!,
      code,
      redirect_uri: app.options.redirectUri,
      code_verifier: VERIFIER,
      resource: request.resource,
    });
    twice.append('resource', request.resource);
    expect((await call(app.options.token, { method: 'POST', body: twice })).status).toBe(400);
    expect((await app.redeem(code)).status).toBe(200);
    const wider = await app.refresh(tokens.refresh_token, { scope: 'mcp:read mcp:write' });
    expect([wider.status, wider.json.errorDescription]).toEqual([400, 'Scope was not granted']);
  });

  it('name roles and tenants only when they are forced in', async () => {
    const forced = await start({ authorizationInfo: true });
    const tokens = await forced.app.tokens({ scope: 'mcp:read' }, ALICE);
    expect(claims(tokens.access_token)).toMatchObject({
      roles: ['analyst'],
      permissions: ['read:data'],
      tenants: { T32jx4acme: { roles: ['analyst'] } },
    });
    const plain = await start();
    const { access_token: token } = await plain.app.tokens({ scope: 'mcp:read' }, ALICE);
    for (const absent of ['roles', 'permissions', 'tenants'])
      expect(claims(token)).not.toHaveProperty(absent);
  });

  it('are unknown to userinfo', async () => {
    const { app, metadata } = await start();
    const { access_token: token } = await app.tokens({ scope: 'openid' }, ALICE);
    const { status, json } = await withToken(metadata.userinfo_endpoint!, token);
    expect([status, json.errorDescription]).toEqual([404, 'Third party application not found']);
    const bad = await withToken(metadata.userinfo_endpoint!, 'no');
    const message = { errorDescription: 'Invalid token', errorMessage: 'Invalid token' };
    expect([bad.status, bad.json]).toEqual([401, { errorCode: 'E061005', ...message }]);
    const missing = await call(metadata.userinfo_endpoint!);
    expect([missing.status, missing.json]).toEqual([bad.status, bad.json]);
  });

  it('end when the consent is taken back, with an answer that is not of RFC 6749', async () => {
    const { app, endSessions, metadata } = await start();
    const first = await app.tokens({ scope: 'mcp:read' }, ALICE);
    expect((await app.refresh(first.refresh_token)).json).not.toHaveProperty('refresh_token');
    expect((await app.post({ token: first.refresh_token! }, metadata.revocation_endpoint)).status).toBe(200);
    expect((await app.refresh(first.refresh_token)).status).toBe(404);
    const second = await app.tokens({ scope: 'mcp:read' }, ALICE);
    endSessions(ALICE);
    const { status, json } = await app.refresh(second.refresh_token);
    expect([status, json]).toEqual([
      404,
      {
        errorCode: 'E063302',
        errorDescription: 'Cannot find consent by id',
        errorMessage: 'Cannot find consent by id',
      },
    ]);
  });
});

describe('tokens of an inbound app', () => {
  it('are of the project, for what is on the list of the application', async () => {
    const { app, issuer, consoleValues, metadata } = await start({
      application: 'inbound app',
      audienceWhitelist: [RESOURCE],
    });
    expect(issuer.endsWith(`/v1/apps/${PROJECT}`)).toBe(true);
    const bound = await app.tokens({ scope: 'openid profile', resource: RESOURCE }, ALICE);
    expect(claims(bound.access_token)).toMatchObject({
      iss: issuer,
      aud: [consoleValues.clientId, PROJECT, RESOURCE],
    });
    const plain = await app.tokens({ scope: 'openid profile' }, ALICE);
    expect(claims(plain.access_token).aud).toEqual([consoleValues.clientId, PROJECT]);
    expect((await withToken(metadata.userinfo_endpoint!, plain.access_token)).json).toEqual({
      sub: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1',
      name: 'Alice Adams',
    });
    expect(error((await app.ask({ resource: 'https://other.example' })).location)).toBe('invalid_target');
    expect(metadata).not.toHaveProperty('registration_endpoint');
  });
});

describe('clients that register themselves', () => {
  it('have no secret, whatever they ask for', async () => {
    const { app, register, metadata, registration, redirectUris } = await start({ nowSeconds: () => NOW });
    expect(metadata.registration_endpoint).toBe(registration);
    for (const method of ['client_secret_basic', 'none']) {
      const { status, json } = await register({
        redirect_uris: redirectUris,
        token_endpoint_auth_method: method,
        client_name: 'Tool',
        scope: 'mcp:read',
      });
      expect(status).toBe(201);
      expect(json).toEqual({
        client_id: expect.any(String),
        client_id_issued_at: NOW,
        client_name: 'Tool',
        scope: 'mcp:read',
        redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      });
      expect(atob(json.client_id as string)).toMatch(new RegExp(`^${PROJECT}:TPA`));
      const client = app.with({
        clientId: json.client_id as string,
        clientSecret: undefined as unknown as string,
      });
      const tokens = await client.tokens({ scope: 'mcp:read' }, ALICE);
      expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
      const bare = { scope: 'mcp:read', code_challenge: '', code_challenge_method: '' };
      expect(error((await client.ask(bare)).location)).toBe('invalid_request');
    }
  });

  it('are refused without an address, and where registration is off', async () => {
    expect((await (await start()).register({})).json.errorCode).toBe('E06xxxx');
    const { register: once, registration } = await start();
    expect((await once({ redirect_uris: ['no'] })).status).toBe(400);
    const malformed = await call(registration, { method: 'POST', body: 'no' });
    expect([malformed.status, malformed.json.errorCode]).toEqual([400, 'E06xxxx']);
    const { register, metadata, redirectUris } = await start({ dynamicRegistration: false });
    expect(metadata).not.toHaveProperty('registration_endpoint');
    expect((await register({ redirect_uris: redirectUris })).status).toBe(404);
  });
});

describe('the server', () => {
  it('is found behind the issuer', async () => {
    const real = await startDescope({ addresses: 'real' });
    const base = 'https://api.descope.com';
    const server = `${PROJECT}/MS35d1Xw1Yo6zozsW7n8BU6xLmnAs`;
    const { wellKnownUrl } = real.consoleValues;
    expect(wellKnownUrl).toBe(`${base}/v1/apps/agentic/${server}/.well-known/openid-configuration`);
    expect((await call(real.reach(wellKnownUrl))).json).toEqual({
      issuer: `${base}/v1/apps/agentic/${server}`,
      jwks_uri: `${base}/${PROJECT}/.well-known/jwks.json`,
      authorization_endpoint: `${base}/oauth2/v1/apps/agentic/${server}/authorize`,
      token_endpoint: `${base}/oauth2/v1/apps/agentic/${server}/token`,
      userinfo_endpoint: `${base}/oauth2/v1/apps/${PROJECT}/userinfo`,
      revocation_endpoint: `${base}/oauth2/v1/apps/${PROJECT}/revoke`,
      registration_endpoint: `${base}/v1/mgmt/mcp/client/${server}/register`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['mcp:read', 'mcp:write', 'outbound.token.fetch'],
      claims_supported: ['iss', 'aud', 'iat', 'exp', 'sub', 'name', 'email', 'email_verified'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    });
    expect(real.consoleValues).toMatchObject({
      projectId: PROJECT,
      baseUrl: base,
      issuerUrl: `${base}/v1/apps/agentic/${server}`,
      mcpServerId: 'MS35d1Xw1Yo6zozsW7n8BU6xLmnAs',
    });
    await real.close();
    const { issuer, origin } = await start();
    const { pathname } = new URL(issuer);
    const before = await call(`${origin}/.well-known/oauth-authorization-server${pathname}`);
    expect(before.status).toBe(404);
  });

  it('takes clients of the console without a secret, if that is what they are', async () => {
    const { app } = await start({ publicClient: true });
    const { id_token } = await app.tokens({ scope: 'openid profile email' }, 'bob@mail.example');
    expect(claims(id_token)).toMatchObject({
      sub: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr2',
      name: 'Bob Brown',
      email: 'bob@mail.example',
      email_verified: false,
    });
  });
});

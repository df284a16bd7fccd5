import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { registerPublicly } from '../registration.ts';
import { call, claims, RelyingParty } from '../relying-party.ts';
import { type ScalekitOptions, startScalekit } from './scalekit.ts';

let running: Awaited<ReturnType<typeof startScalekit>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const RESOURCE_ID = 'res_121247790507492638';

async function start(options: ScalekitOptions = {}) {
  await running?.close();
  running = await startScalekit(options);
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
  it('are for the resource id, and of the environment', async () => {
    const { app, origin, consoleValues } = await start();
    const tokens = await app.tokens({ scope: 'openid mcp:read' }, ALICE);
    const keys = createRemoteJWKSet(new URL(`${origin}/keys`));
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys);
    expect(payload).toEqual({
      iss: origin,
      sub: 'usr_121247790507492801',
      aud: [RESOURCE_ID],
      client_id: consoleValues.clientId,
      iat: expect.any(Number),
      nbf: payload.iat,
      exp: payload.iat! + 3600,
      jti: expect.stringMatching(/^tkn_/),
      sid: expect.stringMatching(/^ses_/),
      org_id: 'org_121247790507492900',
      scopes: ['openid', 'mcp:read'],
      scope: 'openid mcp:read',
    });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid mcp:read' });
  });

  it('are for the address too, where the server has one, and may be of the resource', async () => {
    const { app, issuer } = await start({
      serverUrl: 'https://mcp.acme.example/mcp',
      issuedBy: 'resource',
      scopesIn: 'list',
    });
    const seen = claims((await app.tokens({ scope: 'mcp:write' }, ALICE)).access_token);
    expect(seen).toMatchObject({
      iss: issuer,
      aud: ['https://mcp.acme.example/mcp', RESOURCE_ID],
      scopes: ['mcp:write'],
    });
    expect(seen).not.toHaveProperty('scope');
  });

  it('come from either address', async () => {
    const { app, origin } = await start();
    const root = app.with({ authorize: `${origin}/oauth/authorize`, token: `${origin}/oauth/token` });
    expect(claims((await root.tokens({}, ALICE)).access_token).aud).toEqual([RESOURCE_ID]);
  });

  it('are renewed where that was asked for', async () => {
    const { app } = await start();
    expect(await app.tokens({ scope: 'openid' }, ALICE)).not.toHaveProperty('refresh_token');
    const { refresh_token: first } = await app.tokens({ scope: 'offline_access' }, ALICE);
    expect((await app.refresh(first)).json.refresh_token).not.toBe(first);
    expect((await app.refresh(first)).json.error).toBe('invalid_grant');
  });
});

describe('ID tokens', () => {
  it('are for the client, as scopes allow', async () => {
    const { app, origin, consoleValues } = await start();
    const look = async (scope: string, more = {}) =>
      claims((await app.tokens({ scope, ...more }, ALICE)).id_token);
    const bare = await look('openid');
    const common = {
      iss: origin,
      sub: 'usr_121247790507492801',
      aud: [consoleValues.clientId],
      azp: consoleValues.clientId,
      iat: expect.any(Number),
      exp: expect.any(Number),
    };
    expect(bare).toEqual(common);
    expect(Number(bare.exp) - Number(bare.iat)).toBe(3600);
    expect(await look('openid profile email', { nonce: 'n' })).toEqual({
      ...common,
      name: 'Alice Adams',
      email: ALICE,
      email_verified: true,
      nonce: 'n',
    });
    expect(await app.tokens({ scope: 'email' }, ALICE)).not.toHaveProperty('id_token');
  });
});

describe('authorization', () => {
  it('wants a challenge and known scopes', async () => {
    const { app } = await start();
    const none = await app.ask({ code_challenge: '', code_challenge_method: '' });
    expect(Object.fromEntries(none.location!.searchParams)).toEqual({
      error: 'invalid_request',
      error_description: 'The authorization request contains invalid or missing parameters',
      state: 'the-state',
    });
    const untyped = await app.ask({ response_type: '' });
    expect(Object.fromEntries(untyped.location!.searchParams)).toEqual(
      Object.fromEntries(none.location!.searchParams),
    );
  });

  it('says on a page which client or address it does not know', async () => {
    const { app } = await start();
    expect((await app.ask({ client_id: 'x' })).text).toContain(
      'The client application is not recognized or not configured correctly<',
    );
    expect((await app.ask({ redirect_uri: 'https://x.example/' })).text).toContain(
      'Redirect URI is not part of the pre-approved list of redirect URIs<',
    );
  });

  it('lets no public client revoke', async () => {
    const { app, origin } = await start();
    const { access_token: token } = await app.tokens({}, ALICE);
    const { status, json } = await app.post({ token }, `${origin}/oauth/revoke`);
    expect([status, json]).toEqual([401, { error: 'invalid_client' }]);
  });
});

describe('registration', () => {
  const register = (address: string, body: unknown) =>
    call(address, { method: 'POST', body: JSON.stringify(body) });

  it('makes clients without a secret, whatever they ask for', async () => {
    const { registration, app } = await start({ nowSeconds: () => 7 });
    const redirect_uris = [app.options.redirectUri];
    const answer = await register(registration, {
      redirect_uris,
      client_name: 'Editor',
      token_endpoint_auth_method: 'client_secret_basic',
    });
    expect([answer.status, answer.json]).toEqual([
      201,
      {
        client_id: expect.stringMatching(/^m2m_\d+$/),
        client_id_issued_at: 7,
        client_name: 'Editor',
        redirect_uris,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
    ]);
    const again = await register(registration, { redirect_uris });
    expect(again.json.client_id).not.toBe(answer.json.client_id);
    expect(again.json).not.toHaveProperty('client_name');
    for (const wrong of [{}, { redirect_uris: ['nothing'] }]) {
      const { status, json } = await register(registration, wrong);
      expect([status, json]).toEqual([400, { error: 'invalid_redirect_uri' }]);
    }
  });

  it('can be off', async () => {
    const { registration, issuer, redirectUris } = await start({ dynamicRegistration: false });
    await expect(registerPublicly(registration, redirectUris)).rejects.toThrow('no client: 403');
    const { json } = await call(`${issuer}/.well-known/oauth-authorization-server`);
    expect(json).not.toHaveProperty('registration_endpoint');
  });
});

describe('discovery', () => {
  it('is of the resource, at two places, with the keys of the environment', async () => {
    const { origin, issuer, registration } = await start();
    const { json } = await call(`${issuer}/.well-known/oauth-authorization-server`);
    expect(json).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${origin}/keys`,
      registration_endpoint: registration,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access', 'mcp:read', 'mcp:write'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_post', 'client_secret_basic'],
      client_id_metadata_document_supported: true,
    });
    const inFront = `${origin}/.well-known/oauth-authorization-server/resources/${RESOURCE_ID}`;
    expect((await call(inFront)).json).toEqual(json);
    for (const absent of ['.well-known/openid-configuration', 'keys']) {
      expect((await call(`${issuer}/${absent}`)).status).toBe(404);
    }
  });

  it('is another document for the environment, where nobody registers', async () => {
    const { origin } = await start();
    expect((await call(`${origin}/.well-known/openid-configuration`)).json).toEqual({
      issuer: origin,
      authorization_endpoint: `${origin}/oauth/authorize`,
      token_endpoint: `${origin}/oauth/token`,
      jwks_uri: `${origin}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  });
});

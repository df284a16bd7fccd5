import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type OciOptions, startOci } from './oci.ts';

let running: Awaited<ReturnType<typeof startOci>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const READ = 'https://mcp.acme.example/mcp.read';

async function start(options: OciOptions = {}) {
  await running?.close();
  running = await startOci(options);
  const { consoleValues, redirectUris, origin } = running;
  const app = new RelyingParty({
    authorize: `${origin}/oauth2/v1/authorize`,
    token: `${origin}/oauth2/v1/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
    authentication: 'basic',
  });
  return { ...running, app };
}

describe('the issuer', () => {
  it('is not the address that its metadata are at', async () => {
    const { issuer, consoleValues, reach } = await start({ addresses: 'real' });
    const { json } = await call(reach(`${consoleValues.domainUrl}/.well-known/openid-configuration`));
    expect(json.issuer).toBe('https://identity.oraclecloud.com/');
    expect(issuer).toBe(json.issuer);
    expect(consoleValues.domainUrl).not.toContain('//identity.');
    expect(json).not.toHaveProperty('code_challenge_methods_supported');
    expect(json).not.toHaveProperty('introspection_endpoint');
    expect(json.token_endpoint_auth_methods_supported).not.toContain('client_secret_post');
  });
});

describe('tokens', () => {
  it('for the API have its audience, and scopes without it', async () => {
    const { app, issuer, origin } = await start();
    const tokens = await app.tokens({ scope: `openid ${READ}` }, ALICE);
    const { payload } = await jwtVerify(
      tokens.access_token,
      createRemoteJWKSet(new URL(`${origin}/admin/v1/SigningCert/jwk`)),
    );
    expect(payload).toMatchObject({
      iss: issuer,
      aud: 'https://mcp.acme.example/',
      scope: 'openid mcp.read',
      tok_type: 'AT',
      client_id: app.options.clientId,
    });
    expect(payload).toMatchObject({ sub: ALICE, user_id: '8f1d2c5e0a4b4a9e9b1a1e2f3a4b5c01' });
    expect(tokens).not.toHaveProperty('scope');
    expect(claims((await app.tokens({ scope: 'openid' }, ALICE)).access_token).aud).toContain(issuer);
  });

  it('of identity have a list as audience, and groups when asked for', async () => {
    const { app, issuer } = await start();
    const { id_token: token } = await app.tokens({ scope: 'openid groups', nonce: 'n' }, ALICE);
    expect(claims(token)).toMatchObject({
      aud: [issuer, app.options.clientId],
      azp: app.options.clientId,
      tok_type: 'IT',
      groups: ['Analysts', 'Administrators'],
      nonce: 'n',
    });
    expect(claims((await app.tokens({ scope: 'openid' }, ALICE)).id_token)).not.toHaveProperty('groups');
  });

  it('can not be verified while the certificate is not public', async () => {
    const { origin } = await start({ publicCertificate: false });
    expect((await call(`${origin}/admin/v1/SigningCert/jwk`)).status).toBe(401);
  });

  it('are renewed with offline_access, if the applications allow it, and rotate', async () => {
    const { app } = await start();
    expect(await app.tokens({ scope: 'openid' }, ALICE)).not.toHaveProperty('refresh_token');
    const { refresh_token: first } = await app.tokens({ scope: 'openid offline_access' }, ALICE);
    expect((await app.refresh(first)).json.refresh_token).not.toBe(first);
    expect((await app.refresh(first)).json.error).toBe('invalid_grant');
    const without = await start({ refreshGrant: false });
    expect(await without.app.tokens({ scope: 'openid offline_access' }, ALICE)).not.toHaveProperty(
      'refresh_token',
    );
  });

  it('open userinfo, with groups as objects', async () => {
    const { app, origin } = await start();
    const { access_token: token } = await app.tokens({ scope: 'openid email get_groups' }, ALICE);
    const { json } = await withToken(`${origin}/oauth2/v1/userinfo`, token);
    expect(json).toMatchObject({
      email_verified: true,
      groups: [{ name: 'Analysts' }, { name: 'Administrators' }],
    });
    const bare = await app.tokens({ scope: READ }, 'bob');
    expect((await withToken(`${origin}/oauth2/v1/userinfo`, bare.access_token)).status).toBe(401);
  });

  it('can be looked at and revoked, of both kinds', async () => {
    const { app, origin } = await start();
    const tokens = await app.tokens({ scope: 'openid offline_access' }, ALICE);
    for (const token of [tokens.access_token, tokens.refresh_token!]) {
      expect((await app.post({ token }, `${origin}/oauth2/v1/introspect`)).json).toMatchObject({
        active: true,
        sub: ALICE,
      });
      expect((await app.post({ token }, `${origin}/oauth2/v1/revoke`)).status).toBe(200);
      expect((await app.post({ token }, `${origin}/oauth2/v1/introspect`)).json).toEqual({ active: false });
    }
  });
});

describe('refusals', () => {
  it('of scopes that are not in full, or missing', async () => {
    const { app } = await start();
    const error = async (scope: string) => (await app.ask({ scope })).location?.searchParams.get('error');
    expect(await error('openid mcp.read')).toBe('invalid_scope');
    expect(await error('')).toBe('invalid_request');
  });

  it('of secrets in the body', async () => {
    const { app } = await start();
    const { status, json } = await app
      .with({ authentication: 'post' })
      .redeem(await app.code({ scope: 'openid' }, ALICE));
    expect([status, json.error]).toEqual([401, 'invalid_client']);
    expect((await app.redeem('no')).json.error).toBe('invalid_grant');
  });
});

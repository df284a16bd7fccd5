import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty } from '../relying-party.ts';
import { type B2cOptions, startAzureB2c } from './azure-b2c.ts';

let running: Awaited<ReturnType<typeof startAzureB2c>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@mail.example';

async function start(options: B2cOptions = {}) {
  await running?.close();
  running = await startAzureB2c(options);
  const { consoleValues, redirectUris, origin } = running;
  const base = `${origin}/${consoleValues.tenantName}.onmicrosoft.com/${consoleValues.policyName}`;
  const app = new RelyingParty({
    authorize: `${base}/oauth2/v2.0/authorize`,
    token: `${base}/oauth2/v2.0/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app, base, read: `${consoleValues.identifierUri}/mcp.read` };
}

describe('an authority', () => {
  it('is of a tenant and a policy, and its issuer has the id of the tenant', async () => {
    const { base, issuer, origin } = await start();
    const { json } = await call(`${base}/v2.0/.well-known/openid-configuration`);
    expect(json.issuer).toBe(issuer);
    expect(issuer).toBe(`${origin}/775527ff-9a37-4307-8b3d-cc311f58d925/v2.0/`);
    expect(
      (await call(`${base.replace('B2C_1_sign_in', 'b2c_1_other')}/v2.0/.well-known/openid-configuration`))
        .status,
    ).toBe(404);
    const { issuer: withPolicy } = await start({ issuerForm: 'tfp' });
    expect(withPolicy).toMatch(/\/tfp\/775527ff-[^/]+\/b2c_1_sign_in\/v2\.0\/$/);
  });
});

describe('tokens', () => {
  it('for access need a scope of the API, or the id of the client', async () => {
    const { app, read, base, issuer, consoleValues } = await start();
    const bare = await app.tokens({ scope: 'openid' }, ALICE);
    expect(bare).not.toHaveProperty('access_token');
    const { access_token: token } = await app.tokens({ scope: `openid ${read}` }, ALICE);
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${base}/discovery/v2.0/keys`)));
    expect(payload).toMatchObject({
      iss: issuer,
      aud: consoleValues.clientId,
      scp: 'mcp.read',
      tfp: 'B2C_1_sign_in',
    });
    const own = await app.tokens({ scope: `openid ${consoleValues.clientId}` }, ALICE);
    expect(claims(own.access_token)).not.toHaveProperty('scp');
  });

  it('of identity have a list of e-mails, and say nothing of their verification', async () => {
    const { app } = await start();
    const token = claims((await app.tokens({ scope: 'openid', nonce: 'n' }, ALICE)).id_token);
    expect(token).toMatchObject({ emails: [ALICE], nonce: 'n' });
    for (const absent of ['email', 'email_verified', 'preferred_username'])
      expect(token).not.toHaveProperty(absent);
  });

  it('are renewed with offline_access', async () => {
    const { app, read } = await start();
    expect(await app.tokens({ scope: read }, ALICE)).not.toHaveProperty('refresh_token');
    const { refresh_token: first } = await app.tokens({ scope: `offline_access ${read}` }, ALICE);
    expect((await app.refresh(first)).json.refresh_token).not.toBe(first);
    expect((await app.refresh('no')).json.error_description).toMatch(/^AADB2C90129/);
  });
});

describe('refusals', () => {
  it.each([
    ['mcp.read', 'AADB2C90055'],
    ['', 'AADB2C90010'],
  ])('of the scope «%s»', async (scope, code) => {
    const { app } = await start();
    expect((await app.ask({ scope })).location?.searchParams.get('error_description')).toMatch(code);
  });

  it('of addresses, clients and codes', async () => {
    const { app } = await start();
    expect((await app.ask({ scope: 'openid', redirect_uri: 'https://x.example' })).text).toContain(
      'AADB2C90006',
    );
    const code = await app.code({ scope: 'openid' }, ALICE);
    expect((await app.with({ clientSecret: 'x' }).redeem(code)).json.error).toBe('invalid_grant');
    expect((await app.redeem(code, { code_verifier: 'x' })).json.error_description).toMatch(/^AADB2C90182/);
    expect((await app.redeem(code)).status).toBe(200);
    expect((await app.redeem(code)).json.error).toBe('invalid_grant');
  });
});

import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type AzureOptions, startAzure } from './azure.ts';

let running: Awaited<ReturnType<typeof startAzure>> | undefined;
afterEach(() => running?.close());

const LOGIN = 'https://login.microsoftonline.com';
const ALICE = 'alice@acme.example';

async function start(options: AzureOptions = {}, tenant = '') {
  running = await startAzure(options);
  const { consoleValues, redirectUris, place } = running;
  const host = options.cloud === 'government' ? 'https://login.microsoftonline.us' : LOGIN;
  const base = `${host}/${tenant || consoleValues.tenantId}`;
  const app = new RelyingParty({
    authorize: place(`${base}/oauth2/v2.0/authorize`),
    token: place(`${base}/oauth2/v2.0/token`),
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  const read = `${consoleValues.identifierUri}/mcp.read`;
  return { ...running, app, base, read, write: `${consoleValues.identifierUri}/mcp.write` };
}

const GRAPH = 'https://graph.microsoft.com/User.Read';
const said = (location: URL | undefined) => [
  location?.searchParams.get('error'),
  /^AADSTS\d+/.exec(location?.searchParams.get('error_description') ?? '')?.[0],
];

describe('scopes', () => {
  it('have the prefix when asked for, and in the answer, but not in the token', async () => {
    const { app, read, issuer, place, base, consoleValues } = await start();
    const tokens = await app.tokens({ scope: `openid profile ${read}` }, ALICE);
    const keys = createRemoteJWKSet(new URL(place(`${base}/discovery/v2.0/keys`)));
    const { payload } = await jwtVerify(tokens.access_token, keys);
    expect(payload).toMatchObject({
      iss: issuer,
      aud: consoleValues.clientId,
      azp: consoleValues.clientId,
      azpacr: '1',
      scp: 'mcp.read',
      ver: '2.0',
      tid: consoleValues.tenantId,
      preferred_username: ALICE,
    });
    expect(payload).not.toHaveProperty('email');
    expect(tokens.scope).toBe(read);
    expect(tokens.expires_in).toBe(3599);
  });

  it.each([
    ['mcp.read', 'invalid_client', 'AADSTS650053'],
    ['groups', 'invalid_client', 'AADSTS650053'],
    ['api://6731de76-14a6-49ae-97bc-6eba6914391e/unknown', 'invalid_client', 'AADSTS650053'],
    ['api://somebody-else/mcp.read', 'invalid_resource', 'AADSTS500011'],
    [
      'api://6731de76-14a6-49ae-97bc-6eba6914391e/.default api://6731de76-14a6-49ae-97bc-6eba6914391e/mcp.read',
      'invalid_scope',
      'AADSTS70011',
    ],
    ['', 'invalid_request', 'AADSTS900144'],
  ])('%s is refused', async (scope, error, code) => {
    const { app } = await start();
    expect(said((await app.ask({ scope })).location)).toEqual([error, code]);
  });

  it('may span resources at authorization, but not in one token', async () => {
    const { app, read } = await start();
    const scope = `openid offline_access ${read} ${GRAPH}`;
    const code = await app.code({ scope }, ALICE);
    expect((await app.redeem(code)).json).toMatchObject({ error: 'invalid_request', error_codes: [28_003] });
    expect((await app.redeem(code, { scope })).json).toMatchObject({
      error: 'invalid_request',
      error_codes: [28_000],
    });
    expect((await app.redeem(code, { scope: 'https://other.example/x' })).json.error_codes).toEqual([70_011]);
    const { json } = await app.redeem(code, { scope: `openid offline_access ${read}` });
    expect(claims(json.access_token as string).scp).toBe('mcp.read');
    const graph = await app.refresh(json.refresh_token as string, { scope: GRAPH });
    expect(claims(graph.json.access_token as string).aud).toBe('00000003-0000-0000-c000-000000000000');
  });

  it('of the API need consent', async () => {
    const { app, read } = await start();
    const code = await app.code({ scope: 'openid' }, ALICE);
    expect((await app.redeem(code, { scope: read })).json).toMatchObject({
      error: 'invalid_grant',
      error_codes: [65_001],
    });
  });

  it('of .default are all of the API', async () => {
    const { app, consoleValues } = await start();
    const tokens = await app.tokens({ scope: `${consoleValues.clientId}/.default` }, ALICE);
    expect(claims(tokens.access_token).scp).toBe('mcp.read mcp.write');
  });
});

describe('resource', () => {
  it('must be that of the scopes', async () => {
    const { app, read, consoleValues } = await start();
    const mismatch = await app.ask({ scope: read, resource: 'https://mcp.example/mcp' });
    expect(said(mismatch.location)).toEqual(['invalid_target', 'AADSTS9010010']);
    const match = await app.ask({ scope: read, resource: consoleValues.identifierUri });
    expect(match.text).toContain('name="login"');
    const bare = await app.ask({ scope: 'openid', resource: 'https://mcp.example/mcp' });
    expect(said(bare.location)).toEqual(['invalid_request', 'AADSTS901002']);
  });

  it('may be named by another URI of the registration, with scopes that are below it', async () => {
    const { app, read, consoleValues } = await start({ tokenVersion: 1 });
    const resource = consoleValues.addressUri;
    const { access_token } = await app.tokens({ scope: `${resource}/mcp.read`, resource }, ALICE);
    expect(claims(access_token)).toMatchObject({ aud: resource, scp: 'mcp.read' });
    expect(said((await app.ask({ scope: read, resource })).location)).toEqual([
      'invalid_target',
      'AADSTS9010010',
    ]);
  });

  it('is refused at the token endpoint too', async () => {
    const { app, read } = await start();
    const { status, json } = await app.redeem(await app.code({ scope: read }, ALICE), {
      resource: 'https://mcp.example/mcp',
    });
    expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_target', [9_010_010]]);
  });
});

describe('access tokens', () => {
  it('of version 1.0 have another issuer and the URI as audience', async () => {
    const { app, read, place, consoleValues } = await start({ tokenVersion: 1 });
    const token = claims((await app.tokens({ scope: read }, ALICE)).access_token);
    expect(token).toMatchObject({
      iss: place(`https://sts.windows.net/${consoleValues.tenantId}/`),
      aud: consoleValues.identifierUri,
      appid: consoleValues.clientId,
      ver: '1.0',
      upn: ALICE,
    });
    expect(token).not.toHaveProperty('azp');
  });

  it('without a scope of the API are for Graph, and nobody else can verify them', async () => {
    const { app, base, place, read } = await start();
    const { access_token: token } = await app.tokens({ scope: 'openid profile' }, ALICE);
    expect(claims(token).aud).toBe('00000003-0000-0000-c000-000000000000');
    const keys = createRemoteJWKSet(new URL(place(`${base}/discovery/v2.0/keys`)));
    await expect(jwtVerify(token, keys)).rejects.toThrow('signature');
    const userinfo = place('https://graph.microsoft.com/oidc/userinfo');
    expect((await withToken(userinfo, token)).json).toMatchObject({ name: 'Alice Adams' });
    expect((await withToken(userinfo, (await app.tokens({ scope: read }, ALICE)).access_token)).status).toBe(
      401,
    );
  });

  it('have groups as asked, and above 200 a link in their place', async () => {
    const { app, read } = await start({ groups: true });
    expect(claims((await app.tokens({ scope: read }, ALICE)).access_token)).toMatchObject({
      groups: [expect.any(String), expect.any(String)],
      roles: ['Mcp.Admin'],
    });
    const bob = claims((await app.tokens({ scope: read }, 'bob@acme.example')).access_token);
    expect(bob).toMatchObject({ _claim_names: { groups: 'src1' } });
    expect(bob).not.toHaveProperty('groups');
  });
});

describe('ID tokens', () => {
  it('need scopes for their claims, and have no email_verified', async () => {
    const { app, issuer } = await start();
    const full = claims((await app.tokens({ scope: 'openid profile email', nonce: 'n' }, ALICE)).id_token);
    expect(full).toMatchObject({
      iss: issuer,
      oid: expect.any(String),
      email: ALICE,
      nonce: 'n',
      tid: expect.any(String),
    });
    for (const absent of ['email_verified', 'xms_edov', 'groups']) expect(full).not.toHaveProperty(absent);
    const bare = claims((await app.tokens({ scope: 'openid' }, ALICE)).id_token);
    for (const absent of ['oid', 'preferred_username', 'email']) expect(bare).not.toHaveProperty(absent);
    expect(await app.tokens({ scope: 'profile' }, ALICE)).not.toHaveProperty('id_token');
  });

  it('say with xms_edov whose e-mail it is', async () => {
    const { app } = await start({ edov: true, accounts: 'any organisation' }, 'organizations');
    const asked = { scope: 'openid email' };
    expect(claims((await app.tokens(asked, ALICE)).id_token)).toMatchObject({ email: ALICE, xms_edov: true });
    expect(claims((await app.tokens(asked, 'mallory@evil.example')).id_token)).toMatchObject({
      email: ALICE,
      xms_edov: false,
    });
  });
});

describe('tenants', () => {
  it('that several share have a template as issuer, and tokens that of the person', async () => {
    const { app, base, place } = await start({ accounts: 'any organisation' }, 'organizations');
    const metadata = await call(place(`${base}/v2.0/.well-known/openid-configuration`));
    expect(metadata.json.issuer).toBe(place(`${LOGIN}/{tenantid}/v2.0`));
    const mallory = claims((await app.tokens({ scope: 'openid' }, 'mallory@evil.example')).id_token);
    expect(mallory.iss).toBe(place(`${LOGIN}/1f2d3c4b-5a69-4788-9abc-def012345678/v2.0`));
    expect((await app.signIn({ scope: 'openid' }, 'dave@outlook.example')).text).toContain('AADSTS50020');
  });

  it('are refused, unknown, foreign or shared', async () => {
    const { app, place, origin } = await start();
    expect((await app.signIn({ scope: 'openid' }, 'mallory@evil.example')).text).toContain('AADSTS50020');
    const at = (tenant: string) =>
      app.with({ authorize: `${origin}/${tenant}/oauth2/v2.0/authorize` }).ask({ scope: 'openid' });
    expect((await at('common')).text).toContain('AADSTS50194');
    expect((await at('nowhere')).text).toContain('AADSTS90002');
    const unknown = await call(place(`${LOGIN}/nowhere/v2.0/.well-known/openid-configuration`));
    expect([unknown.status, unknown.json.error]).toEqual([400, 'invalid_tenant']);
  });

  it('tell neither challenge methods nor a revocation endpoint', async () => {
    const { base, place, issuer } = await start();
    const { json } = await call(place(`${base}/v2.0/.well-known/openid-configuration`));
    expect(json.issuer).toBe(issuer);
    expect(json).not.toHaveProperty('code_challenge_methods_supported');
    expect(json).not.toHaveProperty('revocation_endpoint');
  });

  it('of the government are on another host', async () => {
    const { app, place, read, consoleValues } = await start({ cloud: 'government', addresses: 'local' });
    const token = claims((await app.tokens({ scope: read }, ALICE)).access_token);
    expect(token.iss).toBe(place(`https://login.microsoftonline.us/${consoleValues.tenantId}/v2.0`));
    expect(place(LOGIN)).toBe(LOGIN);
  });
});

describe('refresh tokens', () => {
  it('need offline_access, are new with every use, and the old one stays', async () => {
    const { app, read } = await start();
    expect(await app.tokens({ scope: `openid ${read}` }, ALICE)).not.toHaveProperty('refresh_token');
    const { refresh_token: first } = await app.tokens({ scope: `openid offline_access ${read}` }, ALICE);
    const second = (await app.refresh(first, { scope: read })).json.refresh_token;
    expect(second).not.toBe(first);
    expect((await app.refresh(first)).status).toBe(200);
    expect((await app.refresh('1.ARno')).json).toMatchObject({
      error: 'invalid_grant',
      error_codes: [70_000],
    });
  });
});

describe('clients', () => {
  it.each([
    [{ clientSecret: 'wrong' }, 7_000_215],
    [{ clientSecret: undefined as unknown as string }, 7_000_218],
  ])('of the web need their secret: %j', async (options, code) => {
    const { app, read } = await start();
    const { status, json } = await app.with(options).redeem(await app.code({ scope: read }, ALICE));
    expect([status, json.error, json.error_codes]).toEqual([401, 'invalid_client', [code]]);
    expect(json).toMatchObject({ trace_id: expect.any(String), timestamp: expect.stringMatching(/Z$/) });
  });

  it('without one may show none, and single-page ones need a challenge and an origin', async () => {
    const open = await start({ platform: 'public' });
    const shown = await open.app
      .with({ clientSecret: 'x' })
      .redeem(await open.app.code({ scope: open.read }, ALICE));
    expect(shown.json).toMatchObject({ error: 'invalid_client', error_codes: [700_025] });
    await open.close();
    const { app, read } = await start({ platform: 'spa' });
    const bare = await app.ask({ scope: read, code_challenge: '', code_challenge_method: '' });
    expect(said(bare.location)[1]).toBe('AADSTS9002325');
    const code = await app.code({ scope: read }, ALICE);
    expect((await app.redeem(code)).json.error_codes).toEqual([9_002_327]);
    const form = { grant_type: 'authorization_code', code, redirect_uri: app.options.redirectUri };
    const verifier = { code_verifier: 'a-verifier-that-is-long-enough-for-the-specification' };
    const good = await app.post({ ...form, ...verifier }, app.options.token, {
      origin: 'https://spa.example',
    });
    expect(good.status).toBe(200);
  });

  it('redeem a code once, with its verifier and address', async () => {
    const { app, read } = await start();
    const code = await app.code({ scope: read }, ALICE);
    expect((await app.redeem(code, { code_verifier: 'x' })).json.error_codes).toEqual([501_481]);
    expect((await app.redeem(code, { redirect_uri: 'https://x.example' })).json.error_codes).toEqual([
      500_112,
    ]);
    expect((await app.redeem(code)).status).toBe(200);
    expect((await app.redeem(code)).json).toMatchObject({ error: 'invalid_grant', error_codes: [54_005] });
  });

  it('that are unknown, or come from elsewhere, see a page', async () => {
    const { app } = await start();
    expect((await app.ask({ scope: 'openid', client_id: 'x' })).text).toContain('AADSTS700016');
    expect((await app.ask({ scope: 'openid', redirect_uri: 'https://x.example/' })).text).toContain(
      'AADSTS50011',
    );
  });
});

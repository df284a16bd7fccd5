import { afterEach, describe, expect, it } from 'vitest';
import { call, claims, RelyingParty, withToken } from '../relying-party.ts';
import { type GoogleOptions, startGoogle } from './google.ts';

let running: Awaited<ReturnType<typeof startGoogle>> | undefined;
afterEach(() => running?.close());

const ALICE = 'alice@acme.example';
const BOB = 'bob@gmail.example';
const OFFLINE = { scope: 'openid email', access_type: 'offline' };

async function start(options: GoogleOptions = {}) {
  running = await startGoogle(options);
  const { consoleValues, redirectUris, place } = running;
  const app = new RelyingParty({
    authorize: place('https://accounts.google.com/o/oauth2/v2/auth'),
    token: place('https://oauth2.googleapis.com/token'),
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app };
}

describe('a refresh token', () => {
  it('comes with access_type=offline, at the first consent only', async () => {
    const { app } = await start();
    expect(await app.tokens({ scope: 'openid' }, BOB)).not.toHaveProperty('refresh_token');
    expect((await app.tokens(OFFLINE, ALICE)).refresh_token).toMatch(/^1\/\//);
    expect(await app.tokens(OFFLINE, ALICE)).not.toHaveProperty('refresh_token');
    expect(await app.tokens({ ...OFFLINE, prompt: 'consent' }, ALICE)).toHaveProperty('refresh_token');
    expect(await app.tokens({ scope: 'openid', prompt: 'consent' }, ALICE)).not.toHaveProperty(
      'refresh_token',
    );
  });

  it('is not asked for with offline_access', async () => {
    const { app } = await start();
    const { status, text } = await app.ask({ scope: 'openid offline_access' });
    expect([status, text]).toEqual([400, expect.stringContaining('invalid_scope')]);
    expect(text).toContain('offline_access');
  });

  it('stays the same when it is used', async () => {
    const { app } = await start();
    const { refresh_token: token } = await app.tokens(OFFLINE, ALICE);
    const refreshed = await app.refresh(token);
    expect(refreshed.json).not.toHaveProperty('refresh_token');
    expect((await app.refresh(token)).status).toBe(200);
  });

  it('ends with the revocation of an access token', async () => {
    const { app, place } = await start();
    const tokens = await app.tokens(OFFLINE, ALICE);
    const revoke = place('https://oauth2.googleapis.com/revoke');
    const body = () => new URLSearchParams({ token: tokens.access_token });
    expect((await call(revoke, { method: 'POST', body: body() })).status).toBe(200);
    expect((await app.refresh(tokens.refresh_token)).json).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
    const again = await call(revoke, { method: 'POST', body: body() });
    expect([again.status, again.json.error]).toEqual([400, 'invalid_token']);
  });
});

describe('the access token', () => {
  it('is opaque, and lives 3599 seconds', async () => {
    let now = 1_800_000_000;
    const { app, place } = await start({ nowSeconds: () => now });
    const tokens = await app.tokens({ scope: 'openid email profile' }, ALICE);
    expect(tokens.access_token).toMatch(/^ya29\.[^.]+$/);
    expect(tokens.expires_in).toBe(3599);
    const userinfo = place('https://openidconnect.googleapis.com/v1/userinfo');
    expect((await withToken(userinfo, tokens.access_token)).json).toMatchObject({ name: 'Alice Adams' });
    now += 3599;
    const over = await withToken(userinfo, tokens.access_token);
    expect([over.status, over.json]).toEqual([
      401,
      { error: 'invalid_request', error_description: 'Invalid Credentials' },
    ]);
    expect((await call(userinfo)).json).toEqual(over.json);
    expect((await call(userinfo)).status).toBe(401);
  });

  it('is described by tokeninfo, in texts', async () => {
    const { app, place } = await start();
    const tokens = await app.tokens(OFFLINE, ALICE);
    const { json } = await call(
      place(`https://oauth2.googleapis.com/tokeninfo?access_token=${tokens.access_token}`),
    );
    expect(json).toMatchObject({
      aud: app.options.clientId,
      email_verified: 'true',
      access_type: 'offline',
      scope: 'openid https://www.googleapis.com/auth/userinfo.email',
      expires_in: expect.stringMatching(/^\d+$/),
    });
    const bad = await call(place('https://oauth2.googleapis.com/tokeninfo?access_token=ya29.no'));
    expect([bad.status, bad.json]).toEqual([
      400,
      { error: 'invalid_token', error_description: 'Invalid Value' },
    ]);
  });

  it('opens the older userinfo with other names', async () => {
    const { app, place } = await start();
    const { access_token: token } = await app.tokens({ scope: 'openid email' }, ALICE);
    const { json } = await withToken(place('https://www.googleapis.com/oauth2/v2/userinfo'), token);
    expect(json).toMatchObject({ id: '110169484474386276334', verified_email: true });
    expect(json).not.toHaveProperty('sub');
  });
});

describe('hd', () => {
  it('is a claim of organisations only, and the parameter keeps nobody out', async () => {
    const { app, issuer } = await start();
    const asked = { scope: 'openid email', hd: 'acme.example' };
    expect(claims((await app.tokens(asked, ALICE)).id_token)).toMatchObject({
      iss: issuer,
      hd: 'acme.example',
    });
    expect(claims((await app.tokens(asked, BOB)).id_token)).not.toHaveProperty('hd');
    const carol = claims((await app.tokens(asked, 'carol@acme.example')).id_token);
    expect(carol).toMatchObject({ email: 'carol@acme.example', email_verified: false });
    expect(carol).not.toHaveProperty('hd');
  });

  it('is enforced for an internal application', async () => {
    const { app } = await start({ internalTo: 'acme.example' });
    const { status, text } = await app.signIn({ scope: 'openid' }, BOB);
    expect([status, text]).toEqual([403, expect.stringContaining('org_internal')]);
  });
});

describe('refusals', () => {
  it.each([
    [
      { resource: 'https://mcp.example/mcp', scope: 'openid' },
      'Parameter not allowed for this message type: resource',
    ],
    [
      { audience: 'https://mcp.example/mcp', scope: 'openid' },
      'Parameter not allowed for this message type: audience',
    ],
    [{ scope: '' }, 'Missing required parameter: scope'],
    [{ redirect_uri: 'https://x.example/', scope: 'openid' }, 'redirect_uri_mismatch'],
    [{ client_id: 'unknown', scope: 'openid' }, 'The OAuth client was not found.'],
  ])('are shown on a page: %j', async (parameters, message) => {
    const { app } = await start();
    const { location, text } = await app.ask(parameters as Record<string, string>);
    expect(location).toBeUndefined();
    expect(text).toContain(message);
  });

  it('of the token endpoint', async () => {
    const { app } = await start();
    const code = await app.code({ scope: 'openid' }, ALICE);
    const without = await app.with({ clientSecret: undefined as unknown as string }).redeem(code);
    expect([without.status, without.json.error_description]).toEqual([400, 'client_secret is missing.']);
    const wrong = await app.with({ clientSecret: 'x' }).redeem(code);
    expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_client']);
    expect((await app.redeem(code, { code_verifier: '' })).json.error_description).toBe(
      'Missing code verifier.',
    );
    expect((await app.redeem(code, { code_verifier: 'x' })).json.error_description).toBe(
      'Invalid code verifier.',
    );
    const moved = await app.redeem(code, { redirect_uri: 'https://x.example' });
    expect([moved.status, moved.json.error]).toEqual([400, 'redirect_uri_mismatch']);
    expect((await app.redeem(code)).status).toBe(200);
    expect((await app.redeem(code)).json.error).toBe('invalid_grant');
    expect((await app.with({ authentication: 'basic' }).tokens({ scope: 'openid' }, ALICE)).token_type).toBe(
      'Bearer',
    );
  });
});

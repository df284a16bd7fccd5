import { describe, expect, it } from 'vitest';
import {
  login,
  openHouse,
  PUBLIC_URL,
  register,
  scriptedSignIn,
  type Tokens,
  walkToCode,
  walkToProvider,
} from '../../auth.contract.ts';

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

async function begin(
  over: Parameters<typeof openHouse>[0] = {},
  options: Parameters<typeof walkToCode>[1] = {},
) {
  const house = await openHouse(over);
  const walked = await walkToCode(house.first, options);
  const redeem = async (fields: Record<string, string> = {}, server = house.first) => {
    const response = await server.form('/token', { ...walked.fields, ...fields });
    const body = (await response.json()) as Partial<Tokens> & { error?: string };
    return { status: response.status, body, error: body.error };
  };
  return { ...house, ...walked, redeem };
}

describe('redeeming a code', () => {
  it('[AS-9][AS-10][AS-19] answers tokens for exactly what was approved', async () => {
    const { redeem, first, clientId } = await begin();
    const { status, body } = await redeem();
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'mcp:read' });
    const claims = claimsOf(body.access_token!);
    expect(claims).toMatchObject({
      iss: PUBLIC_URL,
      aud: `${PUBLIC_URL}/mcp`,
      client_id: clientId,
      scope: 'mcp:read',
      gen: 1,
    });
    expect(claims.exp - claims.iat).toBe(3600);
    expect(claims.jti).toMatch(/^[\w-]{22}$/);
    expect(await first.guard(body.access_token)).toMatchObject({ status: 200, subject: 'alice' });
  });

  it('[S1] gives exactly one of 8 at once over two replicas the tokens, and revokes nothing', async () => {
    const { redeem, servers } = await begin();
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => redeem({}, servers[i % 2])));
    const won = all.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(all.filter(({ status, error }) => status === 400 && error === 'invalid_grant')).toHaveLength(7);
    for (const server of servers) expect((await server.guard(won[0]!.body.access_token)).status).toBe(200);
  });

  it('[S1][AS-8] a replay after 10 seconds ends the session on every replica', async () => {
    const { redeem, clock, first, second } = await begin();
    const { body } = await redeem();
    expect((await second.guard(body.access_token)).status).toBe(200);
    clock.advance(10);
    expect(await redeem()).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect((await first.guard(body.access_token)).status).toBe(401);
    clock.advance(5);
    expect((await second.guard(body.access_token)).status).toBe(401);
  });

  it('[S1] a replay by another client ends the session at once', async () => {
    const { redeem, first } = await begin();
    const { body } = await redeem();
    const other = await register(first, { client_name: 'Thief' });
    expect((await redeem({ client_id: other.client_id })).error).toBe('invalid_grant');
    expect((await first.guard(body.access_token)).status).toBe(401);
  });

  it('[AS-2][AS-8][G5] is bound to client, redirect URI, verifier and resource; a wrong guess does not spend it', async () => {
    const { redeem, first, code } = await begin(
      { resources: [{ path: '/mcp' }, { path: '/other' }] },
      { over: { resource: `${PUBLIC_URL}/mcp` } },
    );
    const other = await register(first, { client_name: 'Other' });
    const wrong: [Record<string, string>, string][] = [
      [{ client_id: other.client_id }, 'invalid_grant'],
      [{ redirect_uri: 'http://127.0.0.1:4568/callback' }, 'invalid_grant'],
      [{ redirect_uri: 'https://evil.example' }, 'invalid_grant'],
      [{ code_verifier: 'w'.repeat(43) }, 'invalid_grant'],
      [{ code_verifier: 'short' }, 'invalid_grant'],
      [{ code_verifier: '' }, 'invalid_request'],
      [{ code: '' }, 'invalid_request'],
      [{ code: `${code}x` }, 'invalid_grant'],
      [{ resource: `${PUBLIC_URL}/other` }, 'invalid_target'],
      [{ resource: 'https://evil.example/mcp' }, 'invalid_target'],
    ];
    for (const [over, error] of wrong)
      expect({ over, error: (await redeem(over)).error }).toEqual({ over, error });
    expect((await redeem({ resource: `${PUBLIC_URL}/mcp` })).status).toBe(200);
  });

  it('[G5] takes no access token, refresh token or client id for a code', async () => {
    const { redeem, first } = await begin();
    const { tokens, clientId } = await login(first);
    for (const code of [tokens.access_token, tokens.refresh_token, clientId]) {
      const { status, error } = await redeem({ code });
      expect(status).toBe(400);
      expect(['invalid_grant', 'invalid_request']).toContain(error);
    }
  });

  it('lives for 60 seconds', async () => {
    const { redeem, clock } = await begin();
    clock.advance(60);
    expect(await redeem()).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it('gives no refresh token to a client that did not register for it', async () => {
    const { redeem } = await begin({}, { registration: { grant_types: ['authorization_code'] } });
    const { status, body } = await redeem();
    expect(status).toBe(200);
    expect(body.refresh_token).toBeUndefined();
  });

  it('needs the secret of a confidential client, in either of two ways, and in one at a time', async () => {
    const confidential = { token_endpoint_auth_method: 'client_secret_basic' };
    const { redeem, fields, clientSecret, clientId, first } = await begin({}, { registration: confidential });
    const secret = clientSecret!;
    const basic = (id: string, password: string) =>
      `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64')}`;
    expect(await redeem()).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(await redeem({ client_secret: `${secret}x` })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    const { client_id: _, ...nameless } = fields;
    const wrong = await first.form('/token', nameless, { authorization: basic(clientId, 'wrong') });
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic /),
    ]);
    const both = await first.form(
      '/token',
      { ...fields, client_secret: secret },
      { authorization: basic(clientId, secret) },
    );
    expect(both.status).toBe(400);
    const right = await first.form('/token', nameless, { authorization: basic(clientId, secret) });
    expect(right.status).toBe(200);
    const other = await begin({}, { registration: { ...confidential, client_name: 'Two' } });
    expect((await other.redeem({ client_secret: other.clientSecret! })).status).toBe(200);
  });

  it('[S4] is 503 temporarily_unavailable while the store is away, as JSON with Retry-After, and good afterwards', async () => {
    const { redeem, control, first, fields } = await begin();
    control.outage = 'all';
    const response = await first.form('/token', fields);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
    control.outage = 'none';
    expect((await redeem()).status).toBe(200);
  });
});

describe('tokens of the provider', () => {
  const throughProvider = async () => {
    const idp = scriptedSignIn();
    const house = await openHouse({ issuer: { signIns: [idp.signIn] } });
    const { client_id: clientId } = await register(house.first);
    const { callback } = await walkToProvider(house.first, clientId);
    const code = new URL((await callback()).response.headers.get('location')!).searchParams.get('code')!;
    const fields = {
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      code_verifier: 'v'.repeat(43),
    };
    return { ...house, ...idp, fields };
  };

  it('[PX-7][G5] stay here: the client gets ours, and the provider’s are no key to anything', async () => {
    const { first, fields } = await throughProvider();
    const text = await (await first.form('/token', fields)).text();
    expect(text).not.toContain('upstream');
    expect((await first.guard('upstream-access')).status).toBe(401);
  });

  it('[G4] lend none of their scopes to ours, neither at first nor at a refresh', async () => {
    const upstream = { accessToken: 'a', refreshToken: 'r', scope: 'openid mcp:read mcp:write mcp:admin' };
    const identity = { issuer: 'https://idp.example', subject: 'alice' };
    const { signIn, asked } = scriptedSignIn('idp', {
      finish: async () => ({ identity, upstream }),
      refresh: async () => upstream,
    });
    const { first, clock } = await openHouse({
      issuer: { signIns: [signIn] },
      scopes: { 'mcp:read': 'Read', 'mcp:write': 'Write', 'mcp:admin': 'Administer' },
    });
    const { client_id: clientId } = await register(first);
    const { callback } = await walkToProvider(first, clientId);
    const code = new URL((await callback()).response.headers.get('location')!).searchParams.get('code')!;
    const token = async (fields: Record<string, string>) =>
      (await (await first.form('/token', { client_id: clientId, ...fields })).json()) as Record<
        string,
        string
      >;
    const begun = await token({ grant_type: 'authorization_code', code, code_verifier: 'v'.repeat(43) });
    expect(begun.scope).toBe('mcp:read');
    expect(await first.guard(begun.access_token)).toMatchObject({ status: 200, scopes: ['mcp:read'] });
    clock.advance(3600);
    const renew = { grant_type: 'refresh_token', refresh_token: begun.refresh_token! };
    expect(await token({ ...renew, scope: 'mcp:read mcp:write' })).toMatchObject({ error: 'invalid_scope' });
    const renewed = await token(renew);
    expect([renewed.scope, asked.refreshes]).toEqual(['mcp:read', 1]);
    expect(await first.guard(renewed.access_token)).toMatchObject({ scopes: ['mcp:read'] });
  });

  it('are given back when the session was ended before it began', async () => {
    const { first, second, fields, asked, control, store } = await throughProvider();
    // Between the redemption and the start of the session a thief replays the code.
    let replayed: Promise<Response> | undefined;
    control.outage = (method, kind) => {
      if (method === 'put' && kind === 'upstream-tokens')
        replayed ??= second.form('/token', { ...fields, code_verifier: 'w'.repeat(43) });
      return false;
    };
    const response = await first.form('/token', fields);
    await replayed;
    if (response.status === 200) {
      // The replay came a moment later: then it ended the session, and its tokens went with it.
      expect((await first.form('/token', { ...fields, code_verifier: 'w'.repeat(43) })).status).toBe(400);
    }
    expect(asked.revoked).toEqual(['upstream-refresh']);
    expect((await store.list('upstream-tokens')).keys).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { login, openHouse, refresh, register, scriptedSignIn, walkToProvider } from '../../auth.contract.ts';

async function begin() {
  const house = await openHouse();
  const done = await login(house.first);
  const revoke = async (token: string, fields: Record<string, string> = {}, server = house.first) =>
    (await server.form('/revoke', { token, client_id: done.clientId, ...fields })).status;
  return { ...house, ...done, revoke };
}

describe('giving back a token', () => {
  it('[G6][AS-19] a refresh token ends its session: at once here, within 5 seconds elsewhere', async () => {
    const { revoke, tokens, first, second, clock, clientId } = await begin();
    expect((await second.guard(tokens.access_token)).status).toBe(200);
    expect(await revoke(tokens.refresh_token)).toBe(200);
    expect((await first.guard(tokens.access_token)).status).toBe(401);
    clock.advance(5);
    expect((await second.guard(tokens.access_token)).status).toBe(401);
    expect(await refresh(second, clientId, tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('[G6] an access token ends alone, and stays ended until it expires', async () => {
    const { revoke, tokens, first, second, clock, clientId } = await begin();
    expect(await revoke(tokens.access_token)).toBe(200);
    expect((await first.guard(tokens.access_token)).status).toBe(401);
    const next = await refresh(first, clientId, tokens.refresh_token);
    expect((await first.guard(next.body.access_token)).status).toBe(200);
    for (let i = 0; i < 10; i += 1) {
      clock.advance(300);
      expect((await second.guard(tokens.access_token)).status).toBe(401);
    }
  });

  it('ends the session also by a refresh token of an earlier generation, with or without a hint', async () => {
    for (const hint of [undefined, 'access_token', 'refresh_token', 'nonsense']) {
      const { revoke, tokens, first, clientId } = await begin();
      const next = await refresh(first, clientId, tokens.refresh_token);
      await revoke(tokens.refresh_token, hint === undefined ? {} : { token_type_hint: hint });
      expect((await refresh(first, clientId, next.body.refresh_token!)).status).toBe(400);
    }
  });

  it('says 200 and does nothing for a token that is unknown, forged, ended or of another client', async () => {
    const { revoke, tokens, first } = await begin();
    const other = await register(first, { client_name: 'Other' });
    expect(await revoke(tokens.refresh_token, { client_id: other.client_id })).toBe(200);
    expect(await revoke(tokens.access_token, { client_id: other.client_id })).toBe(200);
    for (const token of [
      'garbage',
      `${tokens.refresh_token.slice(0, -2)}AA`,
      `${tokens.access_token}x`,
      'a.b.c',
    ])
      expect(await revoke(token)).toBe(200);
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    expect(await revoke(tokens.refresh_token)).toBe(200);
    expect(await revoke(tokens.refresh_token)).toBe(200);
    expect(await revoke(tokens.access_token)).toBe(200);
  });

  it('asks who is there: unknown clients, missing and wrong secrets are 401 and end nothing', async () => {
    const { first, control } = await begin();
    const confidential = await login(first, {
      registration: { token_endpoint_auth_method: 'client_secret_post' },
    });
    const { clientId: client_id, tokens } = confidential;
    const attempts = [
      { client_id: 'nobody' },
      { client_id },
      { client_id, client_secret: 'wrong' },
    ] as Record<string, string>[];
    for (const fields of attempts) {
      const response = await first.form('/revoke', { token: tokens.refresh_token, ...fields });
      expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([
        401,
        'invalid_client',
      ]);
    }
    expect((await first.form('/revoke', { token: tokens.refresh_token })).status).toBe(400);
    expect((await first.form('/revoke', { client_id })).status).toBe(400);
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    expect(control.outage).toBe('none');
  });

  it('tells the provider, and forgets its tokens', async () => {
    const idp = scriptedSignIn();
    const { first, store } = await openHouse({ issuer: { signIns: [idp.signIn] } });
    const { client_id } = await register(first);
    const { callback } = await walkToProvider(first, client_id);
    const code = new URL((await callback()).response.headers.get('location')!).searchParams.get('code')!;
    const response = await first.form('/token', {
      grant_type: 'authorization_code',
      code,
      client_id,
      code_verifier: 'v'.repeat(43),
    });
    const { refresh_token } = (await response.json()) as { refresh_token: string };
    expect((await store.list('upstream-tokens')).keys).toHaveLength(1);
    expect((await first.form('/revoke', { token: refresh_token, client_id })).status).toBe(200);
    expect((await store.list('upstream-tokens')).keys).toEqual([]);
    expect(idp.asked.revoked).toEqual(['upstream-refresh']);
  });

  it('[S4] is 503 while the store is away, and not a 200 that would be a lie', async () => {
    const { revoke, tokens, control, first } = await begin();
    control.outage = 'all';
    expect(await revoke(tokens.refresh_token)).toBe(503);
    expect(await revoke(tokens.access_token)).toBe(503);
    control.outage = 'none';
    expect(await revoke(tokens.refresh_token)).toBe(200);
    expect((await first.guard(tokens.access_token)).status).toBe(401);
  });
});

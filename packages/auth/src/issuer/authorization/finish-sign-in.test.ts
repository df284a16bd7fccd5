import { describe, expect, it } from 'vitest';
import { openHouse, register, scriptedSignIn, walkToProvider } from '../../auth.contract.ts';
import type { SignedIn } from '../../sign-in/sign-in.ts';

const identity = { issuer: 'https://idp.example', subject: 'alice', username: 'alice' };

async function signInWith(signedIn: SignedIn, refreshable = true) {
  const { signIn, asked } = scriptedSignIn('idp', { finish: async () => signedIn });
  const { refresh: _, ...without } = signIn;
  const house = await openHouse({ issuer: { signIns: [refreshable ? signIn : without] } });
  const { client_id: clientId } = await register(house.first);
  const { callback } = await walkToProvider(house.first, clientId);
  const location = new URL((await callback()).response.headers.get('location')!);
  const redeem = async () => {
    const fields = {
      grant_type: 'authorization_code',
      code: location.searchParams.get('code')!,
      client_id: clientId,
      code_verifier: 'v'.repeat(43),
    };
    return (await (await house.first.form('/token', fields)).json()) as {
      access_token: string;
      refresh_token: string;
    };
  };
  const renew = (token: string) =>
    house.first.form('/token', { grant_type: 'refresh_token', refresh_token: token, client_id: clientId });
  return { ...house, asked, redeem, renew, clientId };
}

describe('a person who signed in', () => {
  it('can be asked about later where the provider gave a refresh token: the session lives long', async () => {
    const { redeem, renew, clock, asked } = await signInWith({
      identity,
      upstream: { accessToken: 'a', refreshToken: 'r' },
    });
    const { refresh_token } = await redeem();
    clock.advance(20 * 86_400);
    expect((await renew(refresh_token)).status).toBe(200);
    expect(asked.refreshes).toBe(1);
  });

  it('can not be asked about where it gave none, or can not refresh: the session ends after 24 hours', async () => {
    for (const [upstream, refreshable] of [
      [{ accessToken: 'a' }, true],
      [{ accessToken: 'a', refreshToken: 'r' }, false],
    ] as const) {
      const { redeem, renew, clock, store } = await signInWith({ identity, upstream }, refreshable);
      const { refresh_token } = await redeem();
      // For code behind the gate, and to be given back: no longer than the session.
      expect((await store.list('upstream-tokens')).keys).toHaveLength(1);
      clock.advance(86_399);
      expect((await renew(refresh_token)).status).toBe(200);
      clock.advance(1);
      expect((await renew(refresh_token)).status).toBe(400);
      expect((await store.list('upstream-tokens')).keys).toEqual([]);
    }
  });

  it('[G10] is nobody else: the session is of issuer and subject', async () => {
    const { redeem, first, events, clientId } = await signInWith({ identity });
    expect(await first.guard((await redeem()).access_token)).toMatchObject({ status: 200, subject: 'alice' });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'session.started',
        issuer: 'https://idp.example',
        subject: 'alice',
        clientId,
      }),
    );
  });
});

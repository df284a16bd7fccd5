import { afterEach, describe, expect, it } from 'vitest';
import { type ClerkOptions, startClerk } from '../../../../testing/providers/clerk.ts';
import { clerk } from './clerk.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

const standIns: Awaited<ReturnType<typeof startClerk>>[] = [];
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.close();
});

async function open(options: ClerkOptions = {}) {
  const standIn = await startClerk({ addresses: 'real', redirectUris: [callbackUrl], ...options });
  standIns.push(standIn);
  const { domain, ...registration } = standIn.consoleValues;
  return { ...(await openPreset(clerk, standIn, { ...registration, options: { domain } })), standIn };
}

const ALICE = 'alice@acme.example';
const issuer = 'https://well-hagfish-71.clerk.accounts.dev';

describe('Clerk', () => {
  it('is found by discovery, and asked for a refresh token', async () => {
    const { authorization, asked } = await open();
    const url = await authorization();
    expect(`${url.origin}${url.pathname}`).toBe(`${issuer}/oauth/authorize`);
    expect(url.searchParams.get('scope')).toBe('openid profile email offline_access');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(asked[0]).toBe(`${issuer}/.well-known/openid-configuration`);
  });

  it.each([{}, { publicClient: true }, { accessTokens: 'opaque' }] as const)(
    'signs in and refreshes: %j',
    async (options) => {
      const { door, signIn } = await open(options);
      const { identity, upstream } = await signIn(ALICE);
      expect(identity).toEqual({
        issuer,
        subject: 'user_3BJN08XElmDVNILqWw1IT4fXzUd',
        name: 'Alice Adams',
        email: ALICE,
        emailVerified: true,
      });
      const refreshed = await door.refresh!(upstream!);
      expect(refreshed.refreshToken).not.toBe(upstream!.refreshToken);
      await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    },
  );

  it('does not take an e-mail for verified that is not', async () => {
    const { identity } = await (await open()).signIn('bob@mail.example');
    expect(identity).toMatchObject({ email: 'bob@mail.example', emailVerified: false });
  });

  it('gets its refresh token back, since its access tokens can not be revoked', async () => {
    const { door, signIn, events, asked, standIn } = await open();
    const { upstream } = await signIn(ALICE);
    await door.revoke!(upstream!);
    expect(asked.at(-1)).toBe(`${issuer}/oauth/token/revoke`);
    expect(standIn.tokens.get(upstream!.refreshToken!)!.ended).toBe(true);
    expect(events).toEqual([]);
  });
});

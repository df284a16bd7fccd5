import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOci } from '../../../../testing/providers/oci.ts';
import { oci } from './oci.ts';
import { callbackUrl, loggedOutUrl, openPreset } from './stand-in-sign-in.contract.ts';

let standIn: Awaited<ReturnType<typeof startOci>>;
beforeAll(async () => {
  standIn = await startOci({ addresses: 'real', redirectUris: [callbackUrl] });
});
afterAll(() => standIn.close());

describe('Oracle Cloud', () => {
  it('signs in, refreshes and revokes, by the issuer that all domains share', async () => {
    const { domainUrl: domain, clientId, clientSecret } = standIn.consoleValues;
    const { door, signIn, authorization } = await openPreset(oci, standIn, {
      clientId,
      clientSecret,
      options: { domain },
    });
    const url = await authorization();
    expect(`${url.origin}${url.pathname}`).toBe(`${domain}/oauth2/v1/authorize`);
    expect(url.searchParams.get('scope')).toBe('openid profile email offline_access groups');
    const { identity, upstream } = await signIn('alice@acme.example');
    expect(identity).toMatchObject({
      issuer: 'https://identity.oraclecloud.com/',
      subject: 'alice@acme.example',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
      groups: ['Analysts', 'Administrators'],
      claims: { user_id: '8f1d2c5e0a4b4a9e9b1a1e2f3a4b5c01' },
    });
    // It wants the ID token for that, which is not kept.
    expect(door.logoutUrl!({ returnTo: loggedOutUrl })).toBeUndefined();
    const refreshed = await door.refresh!(upstream!);
    await door.revoke!(refreshed);
    await expect(door.refresh!(refreshed)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    expect((await signIn('bob')).identity).toMatchObject({ emailVerified: false, groups: [] });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws } from '../../../../testing/providers/aws.ts';
import { aws } from './aws.ts';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { callbackUrl, loggedOut, loggedOutUrl, openPreset } from './stand-in-sign-in.contract.ts';

const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd34E';
const resource = 'https://mcp.acme.example/mcp';

describe('Amazon Cognito', () => {
  describe.each([{ publicClient: false }, { publicClient: true }])('with %j', (kind) => {
    let standIn: Awaited<ReturnType<typeof startAws>>;
    beforeAll(async () => {
      const logoutUris = [loggedOutUrl];
      standIn = await startAws({ addresses: 'real', redirectUris: [callbackUrl], logoutUris, ...kind });
    });
    afterAll(() => standIn.close());
    const open = () => {
      const { userPoolId, region, clientId, clientSecret } = standIn.consoleValues;
      return openPreset(aws, standIn, { clientId, clientSecret, options: { userPoolId, region } });
    };

    it('signs in, refreshes and revokes', async () => {
      const { door, signIn, authorization } = await open();
      const url = await authorization();
      expect(`${url.origin}${url.pathname}`).toBe(
        'https://acme.auth.eu-central-1.amazoncognito.com/oauth2/authorize',
      );
      expect(url.searchParams.get('scope')).toBe('openid profile email');
      const { identity, upstream } = await signIn('alice@acme.example');
      expect(identity).toEqual({
        issuer,
        subject: '3344a852-6001-70e5-4d2a-000000000001',
        name: 'Alice Adams',
        email: 'alice@acme.example',
        emailVerified: true,
        groups: ['admin', 'analysts'],
      });
      const refreshed = await door.refresh!(upstream!);
      await door.revoke!(refreshed);
      await expect(door.refresh!(refreshed)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    });

    it('logs people out in its own words, and brings them back', async () => {
      const { door } = await open();
      const url = door.logoutUrl!({ returnTo: loggedOutUrl })!;
      expect(url.split('?')[0]).toBe('https://acme.auth.eu-central-1.amazoncognito.com/logout');
      expect(await loggedOut(standIn, url)).toBe(loggedOutUrl);
      expect(await loggedOut(standIn, door.logoutUrl!({ returnTo: 'https://evil.example/' })!)).toBeNull();
    });

    it('tells nobody to be in a group who is in none, and no e-mail to be verified that is not', async () => {
      const { identity } = await (await open()).signIn('bob@acme.example');
      expect(identity.emailVerified).toBe(false);
      expect(identity.groups).toBeUndefined();
    });
  });

  it('has the client in the place of the audience, in remote mode', () => {
    const options = { userPoolId: 'eu-central-1_Ab12Cd34E' };
    const input = presetInput(aws, 'remote', { resource, clientId: 'app-1', options });
    expect(remoteOptions(aws, input)).toEqual({
      authorizationServers: [issuer],
      verifier: {
        kind: 'jwt',
        issuer,
        keys: { jwksUri: `${issuer}/.well-known/jwks.json` },
        audience: 'none',
        shapeClaims: expect.any(Function),
        claims: { token_use: 'access', client_id: 'app-1' },
        groupsClaim: 'cognito:groups',
      },
      forwardMetadata: `${issuer}/.well-known/openid-configuration`,
    });
    expect(() => presetInput(aws, 'remote', { resource, options })).toThrow(/upstream\.clientId/);
  });

  it('is in one region', () => {
    const options = { userPoolId: 'eu-central-1_Ab12Cd34E', region: 'eu-west-1' };
    expect(() => presetInput(aws, 'proxy', { resource, clientId: 'app-1', options })).toThrow(
      /^upstream\.region .*another region/,
    );
  });
});

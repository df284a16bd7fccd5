import { afterEach, describe, expect, it } from 'vitest';
import { type OktaOptions, startOkta } from '../../../../testing/providers/okta.ts';
import { okta } from './okta.ts';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { callbackUrl, loggedOutUrl, openPreset } from './stand-in-sign-in.contract.ts';

const standIns: Awaited<ReturnType<typeof startOkta>>[] = [];
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.close();
});

async function open(options: OktaOptions) {
  const standIn = await startOkta({ addresses: 'real', redirectUris: [callbackUrl], ...options });
  standIns.push(standIn);
  const { domain, clientId, clientSecret, authorizationServerId } = standIn.consoleValues;
  return openPreset(okta, standIn, {
    clientId,
    clientSecret,
    options: { domain, authorizationServer: authorizationServerId },
  });
}

describe('Okta', () => {
  it.each([
    ['a custom server', {}, 'https://dev-12345678.okta.com/oauth2/default', undefined],
    [
      'a single-page application',
      { application: 'spa' },
      'https://dev-12345678.okta.com/oauth2/default',
      undefined,
    ],
    [
      "the organisation's server",
      { server: 'org' },
      'https://dev-12345678.okta.com',
      ['Everyone', 'Analysts'],
    ],
  ] as const)('signs in, refreshes and revokes: %s', async (_what, options, issuer, groups) => {
    const { door, signIn } = await open(options);
    const { identity, upstream } = await signIn('alice@acme.example');
    expect(identity).toEqual({
      issuer,
      subject: '00uid4BxXw6I6TV4m0g3',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
      ...(groups && { groups }),
    });
    const refreshed = await door.refresh!(upstream!);
    await door.revoke!(refreshed);
    await expect(door.refresh!(refreshed)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    expect((await signIn('bob@acme.example')).identity.emailVerified).toBe(false);
  });

  it('logs nobody out there: it wants the ID token for that, which is not kept', async () => {
    for (const options of [{}, { server: 'org' }] as const)
      expect((await open(options)).door.logoutUrl!({ returnTo: loggedOutUrl })).toBeUndefined();
  });

  it('is asked for groups only where the scope is sure to be known, and for the keys of the application there', async () => {
    const custom = await (await open({})).authorization();
    expect(custom.href).toMatch(/^https:\/\/dev-12345678\.okta\.com\/oauth2\/default\/v1\/authorize\?/);
    expect(custom.searchParams.get('scope')).toBe('openid profile email offline_access');
    const org = await open({ server: 'org' });
    expect((await org.authorization()).searchParams.get('scope')).toBe(
      'openid profile email offline_access groups',
    );
    expect(org.asked).toContain(
      'https://dev-12345678.okta.com/oauth2/v1/keys?client_id=0oa8xyz1abCDEFgh2i357',
    );
  });

  it('has tokens for others from custom servers only', () => {
    const resource = 'https://mcp.acme.example/mcp';
    const domain = 'dev-12345678.okta.com';
    expect(() =>
      presetInput(okta, 'remote', { resource, requiredScopes: ['openid'], options: { domain } }),
    ).toThrow(/^upstream\.authorizationServer /);
    const options = { domain, authorizationServer: 'aus1', audience: 'api://default' };
    const issuer = `https://${domain}/oauth2/aus1`;
    expect(
      remoteOptions(okta, presetInput(okta, 'remote', { resource, requiredScopes: ['openid'], options })),
    ).toEqual({
      authorizationServers: [issuer],
      verifier: {
        kind: 'jwt',
        issuer,
        keys: { jwksUri: `${issuer}/v1/keys` },
        audience: 'api://default',
        subjectClaim: 'uid',
      },
      forwardMetadata: `${issuer}/.well-known/oauth-authorization-server`,
    });
  });
});

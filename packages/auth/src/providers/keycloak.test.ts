import { afterEach, describe, expect, it } from 'vitest';
import { type KeycloakOptions, startKeycloak } from '../../../../testing/providers/keycloak.ts';
import { keycloak } from './keycloak.ts';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

const realmUrl = 'https://sso.acme.example/realms/acme';
const standIns: Awaited<ReturnType<typeof startKeycloak>>[] = [];
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.close();
});

async function open(options: KeycloakOptions) {
  const standIn = await startKeycloak({ addresses: 'real', redirectUris: [callbackUrl], ...options });
  standIns.push(standIn);
  const { clientId, clientSecret } = standIn.consoleValues;
  return openPreset(keycloak, standIn, { clientId, clientSecret, options: { realmUrl } });
}

describe('Keycloak', () => {
  it.each([{ groupsMapper: true }, { groupsMapper: true, publicClient: true }])(
    'signs in, refreshes and revokes: %j',
    async (options) => {
      const { door, signIn, authorization } = await open(options);
      const url = await authorization();
      expect(`${url.origin}${url.pathname}`).toBe(`${realmUrl}/protocol/openid-connect/auth`);
      expect(url.searchParams.get('scope')).toBe('openid profile email');
      const { identity, upstream } = await signIn('alice');
      expect(identity).toEqual({
        issuer: realmUrl,
        subject: 'f0e1d2c3-0000-4000-8000-000000000001',
        name: 'Alice Adams',
        email: 'alice@acme.example',
        emailVerified: true,
        groups: ['/analysts', '/staff/data'],
      });
      const refreshed = await door.refresh!(upstream!);
      await door.revoke!(refreshed);
      await expect(door.refresh!(refreshed)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    },
  );

  it('signs in people without the role that offline access needs, and without a mapper they have no groups', async () => {
    const { identity } = await (await open({})).signIn('bob');
    expect(identity).toMatchObject({ email: 'bob@acme.example', emailVerified: false });
    expect(identity.groups).toBeUndefined();
  });

  it('takes access tokens only, in remote mode', () => {
    const input = presetInput(keycloak, 'remote', {
      resource: 'https://r.example/mcp',
      options: { realmUrl },
    });
    expect(remoteOptions(keycloak, input)).toEqual({
      authorizationServers: [realmUrl],
      verifier: {
        kind: 'jwt',
        issuer: realmUrl,
        keys: { jwksUri: `${realmUrl}/protocol/openid-connect/certs` },
        audience: undefined,
        claims: { typ: 'Bearer' },
      },
      forwardMetadata: `${realmUrl}/.well-known/openid-configuration`,
    });
  });
});

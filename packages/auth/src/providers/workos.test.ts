import { afterEach, describe, expect, it } from 'vitest';
import { startWorkos, type WorkosOptions } from '../../../../testing/providers/workos.ts';
import { presetInput } from './preset-input.ts';
import { proxyOptions, remoteOptions } from './preset-options.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';
import { workos } from './workos.ts';

const resource = 'https://mcp.example.com/mcp';
const options = { domain: 'acme-12345.authkit.app' };
const issuer = 'https://acme-12345.authkit.app';

describe('WorkOS', () => {
  it('is Connect, in proxy mode', () => {
    const input = presetInput(workos, 'proxy', { resource, clientId: 'id', clientSecret: 's', options });
    expect(proxyOptions(workos, input)).toEqual({
      title: 'WorkOS',
      clientId: 'id',
      clientAuthentication: 'post',
      clientSecret: 's',
      issuer,
      discovery: false,
      endpoints: {
        authorization: `${issuer}/oauth2/authorize`,
        token: `${issuer}/oauth2/token`,
        userinfo: `${issuer}/oauth2/userinfo`,
        keys: `${issuer}/oauth2/jwks`,
      },
      scopes: ['openid', 'profile', 'email', 'offline_access'],
    });
  });

  it('is AuthKit, in remote mode', () => {
    expect(remoteOptions(workos, presetInput(workos, 'remote', { resource, options }))).toEqual({
      authorizationServers: [issuer],
      verifier: { kind: 'jwt', issuer, keys: { jwksUri: `${issuer}/oauth2/jwks` }, algorithms: ['RS256'] },
      forwardMetadata: `${issuer}/.well-known/oauth-authorization-server`,
    });
  });
});

describe('WorkOS Connect', () => {
  const standIns: Awaited<ReturnType<typeof startWorkos>>[] = [];
  afterEach(async () => {
    for (const standIn of standIns.splice(0)) await standIn.close();
  });

  async function open(options: WorkosOptions = {}) {
    const standIn = await startWorkos({ addresses: 'real', redirectUris: [callbackUrl], ...options });
    standIns.push(standIn);
    const { authkitDomain: domain, clientId, clientSecret } = standIn.consoleValues;
    const opened = await openPreset(workos, standIn, { clientId, clientSecret, options: { domain } });
    return { ...opened, standIn };
  }

  it.each([{}, { usesPkce: true }])('signs in and refreshes: %j', async (options) => {
    const { door, signIn, authorization } = await open(options);
    const { searchParams } = await authorization();
    expect(searchParams.get('scope')).toBe('openid profile email offline_access');
    // Without one the request would be refused.
    expect(searchParams.get('nonce')).toMatch(/^[\w-]{20,}$/);
    const { identity, upstream } = await signIn('alice@acme.example');
    expect(identity).toEqual({
      issuer: 'https://acme-staging.authkit.app',
      subject: 'user_01JQ0E27VT3MH79RY0FVA4QBP9',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
    });
    const refreshed = await door.refresh!(upstream!);
    expect(refreshed.refreshToken).not.toBe(upstream!.refreshToken);
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    expect((await signIn('bob@mail.example')).identity.emailVerified).toBe(false);
  });

  it('ends with the access at WorkOS, and asks for no discovery', async () => {
    const { door, signIn, standIn, asked } = await open();
    const { upstream } = await signIn('alice@acme.example');
    expect(asked.map((url) => new URL(url).pathname)).toEqual([
      '/oauth2/jwks',
      '/oauth2/token',
      '/oauth2/userinfo',
    ]);
    standIn.endSessions('alice@acme.example');
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
  });
});

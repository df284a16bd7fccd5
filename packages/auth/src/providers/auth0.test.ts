import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuth0 } from '../../../../testing/providers/auth0.ts';
import { auth0 } from './auth0.ts';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { callbackUrl, loggedOut, loggedOutUrl, openPreset } from './stand-in-sign-in.contract.ts';

let standIn: Awaited<ReturnType<typeof startAuth0>>;
beforeAll(async () => {
  standIn = await startAuth0({ addresses: 'real', redirectUris: [callbackUrl], logoutUris: [loggedOutUrl] });
});
afterAll(() => standIn.close());

const open = (options: Record<string, string> = {}) => {
  const { domain, clientId, clientSecret } = standIn.consoleValues;
  return openPreset(auth0, standIn, { clientId, clientSecret, options: { domain, ...options } });
};

describe('Auth0', () => {
  it('is asked for a refresh token, and for a token of the API where there is one', async () => {
    const { audience } = standIn.consoleValues;
    const url = await (await open({ audience })).authorization();
    expect(`${url.origin}${url.pathname}`).toBe('https://acme.eu.auth0.com/authorize');
    expect(url.searchParams.get('scope')).toBe('openid profile email offline_access');
    expect(url.searchParams.get('audience')).toBe(audience);
    expect((await (await open()).authorization()).searchParams.has('audience')).toBe(false);
  });

  it.each([false, true])('signs in, refreshes and revokes; with an API: %s', async (withApi) => {
    const { door, signIn } = await open(withApi ? { audience: standIn.consoleValues.audience } : {});
    const { identity, upstream } = await signIn('alice@acme.example');
    expect(identity).toEqual({
      issuer: 'https://acme.eu.auth0.com/',
      subject: 'auth0|6540f0e2a1b2c3d4e5f60001',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
    });
    const refreshed = await door.refresh!(upstream!);
    expect(refreshed.refreshToken).not.toBe(upstream!.refreshToken);
    await door.revoke!(refreshed);
    await expect(door.refresh!(refreshed)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
  });

  it('says when an e-mail is not verified', async () => {
    const { identity } = await (await open()).signIn('bob@gmail.example');
    expect(identity).toMatchObject({ email: 'bob@gmail.example', emailVerified: false });
  });

  it('logs people out at the address that every tenant has, and brings them back', async () => {
    const { door } = await open();
    const url = door.logoutUrl!({ returnTo: loggedOutUrl })!;
    expect(url.split('?')[0]).toBe('https://acme.eu.auth0.com/v2/logout');
    expect(await loggedOut(standIn, url)).toBe(loggedOutUrl);
    expect(await loggedOut(standIn, door.logoutUrl!({ returnTo: 'https://evil.example/' })!)).toBeNull();
  });

  it('gives tokens to clients itself, in remote mode', () => {
    const input = presetInput(auth0, 'remote', {
      resource: 'https://mcp.acme.example/mcp',
      options: { domain: 'acme.eu.auth0.com' },
    });
    expect(remoteOptions(auth0, input)).toEqual({
      authorizationServers: ['https://acme.eu.auth0.com/'],
      verifier: {
        kind: 'jwt',
        issuer: 'https://acme.eu.auth0.com/',
        keys: { jwksUri: 'https://acme.eu.auth0.com/.well-known/jwks.json' },
        audience: undefined,
      },
      forwardMetadata: 'https://acme.eu.auth0.com/.well-known/openid-configuration',
    });
  });
});

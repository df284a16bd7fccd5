import { describe, expect, it } from 'vitest';
import { presetInput } from './preset-input.ts';
import { proxyOptions, remoteOptions } from './preset-options.ts';
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

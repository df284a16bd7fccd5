import type { Preset } from './preset.ts';
import { HOST } from './preset-patterns.ts';

export const workos: Preset = {
  id: 'workos',
  title: 'WorkOS',
  clientSecret: 'required',
  options: {
    domain: {
      console: 'Domains › AuthKit, without https://',
      example: 'acme-12345.authkit.app',
      required: true,
      pattern: HOST,
    },
  },
  modes: ['proxy', 'remote'],
  // An application of WorkOS Connect.
  proxy: ({ options: { domain } }) => ({
    issuer: `https://${domain}`,
    discovery: false,
    clientAuthentication: 'post',
    endpoints: {
      authorization: `https://${domain}/oauth2/authorize`,
      token: `https://${domain}/oauth2/token`,
      userinfo: `https://${domain}/oauth2/userinfo`,
      keys: `https://${domain}/oauth2/jwks`,
    },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
  }),
  // AuthKit. The resource has to be entered there as a resource indicator, or tokens are for no one.
  remote: ({ options: { domain } }) => ({
    authorizationServers: [`https://${domain}`],
    verifier: {
      kind: 'jwt',
      issuer: `https://${domain}`,
      keys: { jwksUri: `https://${domain}/oauth2/jwks` },
      algorithms: ['RS256'],
    },
    forwardMetadata: `https://${domain}/.well-known/oauth-authorization-server`,
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: 'none',
  },
  documentation: 'https://workos.com/docs/authkit/mcp',
};

import type { Preset } from './preset.ts';
import { HOST } from './preset-patterns.ts';

export const auth0: Preset = {
  id: 'auth0',
  title: 'Auth0',
  clientSecret: 'required',
  options: {
    domain: {
      console: 'Applications › your application › Settings › Domain',
      example: 'acme.eu.auth0.com',
      required: true,
      pattern: HOST,
    },
    audience: {
      console: 'Applications › APIs › your API › Identifier',
      example: 'https://mcp.example.com/mcp',
      required: false,
    },
  },
  modes: ['proxy', 'remote'],
  proxy: ({ options: { domain, audience } }) => ({
    issuer: `https://${domain}/`,
    // An application there has one method. This is the one that a regular web application starts with.
    clientAuthentication: 'post',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    ...(audience === undefined ? {} : { authorizationParameters: { audience } }),
    // Every tenant has this one; older tenants do not name the standard one in their metadata.
    endpoints: { endSession: `https://${domain}/v2/logout` },
    logoutReturnParameter: 'returnTo',
  }),
  remote: ({ options: { domain, audience } }) => ({
    authorizationServers: [`https://${domain}/`],
    verifier: {
      kind: 'jwt',
      issuer: `https://${domain}/`,
      keys: { jwksUri: `https://${domain}/.well-known/jwks.json` },
      audience,
    },
    forwardMetadata: `https://${domain}/.well-known/openid-configuration`,
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: 'none; a claim that an Action adds, by `upstream.groupsClaim`',
  },
  documentation: 'https://auth0.com/docs',
};

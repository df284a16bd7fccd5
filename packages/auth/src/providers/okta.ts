import type { Preset, PresetInput } from './preset.ts';
import { HOST, SEGMENT } from './preset-patterns.ts';

const issuerOf = ({ options: { domain, authorizationServer } }: PresetInput) =>
  authorizationServer === undefined ? `https://${domain}` : `https://${domain}/oauth2/${authorizationServer}`;

export const okta: Preset = {
  id: 'okta',
  title: 'Okta',
  clientSecret: 'optional',
  remoteNeeds: ['scopes'],
  clientsRegister: false,
  options: {
    domain: {
      console: 'The menu in the upper right corner, below your name',
      example: 'dev-12345678.okta.com',
      required: true,
      pattern: HOST,
    },
    authorizationServer: {
      console:
        'Security › API › Authorization Servers: the last part of the Issuer URI. Without it, that of the organisation',
      example: 'default',
      required: 'remote',
      pattern: SEGMENT,
    },
    audience: {
      console: 'Security › API › Authorization Servers › Audience',
      example: 'api://default',
      required: false,
      mode: 'remote',
    },
  },
  modes: ['proxy', 'remote'],
  proxy(input) {
    const { domain, authorizationServer } = input.options;
    const isOrg = authorizationServer === undefined;
    // Of the organisation's server, an application may have keys of its own, which are shown only when it is named.
    const keys = `https://${domain}/oauth2/v1/keys?client_id=${encodeURIComponent(input.clientId)}`;
    return {
      issuer: issuerOf(input),
      ...(isOrg ? { endpoints: { keys } } : {}),
      // A custom server has the scope `groups` only when somebody added it, and refuses everything when not.
      scopes: ['openid', 'profile', 'email', 'offline_access', ...(isOrg ? ['groups'] : [])],
      logoutReturnParameter: false,
    };
  },
  remote: (input) => ({
    authorizationServers: [issuerOf(input)],
    verifier: {
      kind: 'jwt',
      issuer: issuerOf(input),
      keys: { jwksUri: `${issuerOf(input)}/v1/keys` },
      audience: input.options.audience,
      // Of an access token the subject is the login, which can change.
      subjectClaim: 'uid',
    },
    forwardMetadata: `${issuerOf(input)}/.well-known/oauth-authorization-server`,
  }),
  yields: {
    identity: '`sub`; of access tokens `uid`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups:
      '`groups`, of 100 groups at most, as a filter of the application or a claim of the server lets them out',
  },
  documentation: 'https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/',
};

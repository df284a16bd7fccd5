import type { Preset } from './preset.ts';
import { WEB_URL } from './preset-patterns.ts';

export const keycloak: Preset = {
  id: 'keycloak',
  title: 'Keycloak',
  clientSecret: 'optional',
  options: {
    realmUrl: {
      console: 'Realm settings › General › Endpoints › OpenID Endpoint Configuration: `issuer`',
      example: 'https://sso.example.com/realms/main',
      required: true,
      pattern: WEB_URL,
    },
    audience: {
      console: 'Client scopes › your scope › Mappers › Audience › Included Custom Audience',
      example: 'https://mcp.example.com/mcp',
      required: false,
      mode: 'remote',
    },
  },
  modes: ['proxy', 'remote'],
  // A refresh token comes without being asked for; `offline_access` is for people with a role, and refused to all others.
  proxy: ({ options: { realmUrl = '' } }) => ({
    issuer: realmUrl,
    scopes: ['openid', 'profile', 'email'],
  }),
  remote: ({ options: { realmUrl = '', audience } }) => ({
    authorizationServers: [realmUrl],
    verifier: {
      kind: 'jwt',
      issuer: realmUrl,
      keys: { jwksUri: `${realmUrl}/protocol/openid-connect/certs` },
      audience,
      // ID tokens and refresh tokens are signed too, and say so here.
      claims: { typ: 'Bearer' },
    },
    forwardMetadata: `${realmUrl}/.well-known/openid-configuration`,
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: '`groups`, with a group membership mapper; or `realm_access.roles`, by `upstream.groupsClaim`',
  },
  documentation: 'https://www.keycloak.org/securing-apps/oidc-layers',
};

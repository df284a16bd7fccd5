import type { Preset } from './preset.ts';
import { HTTPS_URL, SEGMENT } from './preset-patterns.ts';

export const scalekit: Preset = {
  id: 'scalekit',
  title: 'Scalekit',
  clientSecret: 'none',
  options: {
    environmentUrl: {
      console: 'Settings › API credentials › Environment URL',
      example: 'https://acme.scalekit.com',
      required: true,
      pattern: HTTPS_URL,
    },
    resourceId: {
      console: 'MCP Servers › your server › Resource ID',
      example: 'res_70123456789012345',
      required: true,
      pattern: SEGMENT,
    },
  },
  modes: ['remote'],
  remote: ({ options: { environmentUrl = '', resourceId = '' } }) => {
    const server = `${environmentUrl}/resources/${resourceId}`;
    return {
      authorizationServers: [server],
      verifier: {
        kind: 'jwt',
        issuer: [environmentUrl, server],
        identityIssuer: environmentUrl,
        keys: { jwksUri: `${environmentUrl}/keys` },
        algorithms: ['RS256'],
        audience: resourceId,
        // A list in every token; the text beside it is not in all of them.
        scopeClaims: ['scope', 'scopes'],
      },
      // Documented behind the resource; there, and not at the environment, clients find where to register.
      forwardMetadata: `${server}/.well-known/oauth-authorization-server`,
    };
  },
  yields: {
    identity: '`sub`',
    email: '`email`, when the token has it',
    emailVerified: '`email_verified`, when the token has it',
    name: '`name`, when the token has it',
    groups: 'none',
  },
  documentation: 'https://docs.scalekit.com/authenticate/mcp/quickstart/',
};

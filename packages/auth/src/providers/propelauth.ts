import type { Preset } from './preset.ts';
import { HTTPS_URL } from './preset-patterns.ts';

export const propelauth: Preset = {
  id: 'propelauth',
  title: 'PropelAuth',
  clientSecret: 'required',
  remoteNeeds: ['clientId', 'clientSecret'],
  options: {
    environmentUrl: {
      console: 'Backend Integration › Auth URL',
      example: 'https://auth.example.com',
      required: true,
      pattern: HTTPS_URL,
    },
  },
  modes: ['remote'],
  remote: ({ clientId, clientSecret = '', options: { environmentUrl } }) => {
    const issuer = `${environmentUrl}/oauth/2.1`;
    return {
      authorizationServers: [issuer],
      verifier: {
        kind: 'introspection',
        issuer,
        endpoint: `${issuer}/introspect`,
        clientId,
        clientSecret,
      },
      forwardMetadata: `${environmentUrl}/.well-known/oauth-authorization-server/oauth/2.1`,
    };
  },
  yields: {
    identity: '`sub` of the introspection',
    email: '`email`, when it is in the answer',
    emailVerified: '`email_verified`, when it is in the answer',
    name: '`name`, when it is in the answer',
    groups: 'none',
  },
  documentation: 'https://docs.propelauth.com/mcp-authentication/overview',
};

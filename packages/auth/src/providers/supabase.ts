import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import type { Preset } from './preset.ts';
import { HTTPS_URL } from './preset-patterns.ts';

export const supabase: Preset = {
  id: 'supabase',
  title: 'Supabase',
  clientSecret: 'none',
  options: {
    projectUrl: {
      console: 'Project Settings › Data API › Project URL',
      example: 'https://abcdefghijklmnopqrst.supabase.co',
      required: true,
      pattern: HTTPS_URL,
    },
    authRoute: {
      console: 'The path of Auth, where you host it yourself under another',
      example: 'auth/v1',
      required: false,
      pattern: /^[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*$/,
    },
    audience: {
      console:
        'Authentication › Hooks › Customize Access Token (JWT) Claims: what your hook puts into `aud`, so that tokens are for this server alone',
      example: 'https://mcp.example.com/mcp',
      required: false,
    },
  },
  modes: ['remote'],
  remote: ({ options: { projectUrl, authRoute = 'auth/v1', audience = 'authenticated' } }) => {
    const issuer = `${projectUrl}/${authRoute}`;
    return {
      authorizationServers: [issuer],
      verifier: {
        kind: 'jwt',
        issuer,
        keys: { jwksUri: `${issuer}/.well-known/jwks.json` },
        algorithms: ['ES256', 'RS256'],
        // A resource that is asked for changes nothing: without a hook, a token of the project is for all that the project has.
        audience,
        shapeClaims: signedInClaims,
      },
      forwardMetadata: `${issuer}/.well-known/oauth-authorization-server`,
    };
  },
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: 'none',
    name: 'none',
    groups: 'none; a claim that a hook adds, by `upstream.groupsClaim`',
  },
  documentation: 'https://supabase.com/docs/guides/auth/oauth-server/mcp-authentication',
};

/** Where a project has anonymous sign-ins, whoever knows its public key is somebody. @throws Refusal */
function signedInClaims(claims: Claims): Claims {
  if (claims.is_anonymous === true) throw new Refusal('token.claims', { claim: 'is_anonymous' });
  return claims;
}

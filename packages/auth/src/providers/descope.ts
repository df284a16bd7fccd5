import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import type { Preset } from './preset.ts';
import { HOST, SEGMENT } from './preset-patterns.ts';

export const descope: Preset = {
  id: 'descope',
  title: 'Descope',
  clientSecret: 'none',
  options: {
    projectId: {
      console: 'Project › General › Project ID',
      example: 'P2abcDEFghiJKLmnoPQRstuVWX01',
      required: true,
      pattern: SEGMENT,
    },
    resourceId: {
      console:
        'MCP Servers › your server: the part of its discovery URL behind the project. Without it, the project itself',
      example: 'MS2abcDEFghiJKLmnoPQRstuVWX01',
      required: false,
      pattern: SEGMENT,
    },
    authority: {
      console: 'The host of the discovery URL, of a region or a domain of your own',
      example: 'api.euc1.descope.com',
      required: false,
      pattern: HOST,
    },
  },
  modes: ['remote'],
  remote: ({ options: { projectId = '', resourceId, authority = 'api.descope.com' } }) => {
    const base = `https://${authority}`;
    const path = resourceId === undefined ? projectId : `agentic/${projectId}/${resourceId}`;
    const issuer = `${base}/v1/apps/${path}`;
    return {
      authorizationServers: [issuer],
      verifier: {
        kind: 'jwt',
        issuer: resourceId === undefined ? [issuer, `${base}/${projectId}`] : issuer,
        identityIssuer: issuer,
        keys: { jwksUri: `${base}/${projectId}/.well-known/jwks.json` },
        algorithms: ['RS256'],
        // Of an MCP server its own address, which is never in an ID token. Others are for the project.
        ...(resourceId === undefined ? { audience: projectId, shapeClaims: accessTokenClaims } : {}),
      },
      forwardMetadata: `${issuer}/.well-known/openid-configuration`,
    };
  },
  yields: {
    identity: '`sub`',
    email: '`email`, when the token has it',
    emailVerified: '`email_verified`, when the token has it',
    name: '`name`, when the token has it',
    groups: 'none; `roles`, by `upstream.groupsClaim`',
  },
  documentation: 'https://docs.descope.com/agentic-identity-hub/mcp-servers',
};

/** An ID token is for the same audience. It names no scopes, and every access token does. @throws Refusal */
function accessTokenClaims(claims: Claims): Claims {
  if (claims.scope === undefined) throw new Refusal('token.type', { seen: 'an ID token' });
  return claims;
}

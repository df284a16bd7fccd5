import { describe, expect, it } from 'vitest';
import { descope } from './descope.ts';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';

const resource = 'https://mcp.example.com/mcp';

describe('Descope', () => {
  const of = (options: Record<string, string>) =>
    remoteOptions(descope, presetInput(descope, 'remote', { resource, options }));

  it('has an issuer for the project, under two names', () => {
    const issuer = 'https://api.descope.com/v1/apps/P1';
    expect(of({ projectId: 'P1' })).toEqual({
      authorizationServers: [issuer],
      verifier: {
        kind: 'jwt',
        issuer: [issuer, 'https://api.descope.com/P1'],
        identityIssuer: issuer,
        keys: { jwksUri: 'https://api.descope.com/P1/.well-known/jwks.json' },
        algorithms: ['RS256'],
        audience: 'P1',
        shapeClaims: expect.any(Function),
      },
      forwardMetadata: `${issuer}/.well-known/openid-configuration`,
    });
  });

  it('has another one for each MCP server, in its region', () => {
    const { verifier } = of({ projectId: 'P1', resourceId: 'MS1', authority: 'api.euc1.descope.com' });
    expect(verifier).toMatchObject({
      issuer: 'https://api.euc1.descope.com/v1/apps/agentic/P1/MS1',
      keys: { jwksUri: 'https://api.euc1.descope.com/P1/.well-known/jwks.json' },
    });
    // Its tokens are for the address of the server.
    expect(verifier.audience).toBeUndefined();
  });

  it('takes no ID token, which is for the project too', () => {
    const { verifier } = of({ projectId: 'P1' });
    if (verifier.kind !== 'jwt') throw new Error('expected a verifier of JWTs');
    const claims = { sub: 'U1', scope: '' };
    expect(verifier.shapeClaims!(claims)).toEqual(claims);
    expect(() => verifier.shapeClaims!({ sub: 'U1', name: 'Alice' })).toThrow(/token\.type/);
  });
});

import { describe, expect, it } from 'vitest';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { scalekit } from './scalekit.ts';

const resource = 'https://mcp.example.com/mcp';

describe('Scalekit', () => {
  it('has an authorization server for each resource, and people are those of the environment', () => {
    const options = { environmentUrl: 'https://acme.scalekit.com', resourceId: 'res_1' };
    expect(remoteOptions(scalekit, presetInput(scalekit, 'remote', { resource, options }))).toEqual({
      authorizationServers: ['https://acme.scalekit.com/resources/res_1'],
      verifier: {
        kind: 'jwt',
        issuer: ['https://acme.scalekit.com', 'https://acme.scalekit.com/resources/res_1'],
        identityIssuer: 'https://acme.scalekit.com',
        keys: { jwksUri: 'https://acme.scalekit.com/keys' },
        algorithms: ['RS256'],
        audience: 'res_1',
        scopeClaims: ['scope', 'scopes'],
      },
      forwardMetadata: 'https://acme.scalekit.com/resources/res_1/.well-known/oauth-authorization-server',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { propelauth } from './propelauth.ts';

const resource = 'https://mcp.example.com/mcp';

describe('PropelAuth', () => {
  it('is asked about each token', () => {
    const values = { resource, clientId: 'id', clientSecret: 's' };
    const options = { environmentUrl: 'https://auth.example.com' };
    const input = presetInput(propelauth, 'remote', { ...values, options });
    expect(remoteOptions(propelauth, input)).toEqual({
      authorizationServers: ['https://auth.example.com/oauth/2.1'],
      verifier: {
        kind: 'introspection',
        issuer: 'https://auth.example.com/oauth/2.1',
        endpoint: 'https://auth.example.com/oauth/2.1/introspect',
        clientId: 'id',
        clientSecret: 's',
      },
      forwardMetadata: 'https://auth.example.com/.well-known/oauth-authorization-server/oauth/2.1',
    });
  });
});

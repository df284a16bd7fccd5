import { describe, expect, it } from 'vitest';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { supabase } from './supabase.ts';

const resource = 'https://mcp.example.com/mcp';

describe('Supabase', () => {
  it('lets in nobody who signed in as nobody', () => {
    const { verifier } = remoteOptions(
      supabase,
      presetInput(supabase, 'remote', { resource, options: { projectUrl: 'https://abc.supabase.co' } }),
    );
    expect(verifier.shapeClaims?.({ sub: 'a', is_anonymous: false })).toEqual({
      sub: 'a',
      is_anonymous: false,
    });
    expect(() => verifier.shapeClaims?.({ sub: 'a', is_anonymous: true })).toThrow('token.claims');
  });

  it.each([
    [{}, 'https://abc.supabase.co/auth/v1'],
    [{ authRoute: 'auth' }, 'https://abc.supabase.co/auth'],
    [{ audience: resource }, 'https://abc.supabase.co/auth/v1', resource],
  ])('with %j has the issuer %s', (more, issuer, audience = 'authenticated') => {
    const options = { projectUrl: 'https://abc.supabase.co', ...more };
    expect(remoteOptions(supabase, presetInput(supabase, 'remote', { resource, options }))).toEqual({
      authorizationServers: [issuer],
      verifier: {
        kind: 'jwt',
        issuer,
        keys: { jwksUri: `${issuer}/.well-known/jwks.json` },
        algorithms: ['ES256', 'RS256'],
        audience,
        shapeClaims: expect.any(Function),
      },
      forwardMetadata: `${issuer}/.well-known/oauth-authorization-server`,
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScopeToken } from './scope.ts';
import { bothScopes, prefixedScopes, SAME_SCOPES, tabledScopes } from './scope-map.ts';

const scope = fc.stringMatching(/^[a-z][a-z.:_-]{0,20}$/);

describe('a scope map', () => {
  it('prefixes what is the application’s own, and nothing else', () => {
    const map = prefixedScopes('api://app');
    expect(
      ['read', 'openid', 'offline_access', 'https://graph.microsoft.com/User.Read'].map(map.toProvider),
    ).toEqual(['api://app/read', 'openid', 'offline_access', 'https://graph.microsoft.com/User.Read']);
    expect(['api://app/read', 'openid', 'api://other/read', 'api://app/'].map(map.toCanonical)).toEqual([
      'read',
      'openid',
      'api://other/read',
      'api://app/',
    ]);
  });

  it('translates by a table both ways', () => {
    const map = tabledScopes({ email: 'https://www.googleapis.com/auth/userinfo.email' });
    expect(map.toProvider('email')).toBe('https://www.googleapis.com/auth/userinfo.email');
    expect(map.toCanonical('https://www.googleapis.com/auth/userinfo.email')).toBe('email');
    expect(map.toProvider('toString')).toBe('toString');
  });

  it('refuses a table that would make two scopes one', () => {
    expect(() => tabledScopes({ a: 'x', b: 'x' })).toThrow(TypeError);
  });

  it('comes back to where it began, whichever maps are put together', () => {
    const maps = [
      SAME_SCOPES,
      prefixedScopes('api://app'),
      bothScopes(prefixedScopes('api://a'), SAME_SCOPES),
    ];
    fc.assert(
      fc.property(scope, fc.constantFrom(...maps), (canonical, map) => {
        const there = map.toProvider(canonical);
        expect(isScopeToken(there)).toBe(true);
        expect(map.toCanonical(there)).toBe(canonical);
      }),
      { numRuns: 1000 },
    );
  });
});

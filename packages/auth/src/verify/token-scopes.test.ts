import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { isScopeToken } from '../protocol/scope.ts';
import { scopesOfToken } from './token-scopes.ts';

describe('the scopes of a token', () => {
  it('are scopes, each once, of whatever a claim holds; or the token is refused', () => {
    const value = fc.oneof(fc.string(), fc.array(fc.oneof(fc.string(), fc.jsonValue())), fc.jsonValue());
    const claims = fc.dictionary(fc.constantFrom('scope', 'scp', 'permissions', 'roles'), value);
    fc.assert(
      fc.property(claims, (all) => {
        let scopes: readonly string[];
        try {
          scopes = scopesOfToken(all);
        } catch (error) {
          if (!(error instanceof Refusal) || error.reason !== 'token.claims') throw error;
          return;
        }
        expect(scopes.every(isScopeToken)).toBe(true);
        expect(new Set(scopes).size).toBe(scopes.length);
        const { roles: _roles, ...others } = all;
        for (const scope of scopes)
          expect(JSON.stringify(others)).toContain(JSON.stringify(scope).slice(1, -1));
      }),
      { numRuns: 1000 },
    );
  });

  it('can be told to be somewhere else, and to be called something else', () => {
    const claims = { scope: 'x', realm_access: { roles: ['api:read', 'api:write'] } };
    const mapScopes = (scopes: readonly string[]) => scopes.map((scope) => scope.replace('api:', ''));
    expect(scopesOfToken(claims, { scopeClaims: ['realm_access.roles'], mapScopes })).toEqual([
      'read',
      'write',
    ]);
    expect(scopesOfToken(claims, { mapScopes: () => ['not a scope', 'a', 'a'] })).toEqual(['a']);
  });

  it('are not without number', () => {
    const many = Array.from({ length: 201 }, (_, n) => `s${n}`);
    for (const claims of [{ scp: many }, { scope: many.join(' ') }, { scope: 'a'.repeat(4001) }])
      expect(() => scopesOfToken(claims)).toThrow(Refusal);
  });
});

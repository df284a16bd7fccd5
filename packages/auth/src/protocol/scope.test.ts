import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASELINE_SCOPE,
  coversScopes,
  formatScope,
  impliedScopes,
  isScopeToken,
  missingScopes,
  OFFLINE_ACCESS,
  parseScope,
  RESERVED_SCOPES,
} from './scope.ts';

const tokens = fc.string({ minLength: 1, maxLength: 12 }).filter(isScopeToken);
const names = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor', 'toString');
const hierarchies = fc.dictionary(names, fc.array(names, { maxLength: 3 }));

describe('parseScope', () => {
  it.each([
    ['mcp:read mcp:write', ['mcp:read', 'mcp:write']],
    ['a  b a', ['a', 'b']],
    [' a ', ['a']],
    ['', []],
    ['a\tb', undefined],
    ['a"b', undefined],
    ['a\\b', undefined],
    ['é', undefined],
    ['a\u00a0b', undefined],
    ['a'.repeat(4001), undefined],
    [Array.from({ length: 201 }, (_, i) => `s${i}`).join(' '), undefined],
  ])('%j', (text, expected) => expect(parseScope(text)).toEqual(expected));

  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(tokens, { maxLength: 20 }), (scopes) => {
        expect(parseScope(formatScope(scopes))).toEqual(scopes);
      }),
      { numRuns: 1000 },
    );
  });

  it('never gives out what is no scope token, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const scope of parseScope(text) ?? []) expect(isScopeToken(scope)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a scope implies', () => {
  const hierarchy = { 'mcp:admin': ['mcp:write'], 'mcp:write': ['mcp:read'] };

  it('goes through all steps, and only downwards', () => {
    expect([...impliedScopes(['mcp:admin'], hierarchy)]).toEqual(['mcp:admin', 'mcp:write', 'mcp:read']);
    expect([...impliedScopes(['mcp:read'], hierarchy)]).toEqual(['mcp:read']);
    expect(coversScopes(['mcp:read'], ['mcp:admin'], hierarchy)).toBe(true);
    expect(missingScopes(['mcp:read', 'mcp:admin'], ['mcp:write'], hierarchy)).toEqual(['mcp:admin']);
    expect(coversScopes(['mcp:read'], ['mcp:admin'])).toBe(false);
  });

  it('is a closure: it holds what was granted, and applying it again adds nothing', () => {
    fc.assert(
      fc.property(fc.array(names), hierarchies, (granted, any) => {
        const once = impliedScopes(granted, any);
        for (const scope of granted) expect(once.has(scope)).toBe(true);
        expect(impliedScopes([...once], any)).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes nothing from the prototype of an object', () => {
    expect([...impliedScopes(['constructor', '__proto__'], {})]).toEqual(['constructor', '__proto__']);
  });
});

it('are equal or not without a hierarchy', () => {
  expect(coversScopes([], ['a'])).toBe(true);
  expect(coversScopes(['a'], ['a', 'b'])).toBe(true);
  expect(coversScopes(['a', 'c'], ['a', 'b'])).toBe(false);
});

it('keeps the baseline apart from what must be asked for', () => {
  expect([...RESERVED_SCOPES, OFFLINE_ACCESS]).not.toContain(BASELINE_SCOPE);
});

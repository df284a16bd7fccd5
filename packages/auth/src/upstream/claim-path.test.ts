import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimAt } from './claim-path.ts';

const claims = {
  groups: ['a'],
  'https://example.com/roles': ['r'],
  'realm_access.roles': 'to the letter',
  realm_access: { roles: ['path'], other: { deep: 0 } },
  list: [{ name: 'x' }],
  text: 'abc',
  nothing: null,
};

describe('a claim', () => {
  it.each([
    ['groups', ['a']],
    ['https://example.com/roles', ['r']],
    ['realm_access.roles', 'to the letter'],
    ['realm_access.other.deep', 0],
    ['realm_access', claims.realm_access],
    ['nothing', null],
  ])('%s is found', (name, value) => expect(claimAt(claims, name)).toEqual(value));

  it.each([
    'absent',
    '',
    '.',
    'groups.',
    '.groups',
    'groups.0',
    'groups.length',
    'list.0.name',
    'text.length',
    'nothing.x',
    'realm_access.roles.0',
    'realm_access..roles',
    'constructor',
    'constructor.name',
    '__proto__',
    '__proto__.polluted',
    'realm_access.constructor',
    'realm_access.hasOwnProperty',
  ])('%j is not there', (name) => expect(claimAt(claims, name)).toBeUndefined());

  it('is what the steps of its path lead to, and never what an object inherits', () => {
    const name = fc.constantFrom('a', 'b', 'constructor', '__proto__', 'toString', 'length', '0');
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('leaf', 7, null, true),
        fc.array(tie('node'), { maxLength: 2 }),
        fc.dictionary(name, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(
        fc.dictionary(name, tree, { maxKeys: 4 }),
        fc.array(name, { minLength: 1, maxLength: 4 }),
        (given, steps) => {
          const found = claimAt(given, steps.join('.'));
          // The same, over the text: JSON knows no inheritance.
          let expected: unknown = JSON.parse(JSON.stringify(given));
          for (const step of steps) {
            const isObject = typeof expected === 'object' && expected !== null && !Array.isArray(expected);
            expected = isObject ? new Map(Object.entries(expected as object)).get(step) : undefined;
          }
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

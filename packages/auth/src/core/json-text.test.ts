import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDuplicateMembers } from './json-text.ts';

describe('members that are there twice', () => {
  it.each([
    ['{"a":1,"a":1}'],
    ['{"a":1,"\\u0061":1}'],
    ['{"a" :1, "a"\n:2}'],
    ['[{"b":{"a":1,"c":[],"a":2}}]'],
    ['{"a":"}","a":1}'],
    ['{"":1,"":2}'],
    ['{"a":{"a":1},"a":2}'],
    ['{"\\"":1,"\\"":2}'],
  ])('are found in %s', (json) => {
    JSON.parse(json);
    expect(hasDuplicateMembers(json)).toBe(true);
  });

  it.each([
    ['{"a":"a","b":"a"}'],
    ['[{"a":1},{"a":1}]'],
    ['{"a":{"a":{"a":1}}}'],
    ['["a","a"]'],
    ['{"a":["b","b"],"b":1}'],
    ['{"a\\\\":1,"a":2}'],
    ['{"a":"{\\"a\\":1,\\"a\\":2}"}'],
    ['"a"'],
  ])('are not seen in %s', (json) => {
    JSON.parse(json);
    expect(hasDuplicateMembers(json)).toBe(false);
  });

  it('are in no text that JSON.stringify makes, and in each where one was put', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, noNullPrototype: true }),
        fc.nat(),
        (value, object, pick) => {
          expect(hasDuplicateMembers(JSON.stringify(value))).toBe(false);
          const names = Object.keys(object);
          const again = JSON.stringify(names[pick % names.length]);
          const json = `${JSON.stringify({ value, in: object }).slice(0, -2)},${again}:${JSON.stringify(value)}}}`;
          JSON.parse(json);
          expect(hasDuplicateMembers(json)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectFrom } from './subject.ts';

describe('what names a person for ever', () => {
  it.each([
    ['u-1', 'u-1'],
    [' ', ' '],
    ['é|\u{1F600}', 'é|\u{1F600}'],
    ['a'.repeat(255), 'a'.repeat(255)],
    [0, '0'],
    [-7, '-7'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('may be %j', (value, subject) => expect(subjectFrom(value)).toBe(subject));

  it.each([
    '',
    'a'.repeat(256),
    'a\u0000',
    'a\n',
    '\u0085',
    '\ud800',
    'a\udc00b',
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    true,
    null,
    undefined,
    ['u-1'],
    { sub: 'u-1' },
    7n,
  ])('can not be %s', (value) => expect(subjectFrom(value)).toBeUndefined());

  it('is never the same for two texts, nor for two numbers', () => {
    const values = fc.oneof(
      fc.tuple(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 })),
      fc.tuple(fc.oneof(fc.double(), fc.integer()), fc.integer({ min: -3, max: 3 })),
    );
    fc.assert(
      fc.property(values, ([a, b]) => {
        const [one, other] = [subjectFrom(a), subjectFrom(b)];
        // Zero has two signs and one name.
        if (one !== undefined && one === other) expect(a === b).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

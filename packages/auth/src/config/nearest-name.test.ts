import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestName } from './nearest-name.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

describe('editDistance', () => {
  it('is nothing for the same, and the same in both directions', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['port', 'prot', 1],
    ['port', 'ports', 1],
    ['port', 'part', 1],
    ['', 'abc', 3],
  ])('%s to %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('nearestName', () => {
  const known = ['port', 'publicUrl', 'upstream.clientId', 'upstream.clientSecret', 'database.maxRows'];

  it.each([
    ['prot', 'port'],
    ['public_url', 'publicUrl'],
    ['publicURL', 'publicUrl'],
    ['clientId', 'upstream.clientId'],
    ['idp.clientSecret', 'upstream.clientSecret'],
    ['database.maxRow', 'database.maxRows'],
    ['xyzzy', undefined],
    ['', undefined],
    ['a'.repeat(100_000), undefined],
  ])('%s', (written, expected) => {
    expect(nearestName(written, known)).toBe(expected);
  });
});

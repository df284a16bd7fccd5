import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshForSeconds } from './freshness.ts';

describe('freshForSeconds', () => {
  it.each([
    [{}, 300],
    [{ 'cache-control': 'max-age=60' }, 60],
    [{ 'cache-control': 'public, MAX-AGE="60"' }, 60],
    [{ 'cache-control': 'max-age=60', age: '20' }, 40],
    [{ 'cache-control': 'max-age=60', age: '100' }, 0],
    [{ 'cache-control': 'max-age=x' }, 0],
    [{ 'cache-control': 'max-age=60, no-store' }, 0],
    [{ 'cache-control': 'no-cache' }, 0],
    [{ expires: 'Thu, 01 Jan 2026 00:10:00 GMT', date: 'Thu, 01 Jan 2026 00:00:00 GMT' }, 600],
    [{ expires: '0' }, 0],
    [{ 'cache-control': 'max-age=60', expires: 'Thu, 01 Jan 2099 00:00:00 GMT' }, 60],
    [{ 'cache-control': 'max-age=0' }, 0],
    [{ 'cache-control': 'max-age=60', age: '-20' }, 60],
    [{ 'cache-control': 'max-age=60', age: '1e1' }, 60],
    [{ 'cache-control': 's-maxage=600' }, 300],
    [{ 'cache-control': 'max-age-x=600' }, 300],
    [{ expires: 'Thu, 01 Jan 2026 00:10:00 GMT' }, 0],
    [{ expires: 'Thu, 01 Jan 2026 00:10:00 GMT', date: 'Thu, 01 Jan 2026 00:00:00 GMT', age: '60' }, 540],
    [{ expires: 'Thu, 01 Jan 2026 00:00:00 GMT', date: 'Thu, 01 Jan 2026 00:10:00 GMT' }, 0],
  ])('%j: %s', (headers, expected) =>
    expect(freshForSeconds(new Headers(headers as Record<string, string>), 300)).toBe(expected),
  );

  it('is a number that is not negative, whatever the headers are', () => {
    const text = fc.oneof(
      fc.constantFrom('max-age=', 'max-age=-1', 'no-cache', '1e9', '99999999999999'),
      fc.string({ unit: 'grapheme-ascii' }),
    );
    fc.assert(
      fc.property(text, text, text, text, (control, age, expires, date) => {
        const headers = new Headers();
        for (const [name, value] of Object.entries({ 'cache-control': control, age, expires, date }))
          headers.set(name, value);
        const fresh = freshForSeconds(headers, 300);
        expect(fresh >= 0 && Number.isFinite(fresh)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, pageLimit, pageOf } from './paging.ts';

describe('pages', () => {
  it('together are all keys, each once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 7 }), (keys, limit) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = pageOf(keys, { limit, cursor });
          expect(page.keys.length).toBeLessThanOrEqual(limit);
          seen.push(...page.keys);
          cursor = page.cursor;
        } while (cursor !== undefined);
        expect(seen.toSorted()).toEqual(keys.toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  it('have a size within bounds', () => {
    expect([undefined, 0, -1, 5, 10_000].map(pageLimit)).toEqual([
      DEFAULT_PAGE_LIMIT,
      1,
      1,
      5,
      MAX_PAGE_LIMIT,
    ]);
  });
});

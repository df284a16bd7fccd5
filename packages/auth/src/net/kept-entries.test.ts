import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOf } from './fetch-slots.ts';
import { keptEntries } from './kept-entries.ts';

const bounds = { max: 3, maxKept: 3, maxKeptPerHost: 2 };
const at = (host: string, n: number) => `https://${host}.example/${n}`;

describe('entries', () => {
  it('[G8] that are kept outlast any number of others', () => {
    const entries = keptEntries<number>(bounds);
    entries.set(at('good', 1), 1);
    entries.keep(at('good', 1));
    for (let n = 0; n < 100; n += 1) entries.set(at('evil', n), n);
    expect(entries.get(at('good', 1))).toBe(1);
    expect([95, 96, 97, 98, 99].map((n) => entries.get(at('evil', n)))).toEqual([
      undefined,
      undefined,
      97,
      98,
      99,
    ]);
    entries.set(at('good', 1), 2);
    expect([entries.get(at('good', 1)), entries.isKept(at('good', 1))]).toEqual([2, true]);
  });

  it('[G8] of one host push out no more than their own, and of many those that deserved it longest ago', () => {
    const entries = keptEntries<number>(bounds);
    const keep = (url: string) => {
      entries.set(url, 0);
      entries.keep(url);
    };
    keep(at('good', 1));
    for (const n of [1, 2, 3]) keep(at('evil', n));
    const kept = () => [at('good', 1), ...[1, 2, 3].map((n) => at('evil', n))].filter(entries.isKept);
    expect(kept()).toEqual([at('good', 1), at('evil', 2), at('evil', 3)]);
    // Let go, and not forgotten.
    expect(entries.get(at('evil', 1))).toBe(0);
    entries.keep(at('good', 1));
    keep(at('other', 1));
    expect(kept()).toEqual([at('good', 1), at('evil', 3)]);
  });

  it('that nobody knows are not kept', () => {
    const entries = keptEntries<number>(bounds);
    entries.keep(at('good', 1));
    entries.set(at('good', 1), 1);
    expect(entries.isKept(at('good', 1))).toBe(false);
    entries.keep(at('good', 1));
    entries.delete(at('good', 1));
    expect([entries.isKept(at('good', 1)), entries.get(at('good', 1))]).toEqual([false, undefined]);
  });

  it('are never more than their bounds, whatever happens', () => {
    const url = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 4 })).map(([host, n]) => at(host, n));
    const step = fc.tuple(fc.constantFrom('set', 'keep', 'delete'), url);
    const all = ['a', 'b', 'c'].flatMap((host) => [0, 1, 2, 3, 4].map((n) => at(host, n)));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const entries = keptEntries<number>(bounds);
        steps.forEach(([action, each], i) => {
          const before = entries.get(each);
          if (action === 'set') entries.set(each, i);
          else entries[action as 'keep' | 'delete'](each);
          expect(entries.get(each)).toBe(action === 'set' ? i : action === 'keep' ? before : undefined);
          const kept = all.filter(entries.isKept);
          expect(kept.length).toBeLessThanOrEqual(3);
          for (const host of ['a', 'b', 'c'])
            expect(kept.filter((one) => hostOf(one) === `${host}.example`).length).toBeLessThanOrEqual(2);
          expect(
            all.filter((one) => entries.get(one) !== undefined && !entries.isKept(one)).length,
          ).toBeLessThanOrEqual(3);
        });
      }),
      { numRuns: 1000 },
    );
  });
});

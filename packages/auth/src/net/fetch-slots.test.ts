import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchSlots, hostOf } from './fetch-slots.ts';

describe('room for fetches', () => {
  it('[G8] is for so many, and for so many to one host, on whatever port', () => {
    const slots = fetchSlots({ max: 3, maxPerHost: 2 });
    expect(slots.take('https://a.example/1')).toBeDefined();
    const back = slots.take('https://A.example:8443/2')!;
    expect(slots.take('https://a.example:9443/3')).toBeUndefined();
    expect(slots.take('https://b.example/1')).toBeDefined();
    expect(slots.take('https://c.example/1')).toBeUndefined();
    back();
    expect(slots.take('https://a.example/3')).toBeDefined();
  });

  it('is there again, to the last, once everything was given back', () => {
    const url = fc.constantFrom('https://a.example/', 'https://b.example/', 'https://c.example/', 'none');
    fc.assert(
      fc.property(fc.array(fc.tuple(url, fc.boolean()), { maxLength: 60 }), (steps) => {
        const slots = fetchSlots({ max: 5, maxPerHost: 2 });
        const open: { url: string; giveBack: () => void }[] = [];
        for (const [wanted, end] of steps) {
          const there = open.filter(({ url }) => hostOf(url) === hostOf(wanted)).length;
          const giveBack = slots.take(wanted);
          expect(giveBack !== undefined).toBe(open.length < 5 && there < 2);
          if (giveBack) open.push({ url: wanted, giveBack });
          if (end) open.shift()?.giveBack();
        }
        for (const { giveBack } of open) giveBack();
        for (const each of ['a', 'a', 'b', 'b', 'c'])
          expect(slots.take(`https://${each}.example`)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});

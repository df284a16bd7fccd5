import { manualClock } from '@portcullis/auth/core/clock';
import { memoryStore } from '@portcullis/auth/store/memory';
import { describe, expect, it } from 'vitest';
import { sweepExpired } from './sweep-expired.ts';

describe('house-keeping', () => {
  it('[G8] removes all that has expired, however much there is, and nothing else', async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const bytes = new Uint8Array(1);
    for (let i = 0; i < 5500; i += 1) await store.put('transaction', `t${i}`, bytes, i < 5400 ? 600 : 6000);
    clock.advance(601);
    expect(await sweepExpired((limit) => store.sweep(limit))).toBe(5400);
    expect((await store.list('transaction', { limit: 1000 })).keys).toHaveLength(100);
    expect(await sweepExpired((limit) => store.sweep(limit))).toBe(0);
  });

  it('comes to an end, even when others leave as much behind at the same time', async () => {
    let rounds = 0;
    const removed = await sweepExpired(async (limit) => {
      rounds += 1;
      return limit;
    });
    expect(removed).toBe(rounds * 1000);
    expect(rounds).toBe(50);
  });
});

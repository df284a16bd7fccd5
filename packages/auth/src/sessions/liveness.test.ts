import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import type { Held } from '../store/collection.ts';
import { openLiveness } from './liveness.ts';
import type { SessionRecord } from './session.ts';

const record = (at: number): SessionRecord => ({ ended: 'revoked', at });

function open(livenessSeconds = 5) {
  const clock = manualClock();
  let stored: SessionRecord | undefined = record(1);
  const pending: (() => void)[] = [];
  let reads = 0;
  let slow = false;
  const liveness = openLiveness({
    clock,
    livenessSeconds,
    async read() {
      reads += 1;
      const seen = stored;
      if (slow) await new Promise<void>((resolve) => pending.push(resolve));
      return (
        seen &&
        ({ value: seen, version: '1', expiresAt: Number.MAX_SAFE_INTEGER } satisfies Held<SessionRecord>)
      );
    },
  });
  return {
    clock,
    liveness,
    store: (value: SessionRecord | undefined) => {
      stored = value;
    },
    reads: () => reads,
    slowDown: () => {
      slow = true;
    },
    answer: () => {
      for (const resolve of pending.splice(0)) resolve();
    },
  };
}

describe('sessions as they were a moment ago', () => {
  it('reads once in the window, however many ask', async () => {
    const { liveness, reads, clock } = open();
    await Promise.all(Array.from({ length: 20 }, () => liveness.look('a')));
    clock.advance(4.9);
    await liveness.look('a');
    expect(reads()).toBe(1);
    clock.advance(0.1);
    await liveness.look('a');
    expect(reads()).toBe(2);
  });

  it('believes "absent" for 2 seconds at most', async () => {
    const { liveness, reads, clock, store } = open();
    store(undefined);
    expect(await liveness.look('a')).toBeUndefined();
    clock.advance(1.9);
    await liveness.look('a');
    expect(reads()).toBe(1);
    store(record(2));
    clock.advance(0.1);
    expect(await liveness.look('a')).toEqual(record(2));
  });

  it('[G6] prefers what this process wrote to what a slow read brings', async () => {
    const { liveness, slowDown, answer } = open();
    slowDown();
    const looking = liveness.look('a');
    await Promise.resolve();
    liveness.remember('a', record(99));
    answer();
    expect(await looking).toEqual(record(99));
    expect(liveness.peek('a')).toEqual(record(99));
  });

  it('forgets what it knows when the clock was set back', async () => {
    const { liveness, clock, reads } = open();
    await liveness.look('a');
    clock.advance(-1);
    expect(liveness.peek('a')).toBeUndefined();
    await liveness.look('a');
    expect(reads()).toBe(2);
  });

  it('asks every time when the window is zero', async () => {
    const { liveness, reads } = open(0);
    await liveness.look('a');
    await liveness.look('a');
    expect(liveness.peek('a')).toBeUndefined();
    expect(reads()).toBe(2);
  });

  it('remembers no failure', async () => {
    const clock = manualClock();
    let fails = true;
    const liveness = openLiveness({
      clock,
      livenessSeconds: 5,
      read: async () => {
        if (fails) throw new Error('away');
        return { value: record(1), version: '1', expiresAt: 0 };
      },
    });
    await expect(Promise.all([liveness.look('a'), liveness.look('a')])).rejects.toThrow('away');
    fails = false;
    expect(await liveness.look('a')).toEqual(record(1));
  });

  it('is bounded: the oldest goes first', () => {
    const { liveness } = open();
    for (let i = 0; i <= 50_000; i += 1) liveness.remember(String(i), record(i));
    expect(liveness.peek('0')).toBeUndefined();
    expect(liveness.peek('1')).toEqual(record(1));
    expect(liveness.peek('50000')).toEqual(record(50_000));
  });

  it('never shows what is older than the window', async () => {
    const moves = fc.array(
      fc.oneof(fc.constant('write'), fc.constant('look'), fc.integer({ min: 0, max: 10 })),
      {
        maxLength: 30,
      },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (walk) => {
        const { liveness, clock, store } = open();
        const start = clock.now();
        const changes = [{ at: 0, value: 1 }];
        for (const move of walk) {
          const elapsed = (clock.now() - start) / 1000;
          if (typeof move === 'number') {
            clock.advance(move);
          } else if (move === 'write') {
            changes.push({ at: elapsed, value: changes.length + 1 });
            store(record(changes.length));
          } else {
            const seen = (await liveness.look('a')) as { at: number };
            const next = changes.find(({ value }) => value > seen.at);
            if (next) expect(elapsed - next.at).toBeLessThan(5);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

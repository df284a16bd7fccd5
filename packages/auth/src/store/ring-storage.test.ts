import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import { memoryStore } from './memory.ts';
import { ringStorage } from './ring-storage.ts';

describe('the ring in a store', () => {
  it('is made once, and replaced by who read it last', async () => {
    const storage = ringStorage(memoryStore({ clock: manualClock() }));
    expect(await storage.load()).toBeUndefined();
    expect(await storage.create(utf8('one'))).toBe(true);
    expect(await storage.create(utf8('two'))).toBe(false);
    const first = (await storage.load())!;
    expect(await storage.replace(first.version, utf8('three'))).toBe(true);
    expect(await storage.replace(first.version, utf8('four'))).toBe(false);
    expect((await storage.load())!.bytes).toEqual(utf8('three'));
  });

  it('does not end by itself', async () => {
    const clock = manualClock();
    const storage = ringStorage(memoryStore({ clock }));
    await storage.create(utf8('one'));
    clock.advance(50 * 365 * 86_400);
    expect(await storage.load()).toBeDefined();
  });
});

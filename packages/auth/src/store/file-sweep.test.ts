import { describe, expect, it } from 'vitest';
import { one, setUp, text, two, versionsIn } from './file-tree.contract.ts';

describe('a sweep', { timeout: 30_000 }, () => {
  it('removes what a killed process left: superseded versions, then aged tombstones', async () => {
    const { folder, clock, open } = setUp();
    const killed = await open();
    await killed.put('session', 'a', one, 86_400);
    await killed.put('session', 'a', two, 86_400);
    await killed.put('code', 'b', one, 86_400);
    await killed.delete('code', 'b');
    const store = await open();
    await store.sweep(100);
    expect(versionsIn(folder)).toEqual(['v1', 'v1', 'v2', 'v2']);
    clock.advance(121);
    await store.sweep(100);
    expect(versionsIn(folder)).toEqual(['v2', 'v2']);
    clock.advance(3500);
    await store.sweep(100);
    expect(versionsIn(folder)).toEqual(['v2', 'v2']);
    clock.advance(120);
    await store.sweep(100);
    expect(versionsIn(folder)).toEqual(['v2']);
    expect(text(await store.get('session', 'a'))).toBe('two');
  });

  it('goes on where the last one stopped, and gets everywhere', async () => {
    const { clock, open } = setUp();
    const store = await open();
    for (let i = 0; i < 30; i += 1) await store.put('code', `key ${i}`, one, 60);
    clock.advance(61);
    let calls = 0;
    for (let swept = 0; swept < 30; calls += 1) {
      const now = await store.sweep(7);
      expect(now).toBeLessThanOrEqual(7);
      swept += now;
      expect(calls).toBeLessThan(20);
    }
    expect(await store.sweep(7)).toBe(0);
  });
});

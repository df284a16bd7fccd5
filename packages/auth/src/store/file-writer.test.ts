import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { one, setUp, text } from './file-tree.contract.ts';

describe('writers of two processes in one', { timeout: 30_000 }, () => {
  it('all get through with put and increment, and count every one', async () => {
    const { open } = setUp();
    const stores = [await open(), await open()];
    const sums = await Promise.all(
      Array.from({ length: 30 }, (_, i) => stores[i % 2]!.increment('counter', 'a', 600)),
    );
    expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => stores[i % 2]!.put('session', 'a', utf8(String(i)), 600)),
    );
    expect(text(await stores[0]!.get('session', 'a'))).toBe(text(await stores[1]!.get('session', 'a')));
  });

  it('have one winner with create, take and delete', async () => {
    const { open } = setUp();
    const stores = [await open(), await open()];
    const race = async <R>(work: (store: (typeof stores)[number]) => Promise<R>): Promise<R[]> =>
      Promise.all(Array.from({ length: 20 }, (_, i) => work(stores[i % 2]!)));
    expect((await race((store) => store.create('code', 'a', one, 600))).filter(Boolean)).toHaveLength(1);
    expect((await race((store) => store.take('code', 'a'))).filter(Boolean)).toHaveLength(1);
    expect((await race((store) => store.create('code', 'a', one, 600))).filter(Boolean)).toHaveLength(1);
    expect((await race((store) => store.delete('code', 'a'))).filter(Boolean)).toHaveLength(1);
  });
});

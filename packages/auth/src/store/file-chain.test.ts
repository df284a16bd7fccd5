import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { filesOf, one, setUp, text, two, versionsIn } from './file-tree.contract.ts';
import { StoreUnavailable } from './store.ts';

describe('a writer that stands still', { timeout: 30_000 }, () => {
  it('gives up after 30 seconds and has written nothing', async () => {
    const { folder, open } = setUp();
    let seconds = 0;
    const slow = await open({ monotonicSeconds: () => seconds });
    await slow.put('session', 'a', one, 600);
    const { version } = (await slow.get('session', 'a'))!;
    const writing = slow.update('session', 'a', version, two, 600);
    seconds += 31;
    await expect(writing).rejects.toThrow(StoreUnavailable);
    expect(versionsIn(folder)).toEqual(['v1']);
    expect(text(await slow.get('session', 'a'))).toBe('one');
    await slow.close();
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('can not revive what was taken', async () => {
    const { open } = setUp();
    let seconds = 0;
    const [slow, other] = [await open({ monotonicSeconds: () => seconds }), await open()];
    await slow!.put('session', 'a', one, 600);
    const { version } = (await slow!.get('session', 'a'))!;
    const writing = slow!.update('session', 'a', version, two, 600);
    seconds += 29;
    // The write is on its way to the disk; the tombstone is faster or the write is: never both.
    const [won, taken] = await Promise.all([writing, other!.take('session', 'a')]);
    expect(text(taken)).toBe(won ? 'two' : 'one');
    expect(await other!.get('session', 'a')).toBeUndefined();
  });

  it('finds out when its number had been used and cleared away', async () => {
    const { folder, open } = setUp();
    let step = 0;
    let seconds = 0;
    const monotonicSeconds = (): number => {
      seconds += step;
      return seconds;
    };
    const slow = await open({ monotonicSeconds });
    await slow.put('session', 'a', one, 600);
    const { version } = (await slow.get('session', 'a'))!;
    const writing = slow.update('session', 'a', version, utf8('lost'), 600);
    // In the meantime another wrote twice, and its first and our base were cleared away; and our process stops at every step.
    const [base = ''] = filesOf(folder);
    writeFileSync(join(folder, 'tmp', 'v3'), readFileSync(base));
    linkSync(join(folder, 'tmp', 'v3'), base.replace(/v1$/, 'v3'));
    rmSync(base);
    step = 3;
    await expect(writing).rejects.toThrow(StoreUnavailable);
    expect(versionsIn(folder)).toEqual(['v3']);
  });

  it('and whose base is still there has won', async () => {
    const { open } = setUp();
    let step = 0;
    let seconds = 0;
    const store = await open({
      monotonicSeconds: () => {
        seconds += step;
        return seconds;
      },
    });
    step = 3;
    await store.put('session', 'a', one, 600);
    const { version } = (await store.get('session', 'a'))!;
    expect(await store.update('session', 'a', version, two, 600)).toBe(true);
    expect(text(await store.get('session', 'a'))).toBe('two');
  });
});

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RecordUnreadable } from './collection.ts';
import { filesOf, one, setUp, text, two } from './file-tree.contract.ts';

describe('what holds for a key', { timeout: 30_000 }, () => {
  it('a damaged file is unreadable, never absent, until it is deleted or replaced', async () => {
    const { folder, open } = setUp();
    const writer = await open();
    await writer.put('session', 'a', one, 600);
    const [path = ''] = filesOf(folder);
    const whole = readFileSync(path);
    const damages = [
      ...Array.from({ length: whole.length - 3 }, (_, at) => Buffer.from(whole.with(at, whole[at]! ^ 0x41))),
      ...Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length)),
    ];
    for (const damage of damages) {
      writeFileSync(path, damage);
      await expect((await open()).get('session', 'a')).rejects.toThrow(RecordUnreadable);
    }
    const store = await open();
    await expect(store.take('session', 'a')).rejects.toThrow(RecordUnreadable);
    await expect(store.create('session', 'a', two, 600)).rejects.toThrow(RecordUnreadable);
    await expect(store.update('session', 'a', '1', two, 600)).rejects.toThrow(RecordUnreadable);
    await expect(store.list('session')).rejects.toThrow(RecordUnreadable);
    await store.sweep(100);
    expect(existsSync(path)).toBe(true);
    await store.put('session', 'a', two, 600);
    expect(text(await store.get('session', 'a'))).toBe('two');
    writeFileSync(path.replace(/v1$/, 'v2'), 'nonsense');
    expect(await (await open()).delete('session', 'a')).toBe(true);
    expect(await store.get('session', 'a')).toBeUndefined();
  });

  it('a file under the name of another key is unreadable', async () => {
    const { folder, open } = setUp();
    const writer = await open();
    await writer.put('session', 'a', one, 600);
    const [a = ''] = filesOf(folder);
    await writer.put('session', 'b', two, 600);
    const b = filesOf(folder).find((path) => path !== a)!;
    renameSync(a, b);
    await expect((await open()).get('session', 'b')).rejects.toThrow(RecordUnreadable);
  });
});

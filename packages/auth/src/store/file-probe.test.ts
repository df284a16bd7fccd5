import { chmodSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { one, setUp, text } from './file-tree.contract.ts';
import { openFileStore } from './file-tree.ts';

describe('opening a folder', { timeout: 30_000 }, () => {
  it('makes it, and finds everything again', async () => {
    const { folder, clock } = setUp();
    const options = { folder: join(folder, 'var', 'state'), clock };
    const before = await openFileStore(options);
    await before.put('session', 'a', one, 600);
    await before.close();
    expect(text(await (await openFileStore(options)).get('session', 'a'))).toBe('one');
  });

  it('says what it promises, as it is', async () => {
    const { folder, open } = setUp();
    const durability = await (await open()).durability();
    expect(durability.description).toContain(folder);
    expect(durability).toMatchObject({ survivesRestart: true, shared: false });
  });

  it('refuses a folder that others may write into, a file, and a format it does not know', async () => {
    const { folder, open } = setUp();
    chmodSync(folder, 0o770);
    await expect(open()).rejects.toThrow(/chmod go-w/);
    chmodSync(folder, 0o700);
    await open();
    for (const marker of ['{"format":2}', '{}', 'nonsense']) {
      writeFileSync(join(folder, 'store.json'), marker);
      await expect(open()).rejects.toThrow(OperatorError);
    }
    writeFileSync(join(folder, 'file'), '');
    await expect(openFileStore({ folder: join(folder, 'file') })).rejects.toThrow(OperatorError);
  });

  it('clears what killed processes left half-way, but not what others are at', async () => {
    const { folder, open } = setUp();
    await open();
    const [old, young] = [join(folder, 'tmp', '1-old'), join(folder, 'tmp', '2-young')];
    for (const path of [old, young]) writeFileSync(path, 'half');
    const hoursAgo = Date.now() / 1000 - 7200;
    utimesSync(old, hoursAgo, hoursAgo);
    await open();
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it('by many at the same moment gives one tree', async () => {
    const { open } = setUp();
    const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
    await stores[0]!.put('session', 'a', one, 600);
    for (const store of stores) expect(text(await store.get('session', 'a'))).toBe('one');
  });
});

import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { ends, filesOf, newFolder, one, setUp, text, two, versionsIn } from './file-tree.contract.ts';
import { openFileStore } from './file-tree.ts';
import { describeStore } from './store.contract.ts';
import { StoreUnavailable } from './store.ts';

describeStore(
  'file tree',
  async (clock) => {
    const folder = newFolder();
    return {
      store: await openFileStore({ folder, clock }),
      clock,
      end: async () => rmSync(folder, { recursive: true }),
    };
  },
  50,
);

describe('a version is a name', { timeout: 30_000 }, () => {
  it('each write is a new file, each end a tombstone', async () => {
    const { folder, open } = setUp();
    const store = await open();
    await store.create('session', 'a', one, 600);
    await store.put('session', 'a', two, 600);
    expect(versionsIn(folder)).toEqual(['v1', 'v2']);
    await store.take('session', 'a');
    await store.create('session', 'a', one, 600);
    expect(versionsIn(folder)).toEqual(['v1', 'v2', 'v3', 'v4']);
    await store.close();
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('everything is for the owner alone', async () => {
    const { folder, open } = setUp();
    const store = await open();
    await store.put('session', 'a', one, 600);
    await store.take('session', 'a');
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      expect(mode.toString(8)).toBe(entry.isFile() ? '600' : '700');
    }
  });

  it('names tell nothing about keys, and lead nowhere', async () => {
    const { folder, open } = setUp();
    const store = await open();
    await store.put('session', '../../../etc/passwd', one, 600);
    const [path = ''] = filesOf(folder);
    expect(path.slice(folder.length)).toMatch(/^\/records\/session\/[0-3][0-9a-f]\/[0-9a-f]{48}\.v1$/);
  });

  it('what was superseded goes after a minute, with later writes', async () => {
    const { folder, open } = setUp();
    let seconds = 0;
    const store = await open({ monotonicSeconds: () => seconds });
    for (const value of ['1', '2', '3']) await store.put('session', 'a', utf8(value), 600);
    seconds = 59;
    await store.put('session', 'b', one, 600);
    expect(versionsIn(folder)).toEqual(['v1', 'v1', 'v2', 'v3']);
    seconds = 61;
    await store.put('session', 'b', two, 600);
    expect(text(await store.get('session', 'a'))).toBe('3');
    await store.close();
    expect(versionsIn(folder)).toEqual(['v1', 'v2', 'v3']);
  });

  it('one of many in two processes begins anew where an aged tombstone is', async () => {
    const { clock, open } = setUp();
    const stores = [await open(), await open()];
    await stores[0]!.create('lease', 'a', one, 60);
    await stores[1]!.delete('lease', 'a');
    clock.advance(4000);
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, i) => stores[i % 2]!.create('lease', 'a', utf8(String(i)), 60)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    for (const store of stores) expect(text(await store.get('lease', 'a'))).toBe(String(won.indexOf(true)));
  });

  it('goes on when somebody empties the folder of temporary files', async () => {
    const { folder, open } = setUp();
    const store = await open();
    for (const key of ['a', 'b']) await store.put('code', key, one, 600);
    await store.take('code', 'a');
    for (const entry of readdirSync(join(folder, 'tmp'))) rmSync(join(folder, 'tmp', entry));
    expect(text(await store.take('code', 'b'))).toBe('one');
    expect(await store.get('code', 'b')).toBeUndefined();
  });

  it('a lock that a killed process left is broken after a minute', async () => {
    const { folder, clock, open } = setUp();
    const store = await open();
    await store.put('lease', 'a', one, 600);
    await store.delete('lease', 'a');
    clock.advance(4000);
    const lock = filesOf(folder)[0]!.replace(/\.v\d+$/, '.lock');
    writeFileSync(lock, '');
    const minutesAgo = Date.now() / 1000 - 120;
    utimesSync(lock, minutesAgo, minutesAgo);
    expect(await store.create('lease', 'a', two, 600)).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  it('a process that keeps what it read sees what another wrote', async () => {
    const { clock, open } = setUp();
    const [a, b] = [await open(), await open()];
    await a!.put('session', 'k', one, 600);
    expect(text(await b!.get('session', 'k'))).toBe('one');
    await a!.put('session', 'k', two, 600);
    expect(text(await b!.get('session', 'k'))).toBe('two');
    await b!.delete('session', 'k');
    expect(await a!.get('session', 'k')).toBeUndefined();
    clock.advance(4000);
    await b!.create('session', 'k', one, 600);
    expect(text(await a!.get('session', 'k'))).toBe('one');
  });
});

describe('what can not be known is not answered', { timeout: 30_000 }, () => {
  it('a folder that went away is unavailable, not empty', async () => {
    const { folder, open } = setUp();
    const store = await open();
    await store.put('session', 'a', one, 600);
    renameSync(folder, `${folder}-away`);
    ends.push(() => rmSync(`${folder}-away`, { recursive: true }));
    await expect(store.get('session', 'other')).rejects.toThrow(StoreUnavailable);
    await expect(store.take('session', 'other')).rejects.toThrow(StoreUnavailable);
    await expect(store.list('session')).rejects.toThrow(StoreUnavailable);
    await expect(store.put('session', 'a', two, 600)).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    // Another, empty tree in its place says nothing about the records either.
    await open();
    await expect(store.get('session', 'other')).rejects.toThrow(StoreUnavailable);
  });

  it('a closed store is unavailable', async () => {
    const store = await setUp().open();
    await store.close();
    await expect(store.get('session', 'a')).rejects.toThrow(StoreUnavailable);
  });
});

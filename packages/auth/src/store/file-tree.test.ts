import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import { OperatorError } from '../core/operator-error.ts';
import { RecordUnreadable } from './collection.ts';
import { type FileStoreOptions, openFileStore } from './file-tree.ts';
import { describeStore } from './store.contract.ts';
import { type Store, type StoredValue, StoreUnavailable } from './store.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'portcullis-store-'));

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

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

/** A folder and a way to open it, several times if need be, as several processes do. */
function setUp(): {
  folder: string;
  clock: ManualClock;
  open: (more?: Partial<FileStoreOptions>) => Promise<Store>;
} {
  const folder = newFolder();
  const clock = manualClock();
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, clock, open: async (more = {}) => openFileStore({ folder, clock, ...more }) };
}

/** Every file under the folder of records, by its path from there. */
function filesOf(folder: string): string[] {
  const records = join(folder, 'records');
  return readdirSync(records, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
const versionsIn = (folder: string): string[] =>
  filesOf(folder)
    .map((path) => path.slice(path.lastIndexOf('.v') + 1))
    .toSorted();
const text = (value: StoredValue | undefined): string | undefined =>
  value && Buffer.from(value.bytes).toString();
const one = utf8('one');
const two = utf8('two');

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

  it('a sweep removes what a killed process left: superseded versions, then aged tombstones', async () => {
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

describe('what can not be known is not answered', { timeout: 30_000 }, () => {
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

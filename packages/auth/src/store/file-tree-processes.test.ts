import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openFileStore } from './file-tree.ts';
import type { Store } from './store.ts';

// Other processes run what was built: `npm run build`.
const BUILT = fileURLToPath(new URL('../../dist/store/file-tree.js', import.meta.url));

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-processes-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that runs `script` with a `store` on the folder, and tells in lines what it did. */
function startProcess(folder: string, script: string): { child: ChildProcess; lines: AsyncIterator<string> } {
  const whole = `
    import { createInterface } from 'node:readline';
    const { openFileStore } = await import(${JSON.stringify(BUILT)});
    const store = await openFileStore({ folder: ${JSON.stringify(folder)} });
    const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const say = (text) => new Promise((done) => process.stdout.write(text + '\\n', done));
    const bytes = (text) => new TextEncoder().encode(text);
    const text = (value) => value && new TextDecoder().decode(value.bytes);
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', whole], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise((done) => child.once('close', done));
  ends.push(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const line = await lines.next();
  if (line.done) throw new Error('The process ended early');
  return line.value;
}

const text = (value: { readonly bytes: Uint8Array } | undefined): string | undefined =>
  value && Buffer.from(value.bytes).toString();

describe('two processes on one folder', () => {
  const KEYS = 200;
  const RACE = `
    const me = process.pid;
    const keys = Array.from({ length: ${KEYS} }, (_, i) => 'key ' + i);
    const eight = async (work) => {
      const won = [];
      let next = 0;
      await Promise.all(Array.from({ length: 8 }, async () => {
        while (next < keys.length) {
          const key = keys[next++];
          if (await work(key)) won.push(key);
        }
      }));
      return won;
    };
    const round = async (work) => {
      await say('ready');
      await input.next();
      await say(JSON.stringify(await work()));
    };
    await round(() => eight((key) => store.create('session', key, bytes('created by ' + me), 600)));
    const held = new Map();
    for (const key of keys) held.set(key, await store.get('session', key));
    await round(() => eight((key) => store.update('session', key, held.get(key).version, bytes('updated by ' + me), 600)));
    await round(() => eight(async (key) => (await store.take('session', key)) !== undefined));
    await round(() => eight((key) => store.create('session', key, bytes('again by ' + me), 600)));
    await round(() => eight((key) => store.delete('session', key)));
    await round(async () => {
      const sums = [];
      for (let i = 0; i < 100; i += 1) sums.push(await store.increment('counter', 'shared', 600));
      return sums;
    });
    await store.close();
    process.exit(0);`;

  it('have one winner for each key, whatever they race for', { timeout: 60_000 }, async () => {
    const folder = newFolder();
    const processes = [startProcess(folder, RACE), startProcess(folder, RACE)];
    const round = async (): Promise<(string | number)[][]> => {
      for (const { lines } of processes) expect(await nextLine(lines)).toBe('ready');
      for (const { child } of processes) child.stdin!.write('go\n');
      return Promise.all(processes.map(async ({ lines }) => JSON.parse(await nextLine(lines))));
    };
    const everyKey = Array.from({ length: KEYS }, (_, i) => `key ${i}`).toSorted();
    for (const what of ['create', 'update', 'take', 'create again', 'delete']) {
      expect((await round()).flat().toSorted(), what).toEqual(everyKey);
    }
    const sums = (await round()).flat().map(Number);
    expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });
});

describe('kill -9', () => {
  /** Writes without end and says what was acknowledged; the values are long, so that a torn one would show. */
  const WRITER = `
    const value = (i) => String(i).padStart(8, '0').repeat(2000);
    let next = Number((await input.next()).value);
    await store.put('session', 'hot', bytes(value(next)), 6000);
    await Promise.all(Array.from({ length: 4 }, async () => {
      for (;;) {
        const i = next++;
        await store.create('session', 'key ' + i, bytes(value(i)), 6000);
        await say('created ' + i);
        const held = await store.get('session', 'hot');
        if (await store.update('session', 'hot', held.version, bytes(value(i)), 6000)) await say('updated ' + i);
        if (i % 3 === 0 && (await store.take('session', 'key ' + i))) await say('taken ' + i);
        await say('count ' + (await store.increment('counter', 'all', 6000)));
      }
    }));`;
  const value = (i: number): string => String(i).padStart(8, '0').repeat(2000);

  it('leaves a store that opens, with all that was acknowledged and nothing half-written', {
    timeout: 60_000,
  }, async () => {
    const folder = newFolder();
    const said = { created: new Set<number>(), taken: new Set<number>(), count: 0 };
    for (let round = 0; round < 6; round += 1) {
      const { child, lines } = startProcess(folder, WRITER);
      child.stdin!.write(`${round * 100_000}\n`);
      // Killed in the middle of something, at another place each time.
      for (let line = 0; line < 40 + 37 * round; line += 1) heed(await nextLine(lines), said);
      child.kill('SIGKILL');
      for (let rest = await lines.next(); !rest.done; rest = await lines.next()) heed(rest.value, said);

      const store = await openFileStore({ folder });
      await checkAll(store, said);
      await store.close();
    }
    expect(said.created.size).toBeGreaterThan(50);
    expect(said.taken.size).toBeGreaterThan(10);
  });

  function heed(line: string, said: { created: Set<number>; taken: Set<number>; count: number }): void {
    const [what, number] = line.split(' ');
    if (what === 'created') said.created.add(Number(number));
    if (what === 'taken') said.taken.add(Number(number));
    if (what === 'count') said.count = Math.max(said.count, Number(number));
  }

  async function checkAll(
    store: Store,
    said: { readonly created: Set<number>; readonly taken: Set<number>; readonly count: number },
  ): Promise<void> {
    const there = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await store.list('session', { cursor, limit: 500 });
      for (const key of page.keys) there.add(key);
      cursor = page.cursor;
    } while (cursor !== undefined);
    for (const key of there) {
      const found = text(await store.get('session', key));
      if (key === 'hot') expect(found).toBe(value(Number(found?.slice(0, 8))));
      else expect(found).toBe(value(Number(key.slice(4))));
    }
    for (const i of said.created) {
      // What was to be taken may have been taken without a word: the kill came in between.
      if (i % 3 !== 0) expect(there.has(`key ${i}`), `key ${i}`).toBe(true);
    }
    for (const i of said.taken) expect(there.has(`key ${i}`), `key ${i}`).toBe(false);
    expect(there.has('hot')).toBe(true);
    expect(await store.increment('counter', 'all', 6000)).toBeGreaterThan(said.count);
  }
});

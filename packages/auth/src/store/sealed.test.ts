import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import { systemRandom } from '../core/random.ts';
import { openKeyRing } from '../keys/ring.ts';
import type { RingAccess } from '../keys/ring-access.ts';
import { addNextKey, promoteNextKey, retireKey } from '../keys/ring-rotation.ts';
import { RecordUnreadable } from './collection.ts';
import { memoryStore } from './memory.ts';
import type { RecordKind } from './record-kinds.ts';
import { ringStorage } from './ring-storage.ts';
import { openRecords } from './sealed.ts';
import type { IndexValues, Store, StoredValue } from './store.ts';

interface Value {
  readonly text: string;
  readonly n?: number;
}

/** Remembers all that a backend is told. */
function watched(inner: Store): { store: Store; seen: string[] } {
  const seen: string[] = [];
  const note = (kind: RecordKind, key: string, bytes?: Uint8Array, index?: IndexValues): void => {
    if (kind !== 'ring')
      seen.push(key, Buffer.from(bytes ?? []).toString('latin1'), JSON.stringify(index ?? {}));
  };
  const store: Store = {
    ...inner,
    put: (kind, key, bytes, ttl, index) => {
      note(kind, key, bytes, index);
      return inner.put(kind, key, bytes, ttl, index);
    },
    create: (kind, key, bytes, ttl, index) => {
      note(kind, key, bytes, index);
      return inner.create(kind, key, bytes, ttl, index);
    },
    get: (kind, key) => {
      note(kind, key);
      return inner.get(kind, key);
    },
  };
  return { store, seen };
}

async function setUp() {
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const { store, seen } = watched(memoryStore({ clock }));
  const access: RingAccess = {
    storage: ringStorage(store),
    masterSecret: { bytes: new Uint8Array(32).fill(7) },
    clock,
    random: systemRandom,
    onEvent: () => {},
    deployment: 'here',
  };
  const records = async (deployment = 'here') =>
    openRecords(store, await openKeyRing(access), {
      deployment,
      clock,
      onEvent: (event) => events.push(event),
    });
  return { clock, events, store, seen, access, records, opened: await records() };
}

const ONE: Value = { text: 'value one' };
const TWO: Value = { text: 'value two', n: 2 };

describe('sealed records', () => {
  it('are what was put, for as long as was said', async () => {
    const { opened, clock } = await setUp();
    const sessions = opened.collection<Value>('session');
    expect(await sessions.get('a')).toBeUndefined();
    expect(await sessions.create('a', ONE, 60)).toBe(true);
    expect(await sessions.create('a', TWO, 60)).toBe(false);
    expect(await sessions.get('a')).toMatchObject({ value: ONE, expiresAt: clock.now() + 60_000 });
    await sessions.put('a', TWO, 60);
    clock.advance(59);
    expect(await sessions.take('a')).toEqual(TWO);
    expect(await sessions.take('a')).toBeUndefined();
    await sessions.put('a', TWO, 60);
    clock.advance(60);
    expect(await sessions.get('a')).toBeUndefined();
    expect(await sessions.delete('a')).toBe(false);
  });

  it('are updated by who held them last', async () => {
    const { opened } = await setUp();
    const sessions = opened.collection<Value>('session');
    await sessions.put('a', ONE, 60);
    const held = (await sessions.get('a'))!;
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, n) => sessions.update('a', held, { text: 'x', n }, 60)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await sessions.get('a'))!.value.n).toBe(won.indexOf(true));
  });

  it('show a backend neither values, nor secret keys, nor what indexes name', async () => {
    const { opened, seen } = await setUp();
    await opened.collection<Value>('code').create('the-secret-code', ONE, 60);
    await opened.collection<Value>('code').get('the-secret-code');
    await opened
      .collection<Value>('session')
      .put('session-id', ONE, 60, { person: 'ann@a.example', client: 'https://c' });
    expect(seen).toContain('session-id');
    for (const secret of ['the-secret-code', 'value one', 'ann@a.example', 'https://c']) {
      expect(seen.join('\n')).not.toContain(secret);
    }
  });

  it('are listed by index, with their keys', async () => {
    const { opened } = await setUp();
    const sessions = opened.collection<Value>('session');
    await sessions.put('a', ONE, 60, { person: 'ann' });
    await sessions.put('b', TWO, 60, { person: 'bob' });
    const { records } = await sessions.list({ index: { name: 'person', value: 'bob' } });
    expect(records).toMatchObject([{ key: 'b', value: TWO }]);
    expect((await sessions.list()).records.map((record) => record.key).toSorted()).toEqual(['a', 'b']);
    const first = await sessions.list({ limit: 1 });
    const second = await sessions.list({ limit: 1, cursor: first.cursor });
    expect([...first.records, ...second.records].map((record) => record.key).toSorted()).toEqual(['a', 'b']);
    // And can be updated from there.
    expect(await sessions.update('b', records[0]!, ONE, 60)).toBe(true);
  });

  it('have no other indexes than those declared, and no list where keys are secret', async () => {
    const { opened } = await setUp();
    const index = { colour: 'red' };
    await expect(opened.collection<Value>('session').put('a', ONE, 60, index)).rejects.toThrow(TypeError);
    await expect(opened.collection<Value>('code').list()).rejects.toThrow(TypeError);
  });
});

describe('a record that does not open', () => {
  const copies: readonly [string, (store: Store, value: StoredValue) => Promise<void>][] = [
    ['moved to another key', (store, { bytes }) => store.put('session', 'b', bytes, 60)],
    ['moved to another kind', (store, { bytes }) => store.put('client', 'b', bytes, 60)],
    ['changed by a bit', (store, { bytes }) => store.put('session', 'b', bytes.with(40, bytes[40]! ^ 1), 60)],
    ['cut', (store, { bytes }) => store.put('session', 'b', bytes.slice(0, 30), 60)],
    ['emptied', (store) => store.put('session', 'b', new Uint8Array(), 60)],
  ];
  for (const [how, copy] of copies) {
    it(`because it was ${how} is reported, and never absent`, async () => {
      const { opened, store, events } = await setUp();
      await opened.collection<Value>('session').put('a', ONE, 60);
      await copy(store, (await store.get('session', 'a'))!);
      const kind = (await store.get('client', 'b')) ? 'client' : 'session';
      await expect(opened.collection<Value>(kind).get('b')).rejects.toThrow(RecordUnreadable);
      expect(events).toEqual([{ type: 'store.record-unreadable', kind, key: 'b', detail: 'damaged' }]);
      await expect(opened.collection<Value>(kind).list()).rejects.toThrow(RecordUnreadable);
      await expect(opened.collection<Value>(kind).take('b')).rejects.toThrow(RecordUnreadable);
    });
  }

  it('because it belongs to another deployment is reported', async () => {
    const { opened, records } = await setUp();
    await opened.collection<Value>('session').put('a', ONE, 60);
    const elsewhere = await records('elsewhere');
    await expect(elsewhere.collection<Value>('session').get('a')).rejects.toThrow(RecordUnreadable);
  });

  it('because a backend says so is reported in the same way', async () => {
    const { store, access, clock, events } = await setUp();
    const broken: Store = { ...store, get: () => Promise.reject(new RecordUnreadable('a damaged file')) };
    const ring = await openKeyRing(access);
    const opened = openRecords(broken, ring, {
      deployment: 'here',
      clock,
      onEvent: (event) => events.push(event),
    });
    await expect(opened.collection<Value>('session').get('a')).rejects.toThrow(RecordUnreadable);
    expect(events).toMatchObject([{ type: 'store.record-unreadable', key: 'a' }]);
  });
});

describe('the expiry inside the seal', () => {
  it('can not be prolonged by who writes the store', async () => {
    const { opened, store, clock } = await setUp();
    await opened.collection<Value>('session').put('a', ONE, 60);
    const { bytes } = (await store.get('session', 'a'))!;
    await store.put('session', 'a', bytes, 6000);
    clock.advance(61);
    expect(await store.get('session', 'a')).toBeDefined();
    expect(await opened.collection<Value>('session').get('a')).toBeUndefined();
    expect(await opened.collection<Value>('session').take('a')).toBeUndefined();
  });
});

describe('keys that this process does not have yet', () => {
  it('are read again, once, and the record opens', async () => {
    const { opened, access, records, events, clock } = await setUp();
    await addNextKey(access, 'seal');
    await promoteNextKey(access, 'seal');
    const other = await records();
    await other.collection<Value>('session').put('a', ONE, 60);
    clock.advance(2);
    expect((await opened.collection<Value>('session').get('a'))?.value).toEqual(ONE);
    expect(events).toEqual([]);
  });

  it('and are not in the ring either make a record unreadable, not absent', async () => {
    const { opened, access, records, events, clock } = await setUp();
    await opened.collection<Value>('session').put('a', ONE, 60);
    await addNextKey(access, 'seal');
    const { keys } = await promoteNextKey(access, 'seal');
    await retireKey(access, keys.find((key) => key.purpose === 'seal' && key.state === 'accepted')!.kid);
    clock.advance(2);
    const after = await records();
    await expect(after.collection<Value>('session').get('a')).rejects.toThrow(RecordUnreadable);
    expect(events).toMatchObject([{ type: 'store.record-unreadable', detail: 'unknown-key' }]);
  });

  it('do not cost a record that was to be taken: it goes back', async () => {
    const { opened, access, store, clock } = await setUp();
    const other = opened.collection<Value>('code');
    await other.put('a code', ONE, 60);
    const blind = { ...(await openKeyRing(access)), open: () => 'unknown-key' as const };
    const codes = openRecords(store, blind, {
      deployment: 'here',
      clock,
      onEvent: () => {},
    }).collection<Value>('code');
    await expect(codes.take('a code')).rejects.toThrow(RecordUnreadable);
    expect(await other.take('a code')).toEqual(ONE);
  });

  it('do not lose a look-up key: rotation leaves every record where it was', async () => {
    const { access, records, opened } = await setUp();
    await opened.collection<Value>('code').put('secret code', ONE, 60);
    await addNextKey(access, 'seal');
    await promoteNextKey(access, 'seal');
    expect(await (await records()).collection<Value>('code').take('secret code')).toEqual(ONE);
  });
});

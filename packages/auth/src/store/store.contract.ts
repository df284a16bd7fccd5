import { describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import type { Store } from './store.ts';
import { describeModel } from './store-model.contract.ts';

/** A store under test, empty, and what makes its time pass. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly clock: ManualClock;
  /** Ends what the factory began, such as a folder or a server. */
  readonly end?: () => Promise<void>;
}

export type StoreFactory = (clock: ManualClock) => Promise<StoreUnderTest>;

const RACERS = 50;
/** A backend may be on a busy disk, or at the other end of a network. */
const PATIENT = { timeout: 60_000 };
const bytes = (text: string): Uint8Array => utf8(text);
const text = (value: { readonly bytes: Uint8Array } | undefined): string | undefined =>
  value && Buffer.from(value.bytes).toString('utf8');
const count = (values: readonly unknown[], wanted: unknown): number =>
  values.filter((value) => value === wanted).length;

/** What every backend must do. A backend's own test calls this with a factory; `modelRuns` random histories are played against a model. */
export function describeStore(name: string, factory: StoreFactory, modelRuns = 1000): void {
  const withStore = (test: (store: Store, clock: ManualClock) => Promise<void>) => async () => {
    const under = await factory(manualClock());
    try {
      await test(under.store, under.clock);
    } finally {
      await under.store.close();
      await under.end?.();
    }
  };

  describe(`${name}: one at a time`, PATIENT, () => describeSingle(withStore));
  describe(`${name}: time`, PATIENT, () => describeTime(withStore));
  describe(`${name}: many at once`, PATIENT, () => describeRaces(withStore));
  describe(`${name}: lists`, PATIENT, () => describeLists(withStore));
  describe(`${name}: model`, PATIENT, () => describeModel(factory, modelRuns));
}

type WithStore = (test: (store: Store, clock: ManualClock) => Promise<void>) => () => Promise<void>;

function describeSingle(withStore: WithStore): void {
  it(
    'gives back what was put',
    withStore(async (store) => {
      expect(await store.get('session', 'a')).toBeUndefined();
      await store.put('session', 'a', bytes('one'), 60);
      expect(text(await store.get('session', 'a'))).toBe('one');
      await store.put('session', 'a', bytes('two'), 60);
      expect(text(await store.get('session', 'a'))).toBe('two');
    }),
  );

  it(
    'keeps kinds and keys apart, whatever is in a key',
    withStore(async (store) => {
      const keys = [
        'a',
        'A',
        'a/b',
        '../a',
        'https://h.example/x?y=1',
        '',
        '.',
        'ä',
        'a\u0000b',
        'x'.repeat(2000),
      ];
      for (const key of keys) await store.put('client', key, bytes(`client ${key}`), 60);
      for (const key of keys) await store.put('session', key, bytes(`session ${key}`), 60);
      for (const key of keys) {
        expect(text(await store.get('client', key))).toBe(`client ${key}`);
        expect(text(await store.get('session', key))).toBe(`session ${key}`);
      }
      expect((await store.list('client')).keys.toSorted()).toEqual(keys.toSorted());
    }),
  );

  it(
    'keeps bytes of any value and length',
    withStore(async (store) => {
      for (const length of [0, 1, 255, 70_000]) {
        const value = Uint8Array.from({ length }, (_, i) => (i * 7) % 256);
        await store.put('session', 'a', value, 60);
        const got = await store.get('session', 'a');
        expect(got && Buffer.from(got.bytes).equals(value)).toBe(true);
      }
    }),
  );

  it(
    'creates only what is absent',
    withStore(async (store) => {
      expect(await store.create('session', 'a', bytes('one'), 60)).toBe(true);
      expect(await store.create('session', 'a', bytes('two'), 60)).toBe(false);
      expect(text(await store.get('session', 'a'))).toBe('one');
      expect(await store.delete('session', 'a')).toBe(true);
      expect(await store.delete('session', 'a')).toBe(false);
      expect(await store.create('session', 'a', bytes('three'), 60)).toBe(true);
      expect(text(await store.get('session', 'a'))).toBe('three');
    }),
  );

  it(
    'takes once',
    withStore(async (store) => {
      await store.put('code', 'a', bytes('one'), 60);
      expect(text(await store.take('code', 'a'))).toBe('one');
      expect(await store.take('code', 'a')).toBeUndefined();
      expect(await store.get('code', 'a')).toBeUndefined();
    }),
  );

  it(
    'updates the version it was shown, and no other',
    withStore(async (store) => {
      await store.put('session', 'a', bytes('one'), 60);
      const first = (await store.get('session', 'a'))!;
      expect(await store.update('session', 'a', first.version, bytes('two'), 60)).toBe(true);
      expect(await store.update('session', 'a', first.version, bytes('three'), 60)).toBe(false);
      expect(text(await store.get('session', 'a'))).toBe('two');
    }),
  );

  it(
    'never creates by an update',
    withStore(async (store) => {
      expect(await store.update('session', 'a', '1', bytes('one'), 60)).toBe(false);
      await store.put('session', 'a', bytes('one'), 60);
      const { version } = (await store.get('session', 'a'))!;
      await store.delete('session', 'a');
      expect(await store.update('session', 'a', version, bytes('two'), 60)).toBe(false);
      expect(await store.get('session', 'a')).toBeUndefined();
      await store.create('session', 'a', bytes('three'), 60);
      expect(await store.update('session', 'a', version, bytes('four'), 60)).toBe(false);
      expect(text(await store.get('session', 'a'))).toBe('three');
    }),
  );

  it(
    'gives a version back that is good for an update after every kind of write',
    withStore(async (store) => {
      await store.create('session', 'a', bytes('1'), 60);
      for (const next of ['2', '3', '4']) {
        const { version } = (await store.get('session', 'a'))!;
        expect(await store.update('session', 'a', version, bytes(next), 60)).toBe(true);
      }
      await store.put('session', 'a', bytes('5'), 60);
      const { version } = (await store.get('session', 'a'))!;
      expect(await store.update('session', 'a', version, bytes('6'), 60)).toBe(true);
      expect(text(await store.get('session', 'a'))).toBe('6');
    }),
  );

  it(
    'can be asked whether it works, and says what it promises',
    withStore(async (store) => {
      await store.ping();
      const durability = await store.durability();
      expect(durability.description).toMatch(/\S/);
      expect(durability.survivesPowerCut && !durability.survivesRestart).toBe(false);
    }),
  );
}

function describeTime(withStore: WithStore): void {
  it(
    'ends a record with its lifetime, for every method',
    withStore(async (store, clock) => {
      for (const key of ['get', 'take', 'delete', 'update', 'create', 'put']) {
        await store.put('session', key, bytes('one'), 60);
      }
      const { version } = (await store.get('session', 'update'))!;
      clock.advance(59);
      expect(await store.get('session', 'get')).toBeDefined();
      clock.advance(1);
      expect(await store.get('session', 'get')).toBeUndefined();
      expect(await store.take('session', 'take')).toBeUndefined();
      expect(await store.delete('session', 'delete')).toBe(false);
      expect(await store.update('session', 'update', version, bytes('two'), 60)).toBe(false);
      expect((await store.list('session')).keys).toEqual([]);
      expect(await store.create('session', 'create', bytes('two'), 60)).toBe(true);
      await store.put('session', 'put', bytes('two'), 60);
      expect(text(await store.get('session', 'create'))).toBe('two');
      expect(text(await store.get('session', 'put'))).toBe('two');
    }),
  );

  it(
    'starts the lifetime again with every write',
    withStore(async (store, clock) => {
      await store.put('session', 'a', bytes('one'), 60);
      clock.advance(50);
      const { version } = (await store.get('session', 'a'))!;
      expect(await store.update('session', 'a', version, bytes('two'), 60)).toBe(true);
      clock.advance(50);
      expect(text(await store.get('session', 'a'))).toBe('two');
      await store.put('session', 'a', bytes('three'), 5);
      clock.advance(6);
      expect(await store.get('session', 'a')).toBeUndefined();
    }),
  );

  it(
    'counts, and does not prolong a counter',
    withStore(async (store, clock) => {
      expect(await store.increment('counter', 'a', 60)).toBe(1);
      clock.advance(40);
      expect(await store.increment('counter', 'a', 60)).toBe(2);
      expect(await store.increment('counter', 'b', 60)).toBe(1);
      clock.advance(20);
      expect(await store.increment('counter', 'a', 60)).toBe(1);
    }),
  );

  it(
    'sweeps what is over, as much as it is told, and nothing else',
    withStore(async (store, clock) => {
      for (let i = 0; i < 10; i += 1) await store.put('code', `short ${i}`, bytes('x'), 60);
      await store.put('session', 'long', bytes('x'), 600);
      expect(await store.sweep(100)).toBe(0);
      clock.advance(61);
      expect(await store.sweep(4)).toBe(4);
      expect(await store.sweep(100)).toBe(6);
      expect(await store.sweep(100)).toBe(0);
      expect(await store.get('session', 'long')).toBeDefined();
      expect(await store.create('code', 'short 1', bytes('y'), 60)).toBe(true);
      expect(text(await store.get('code', 'short 1'))).toBe('y');
    }),
  );

  it(
    'forgets nothing that lives and revives nothing that ended, over days of sweeping',
    withStore(async (store, clock) => {
      await store.put('session', 'stays', bytes('stays'), 10 * 86_400);
      await store.put('session', 'again', bytes('1'), 600);
      const old = (await store.get('session', 'again'))!;
      await store.take('session', 'again');
      for (let hour = 0; hour < 48; hour += 1) {
        clock.advance(3600);
        await store.sweep(1000);
      }
      expect(await store.get('session', 'again')).toBeUndefined();
      expect(await store.update('session', 'again', old.version, bytes('2'), 600)).toBe(false);
      expect(await store.create('session', 'again', bytes('3'), 600)).toBe(true);
      expect(await store.update('session', 'again', old.version, bytes('4'), 600)).toBe(false);
      expect(text(await store.get('session', 'again'))).toBe('3');
      expect(text(await store.get('session', 'stays'))).toBe('stays');
    }),
  );
}

function describeRaces(withStore: WithStore): void {
  const race = <R>(work: (racer: number) => Promise<R>): Promise<R[]> =>
    Promise.all(Array.from({ length: RACERS }, (_, racer) => work(racer)));

  it(
    'lets one of many create',
    withStore(async (store) => {
      const won = await race((i) => store.create('session', 'a', bytes(String(i)), 60));
      expect(count(won, true)).toBe(1);
      expect(text(await store.get('session', 'a'))).toBe(String(won.indexOf(true)));
    }),
  );

  it(
    'lets one of many take, and it gets the value',
    withStore(async (store) => {
      await store.put('code', 'a', bytes('one'), 60);
      const got = await race(async () => text(await store.take('code', 'a')));
      expect(count(got, 'one')).toBe(1);
      expect(count(got, undefined)).toBe(RACERS - 1);
    }),
  );

  it(
    'lets one of many update a version',
    withStore(async (store) => {
      await store.put('session', 'a', bytes('zero'), 60);
      const { version } = (await store.get('session', 'a'))!;
      const won = await race((i) => store.update('session', 'a', version, bytes(String(i)), 60));
      expect(count(won, true)).toBe(1);
      expect(text(await store.get('session', 'a'))).toBe(String(won.indexOf(true)));
    }),
  );

  it(
    'lets one of many delete',
    withStore(async (store) => {
      await store.put('session', 'a', bytes('one'), 60);
      expect(count(await race(() => store.delete('session', 'a')), true)).toBe(1);
    }),
  );

  it(
    'lets either a take or an update win, never both',
    withStore(async (store) => {
      for (let round = 0; round < 10; round += 1) {
        await store.put('session', 'a', bytes('zero'), 60);
        const { version } = (await store.get('session', 'a'))!;
        const [taken, updated] = await Promise.all([
          store.take('session', 'a'),
          store.update('session', 'a', version, bytes('one'), 60),
        ]);
        // An update that came first may be taken; an update after the take must fail.
        if (text(taken) === 'zero') expect(updated).toBe(false);
        if (updated) expect([undefined, 'one']).toContain(text(taken));
      }
    }),
  );

  it(
    'counts every one of many',
    withStore(async (store) => {
      const sums = await race(() => store.increment('counter', 'a', 60));
      expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: RACERS }, (_, i) => i + 1));
    }),
  );

  it(
    'loses no update when many read, change and write in a loop',
    withStore(async (store) => {
      await store.put('session', 'sum', bytes('0'), 60);
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let done = 0; done < 5; ) {
            const held = (await store.get('session', 'sum'))!;
            const next = bytes(String(Number(text(held)) + 1));
            if (await store.update('session', 'sum', held.version, next, 60)) done += 1;
          }
        }),
      );
      expect(text(await store.get('session', 'sum'))).toBe('40');
    }),
  );

  it(
    'puts of many leave one whole value',
    withStore(async (store) => {
      const value = (i: number): string => String(i).repeat(5000);
      await race((i) => store.put('session', 'a', bytes(value(i)), 60));
      const got = text(await store.get('session', 'a'));
      expect(Array.from({ length: RACERS }, (_, i) => value(i))).toContain(got);
    }),
  );
}

function describeLists(withStore: WithStore): void {
  const all = async (
    store: Store,
    page: { readonly index?: { readonly name: string; readonly value: string }; readonly limit?: number },
  ): Promise<string[]> => {
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await store.list('session', { ...page, cursor });
      expect(answer.keys.length).toBeLessThanOrEqual(page.limit ?? 100);
      keys.push(...answer.keys);
      cursor = answer.cursor;
    } while (cursor !== undefined);
    return keys.toSorted();
  };

  it(
    'lists every record once, page by page',
    withStore(async (store) => {
      const keys = Array.from({ length: 25 }, (_, i) => `key ${i}`).toSorted();
      for (const key of keys) await store.put('session', key, bytes(key), 60);
      await store.put('client', 'other', bytes('x'), 60);
      for (const limit of [1, 7, 25, 100]) expect(await all(store, { limit })).toEqual(keys);
      expect(await all(store, {})).toEqual(keys);
    }),
  );

  it(
    'lists by an index, and an update keeps the index',
    withStore(async (store) => {
      for (let i = 0; i < 12; i += 1) {
        await store.put('session', `key ${i}`, bytes('x'), 60, {
          person: i % 3 ? 'ann' : 'bob',
          client: 'c',
        });
      }
      await store.create('session', 'none', bytes('x'), 60);
      const bobs = { index: { name: 'person', value: 'bob' } };
      expect(await all(store, { ...bobs, limit: 3 })).toEqual(['key 0', 'key 3', 'key 6', 'key 9']);
      expect(await all(store, { index: { name: 'person', value: 'eve' } })).toEqual([]);
      expect(await all(store, { index: { name: 'client', value: 'c' } })).toHaveLength(12);
      const { version } = (await store.get('session', 'key 3'))!;
      await store.update('session', 'key 3', version, bytes('y'), 60);
      await store.delete('session', 'key 6');
      await store.put('session', 'key 9', bytes('y'), 60, { person: 'ann' });
      expect(await all(store, bobs)).toEqual(['key 0', 'key 3']);
    }),
  );

  it(
    'goes on with a list while records come and go',
    withStore(async (store) => {
      for (let i = 0; i < 20; i += 1) await store.put('session', `key ${i}`, bytes('x'), 60);
      const first = await store.list('session', { limit: 10 });
      for (const key of first.keys) await store.delete('session', key);
      const second = await store.list('session', { limit: 10, cursor: first.cursor });
      expect(new Set([...first.keys, ...second.keys]).size).toBe(20);
    }),
  );
}

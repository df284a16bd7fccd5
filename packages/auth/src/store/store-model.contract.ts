import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import type { StoreFactory } from './store.contract.ts';
import type { Store } from './store.ts';

/** One step of a random history. `old`: use the version from before the last one seen. */
type Step =
  | { readonly do: 'get' | 'take' | 'delete' | 'increment'; readonly key: string }
  | {
      readonly do: 'put' | 'create';
      readonly key: string;
      readonly value: string;
      readonly ttl: number;
      readonly person?: string;
    }
  | {
      readonly do: 'update';
      readonly key: string;
      readonly value: string;
      readonly ttl: number;
      readonly old: boolean;
    }
  | { readonly do: 'advance'; readonly seconds: number }
  | { readonly do: 'list'; readonly person: string | undefined }
  | { readonly do: 'sweep' };

const key = fc.constantFrom('a', 'b', 'c');
const value = fc.string({ maxLength: 4 });
const ttl = fc.constantFrom(10, 100, 10_000);
const person = fc.constantFrom('ann', 'bob');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('get' as const, 'take' as const, 'delete' as const, 'increment' as const),
      key,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      { do: fc.constantFrom('put' as const, 'create' as const), key, value, ttl, person },
      { requiredKeys: ['do', 'key', 'value', 'ttl'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('update' as const), key, value, ttl, old: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      seconds: fc.constantFrom(1, 9, 10, 90, 3600, 4000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('list' as const), person: fc.option(person, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
);

interface ModelRecord {
  readonly value: string;
  readonly expiresAt: number;
  readonly person: string | undefined;
  /** Counts every write of every key. */
  readonly write: number;
}

/** Any history of calls, one after the other, has the outcome that a simple map would give. */
export function describeModel(factory: StoreFactory, numRuns: number): void {
  it('does in any order of calls what a simple map would do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { store, clock, end } = await factory(manualClock());
        try {
          const model = createModel(store, () => clock.now());
          for (const one of steps) {
            if (one.do === 'advance') clock.advance(one.seconds);
            else await model(one);
          }
        } finally {
          await store.close();
          await end?.();
        }
      }),
      { numRuns },
    );
  });
}

function createModel(
  store: Store,
  now: () => number,
): (step: Exclude<Step, { do: 'advance' }>) => Promise<void> {
  const records = new Map<string, ModelRecord>();
  const counters = new Map<string, { count: number; expiresAt: number }>();
  const seen = new Map<string, { version: string; write: number }[]>();
  let writes = 0;

  const live = (name: string): ModelRecord | undefined => {
    const record = records.get(name);
    return record && record.expiresAt > now() ? record : undefined;
  };
  const write = (name: string, text: string, lifetime: number, owner: string | undefined): void => {
    writes += 1;
    records.set(name, { value: text, expiresAt: now() + lifetime * 1000, person: owner, write: writes });
  };
  const look = async (name: string): Promise<void> => {
    const found = await store.get('session', name);
    const record = live(name);
    expect(found && Buffer.from(found.bytes).toString()).toBe(record?.value);
    if (!found || !record) return;
    const versions = seen.get(name) ?? [];
    const known = versions.find((one) => one.version === found.version);
    // One version is one write.
    if (known) expect(known.write).toBe(record.write);
    else versions.push({ version: found.version, write: record.write });
    seen.set(name, versions);
  };

  return async (one) => {
    switch (one.do) {
      case 'get':
        return look(one.key);
      case 'put':
        await store.put(
          'session',
          one.key,
          utf8(one.value),
          one.ttl,
          one.person ? { person: one.person } : undefined,
        );
        write(one.key, one.value, one.ttl, one.person);
        return look(one.key);
      case 'create': {
        const index = one.person ? { person: one.person } : undefined;
        const created = await store.create('session', one.key, utf8(one.value), one.ttl, index);
        expect(created).toBe(live(one.key) === undefined);
        if (created) write(one.key, one.value, one.ttl, one.person);
        return look(one.key);
      }
      case 'take': {
        const taken = await store.take('session', one.key);
        expect(taken && Buffer.from(taken.bytes).toString()).toBe(live(one.key)?.value);
        records.delete(one.key);
        return;
      }
      case 'delete':
        expect(await store.delete('session', one.key)).toBe(live(one.key) !== undefined);
        records.delete(one.key);
        return;
      case 'update': {
        const version = seen.get(one.key)?.at(one.old ? -2 : -1);
        const record = live(one.key);
        const wins = version !== undefined && record?.write === version.write;
        const done = await store.update(
          'session',
          one.key,
          version?.version ?? 'never seen',
          utf8(one.value),
          one.ttl,
        );
        expect(done).toBe(wins);
        if (done) write(one.key, one.value, one.ttl, record?.person);
        return look(one.key);
      }
      case 'increment': {
        const counter = counters.get(one.key);
        const going = counter !== undefined && counter.expiresAt > now();
        const next = going
          ? { ...counter, count: counter.count + 1 }
          : { count: 1, expiresAt: now() + 100_000 };
        counters.set(one.key, next);
        expect(await store.increment('counter', one.key, 100)).toBe(next.count);
        return;
      }
      case 'list': {
        const { person: owner } = one;
        const index = owner === undefined ? undefined : { name: 'person', value: owner };
        const expected = [...records.keys()].filter(
          (name) => live(name) && (!owner || live(name)?.person === owner),
        );
        expect((await store.list('session', { index })).keys.toSorted()).toEqual(expected.toSorted());
        return;
      }
      case 'sweep':
        await store.sweep(100);
    }
  };
}

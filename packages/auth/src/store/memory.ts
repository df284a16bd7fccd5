import { type Clock, systemClock } from '../core/clock.ts';
import { fromUtf8, utf8 } from '../core/encoding.ts';
import { pageOf } from './paging.ts';
import type { RecordKind } from './record-kinds.ts';
import type { IndexValues, Store, StoredValue } from './store.ts';

export interface MemoryStoreOptions {
  /** What expiry is measured against. Default: the system clock. */
  readonly clock?: Clock;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly index: IndexValues | undefined;
}

interface Tables {
  records(kind: RecordKind): Map<string, Entry>;
  all(): Iterable<Map<string, Entry>>;
  /** The entry, when there is one that has not expired. */
  live(kind: RecordKind, key: string): Entry | undefined;
  write(kind: RecordKind, key: string, entry: Omit<Entry, 'version'>): void;
  clear(): void;
}

function createTables(clock: Clock): Tables {
  const kinds = new Map<RecordKind, Map<string, Entry>>();
  let writes = 0;

  function records(kind: RecordKind): Map<string, Entry> {
    let map = kinds.get(kind);
    if (map === undefined) {
      map = new Map();
      kinds.set(kind, map);
    }
    return map;
  }

  return {
    records,
    all: () => kinds.values(),
    live(kind, key) {
      const entry = records(kind).get(key);
      return entry !== undefined && entry.expiresAt > clock.now() ? entry : undefined;
    },
    write(kind, key, entry) {
      writes += 1;
      records(kind).set(key, { ...entry, version: String(writes) });
    },
    clear: () => kinds.clear(),
  };
}

/** A store in the memory of one process: for tests, and for servers whose people may sign in again after every restart. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const clock = options.clock ?? systemClock;
  const { records, live, write, all, clear } = createTables(clock);
  const expiry = (ttlSeconds: number): number => clock.now() + ttlSeconds * 1000;

  return {
    name: 'memory',
    async get(kind, key) {
      return stored(live(kind, key));
    },
    async put(kind, key, bytes, ttlSeconds, index) {
      write(kind, key, { bytes, expiresAt: expiry(ttlSeconds), index });
    },
    async create(kind, key, bytes, ttlSeconds, index) {
      if (live(kind, key) !== undefined) return false;
      write(kind, key, { bytes, expiresAt: expiry(ttlSeconds), index });
      return true;
    },
    async take(kind, key) {
      const entry = live(kind, key);
      records(kind).delete(key);
      return stored(entry);
    },
    async update(kind, key, version, bytes, ttlSeconds) {
      const entry = live(kind, key);
      if (entry?.version !== version) return false;
      write(kind, key, { bytes, expiresAt: expiry(ttlSeconds), index: entry.index });
      return true;
    },
    async increment(kind, key, ttlSeconds) {
      const entry = live(kind, key);
      const sum = entry === undefined ? 1 : Number(fromUtf8(entry.bytes)) + 1;
      write(kind, key, {
        bytes: utf8(String(sum)),
        expiresAt: entry?.expiresAt ?? expiry(ttlSeconds),
        index: undefined,
      });
      return sum;
    },
    async delete(kind, key) {
      const there = live(kind, key) !== undefined;
      records(kind).delete(key);
      return there;
    },
    async list(kind, page = {}) {
      const { index } = page;
      const now = clock.now();
      const keys = Array.from(records(kind))
        .filter(([, entry]) => entry.expiresAt > now)
        .filter(([, entry]) => index === undefined || entry.index?.[index.name] === index.value)
        .map(([key]) => key);
      return pageOf(keys, page);
    },
    async sweep(limit) {
      return sweepExpired(all(), clock.now(), limit);
    },
    async durability() {
      return {
        description: 'Memory of this process.',
        survivesRestart: false,
        survivesPowerCut: false,
        shared: false,
      };
    },
    async ping() {},
    async close() {
      clear();
    },
  };
}

function stored(entry: Entry | undefined): StoredValue | undefined {
  return entry && { bytes: entry.bytes, version: entry.version };
}

function sweepExpired(kinds: Iterable<Map<string, Entry>>, now: number, limit: number): number {
  let swept = 0;
  for (const records of kinds) {
    for (const [key, entry] of records) {
      if (swept >= limit) return swept;
      if (entry.expiresAt > now) continue;
      records.delete(key);
      swept += 1;
    }
  }
  return swept;
}

import type { Clock } from '../core/clock.ts';
import { fromUtf8, sha256Text, utf8 } from '../core/encoding.ts';
import type { EventSink } from '../core/events.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { type Collection, type Held, RecordUnreadable } from './collection.ts';
import { RECORD_KINDS, type RecordKind } from './record-kinds.ts';
import type { IndexValues, Store, StoredValue } from './store.ts';

export interface RecordsOptions {
  /** Name of this installation: part of what every seal is bound to, so that records of another do not open here. */
  readonly deployment: string;
  /** What the expiry inside the seal is measured against. */
  readonly clock: Clock;
  /** Told of every record that does not open. */
  readonly onEvent: EventSink;
}

/** The records of one deployment: values go in and come out, the backend sees sealed bytes. */
export interface Records {
  collection<T>(kind: RecordKind): Collection<T>;
}

/** What is sealed: the value, and when it ends, so that who can write the store can not prolong a record. */
interface Envelope {
  /** Milliseconds since 1970. */
  readonly e: number;
  readonly v: unknown;
}

/** As long as the longest life of a record that is taken. */
const PUT_BACK_SECONDS = 600;

export function openRecords(store: Store, keyRing: KeyRing, options: RecordsOptions): Records {
  return { collection: <T>(kind: RecordKind) => sealedCollection<T>(store, keyRing, kind, options) };
}

/** What stands between values and bytes, for one kind. Keys are those that the backend sees. */
interface Sealing {
  /** The key that the backend sees. */
  lookUpKey(key: string): string;
  seal(storeKey: string, value: unknown, ttlSeconds: number): Uint8Array;
  /** `undefined`: the expiry inside the seal is over. */
  open(storeKey: string, stored: StoredValue): Promise<Envelope | undefined>;
  /** Reports what the backend itself found damaged. */
  reported<R>(storeKey: string, work: Promise<R>): Promise<R>;
}

function createSealing(keyRing: KeyRing, kind: RecordKind, options: RecordsOptions): Sealing {
  const { clock, deployment } = options;
  const { keyIsSecret } = RECORD_KINDS[kind];
  const context = (storeKey: string): readonly string[] => [deployment, kind, storeKey];

  function unreadable(storeKey: string, detail: string, cause?: unknown): RecordUnreadable {
    options.onEvent({ type: 'store.record-unreadable', kind, key: storeKey, detail });
    return new RecordUnreadable(`A record of kind ${kind} can not be read: ${detail}`, { cause });
  }
  async function opened(storeKey: string, bytes: Uint8Array): Promise<ReturnType<KeyRing['open']>> {
    const plain = keyRing.open(context(storeKey), bytes);
    if (plain !== 'unknown-key') return plain;
    await keyRing.reload();
    return keyRing.open(context(storeKey), bytes);
  }

  return {
    lookUpKey: (key) => (keyIsSecret ? sha256Text(key) : key),
    seal(storeKey, value, ttlSeconds) {
      const envelope: Envelope = { e: clock.now() + ttlSeconds * 1000, v: value };
      return keyRing.seal(context(storeKey), utf8(JSON.stringify(envelope)));
    },
    async open(storeKey, stored) {
      const plain = await opened(storeKey, stored.bytes);
      if (typeof plain === 'string') throw unreadable(storeKey, plain);
      const envelope = JSON.parse(fromUtf8(plain)) as Envelope;
      return envelope.e > clock.now() ? envelope : undefined;
    },
    async reported(storeKey, work) {
      try {
        return await work;
      } catch (error) {
        throw error instanceof RecordUnreadable ? unreadable(storeKey, 'damaged', error) : error;
      }
    },
  };
}

function sealedCollection<T>(
  store: Store,
  keyRing: KeyRing,
  kind: RecordKind,
  options: RecordsOptions,
): Collection<T> {
  const { lookUpKey, seal, open, reported } = createSealing(keyRing, kind, options);

  async function held(storeKey: string): Promise<Held<T> | undefined> {
    const stored = await reported(storeKey, store.get(kind, storeKey));
    const envelope = stored && (await open(storeKey, stored));
    return envelope && { value: envelope.v as T, version: stored.version, expiresAt: envelope.e };
  }

  return {
    async get(key) {
      return held(lookUpKey(key));
    },
    async put(key, value, ttlSeconds, index) {
      const storeKey = lookUpKey(key);
      await store.put(
        kind,
        storeKey,
        seal(storeKey, value, ttlSeconds),
        ttlSeconds,
        hashedIndex(kind, index),
      );
    },
    async create(key, value, ttlSeconds, index) {
      const storeKey = lookUpKey(key);
      const sealed = seal(storeKey, value, ttlSeconds);
      return store.create(kind, storeKey, sealed, ttlSeconds, hashedIndex(kind, index));
    },
    async take(key) {
      const storeKey = lookUpKey(key);
      const stored = await reported(storeKey, store.take(kind, storeKey));
      if (stored === undefined) return undefined;
      try {
        return (await open(storeKey, stored))?.v as T | undefined;
      } catch (error) {
        // Nobody got the value: it goes back, for a process that can open it. The expiry inside the seal still holds.
        await store.create(kind, storeKey, stored.bytes, PUT_BACK_SECONDS);
        throw error;
      }
    },
    async update(key, before, value, ttlSeconds) {
      const storeKey = lookUpKey(key);
      return store.update(kind, storeKey, before.version, seal(storeKey, value, ttlSeconds), ttlSeconds);
    },
    async delete(key) {
      return store.delete(kind, lookUpKey(key));
    },
    async list(page) {
      // The backend knows only hashes of these keys; nobody could do anything with them.
      if (RECORD_KINDS[kind].keyIsSecret)
        throw new TypeError(`Records of kind ${kind} can not be listed: their keys are secret`);
      const index = page?.index && { name: page.index.name, value: indexValue(kind, page.index) };
      const { keys, cursor } = await store.list(kind, { ...page, index });
      const found = await Promise.all(keys.map(async (key) => ({ key, record: await held(key) })));
      const records = found.flatMap(({ key, record }) => (record ? [{ ...record, key }] : []));
      return { records, cursor };
    },
  };
}

/** Index values name people and clients: the backend sees their hashes. */
function hashedIndex(kind: RecordKind, index: IndexValues | undefined): IndexValues | undefined {
  if (index === undefined) return undefined;
  const values = Object.entries(index).map(([name, value]) => [name, indexValue(kind, { name, value })]);
  return Object.fromEntries(values);
}

function indexValue(kind: RecordKind, index: { readonly name: string; readonly value: string }): string {
  const declared: readonly string[] = RECORD_KINDS[kind].indexes;
  if (!declared.includes(index.name))
    throw new TypeError(`No index ${index.name} for records of kind ${kind}`);
  return sha256Text(index.value);
}

import type { RecordKind } from './record-kinds.ts';

/** A value as a backend holds it, with the version that `update` compares. */
export interface StoredValue {
  readonly bytes: Uint8Array;
  /** Opaque; changes with every write of the key. */
  readonly version: string;
}

/** What a backend promises of what it acknowledged; printed at start. */
export interface Durability {
  /** One line for the operator: what this is and where it lies. Holds no secret. */
  readonly description: string;
  readonly survivesRestart: boolean;
  readonly survivesPowerCut: boolean;
  /** Other machines can use the same store at the same time. */
  readonly shared: boolean;
}

/** Values of the declared indexes of a record (`record-kinds.ts`), already hashed where they are secret. */
export type IndexValues = Readonly<Record<string, string>>;

/**
 * Where state is kept. A backend sees sealed bytes and hashed keys only. Every method is atomic for all processes on one store, and reads
 * are authoritative: a backend that can not be sure throws `StoreUnavailable`, and one that finds something else than was written throws
 * `RecordUnreadable`; it never answers "absent". Bytes that were given out or handed in are not to be changed.
 */
export interface Store {
  readonly name: string;
  get(kind: RecordKind, key: string): Promise<StoredValue | undefined>;
  /** Writes whatever was there before. `ttlSeconds` ends the record. */
  put(
    kind: RecordKind,
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    index?: IndexValues,
  ): Promise<void>;
  /** Writes only when absent; `false` when something is there. */
  create(
    kind: RecordKind,
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    index?: IndexValues,
  ): Promise<boolean>;
  /** Gets and deletes; of any number of callers exactly one gets the value. */
  take(kind: RecordKind, key: string): Promise<StoredValue | undefined>;
  /** Replaces only the given version; never creates. `false` when another write, a take or the expiry came first. Keeps the indexes. */
  update(
    kind: RecordKind,
    key: string,
    version: string,
    bytes: Uint8Array,
    ttlSeconds: number,
  ): Promise<boolean>;
  /** Adds one to a counter and returns the sum. The lifetime starts at the first call and is not prolonged. */
  increment(kind: RecordKind, key: string, ttlSeconds: number): Promise<number>;
  /** `true` when something was deleted. */
  delete(kind: RecordKind, key: string): Promise<boolean>;
  /** Keys of one kind, page by page, in no particular order; with `index`, only those whose index has that value. */
  list(
    kind: RecordKind,
    page?: {
      readonly index?: { readonly name: string; readonly value: string };
      readonly cursor?: string;
      readonly limit?: number;
    },
  ): Promise<{ readonly keys: readonly string[]; readonly cursor?: string }>;
  /** Deletes at most `limit` expired records; the number deleted. Called from time to time, never inside a request. */
  sweep(limit: number): Promise<number>;
  durability(): Promise<Durability>;
  /** Rejects with `StoreUnavailable` when the store can not be used. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The store can not be read or written now; the caller answers 503 and nobody is logged out. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** A record as its owner sees it: opened, not expired. */
export interface Held<T> {
  readonly value: T;
  /** Opaque; hand it back to `update`. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The sealed records of one kind. Same rules as `Store`, on values in place of bytes; a record that does not open throws `RecordUnreadable`. */
export interface Collection<T> {
  get(key: string): Promise<Held<T> | undefined>;
  put(key: string, value: T, ttlSeconds: number, index?: Readonly<Record<string, string>>): Promise<void>;
  create(
    key: string,
    value: T,
    ttlSeconds: number,
    index?: Readonly<Record<string, string>>,
  ): Promise<boolean>;
  take(key: string): Promise<T | undefined>;
  /** Replaces exactly what was held; `false` when somebody else wrote, took or deleted it in the meantime. */
  update(key: string, held: Held<T>, value: T, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  list(page?: {
    readonly index?: { readonly name: string; readonly value: string };
    readonly cursor?: string;
    readonly limit?: number;
  }): Promise<{
    readonly records: readonly (Held<T> & { readonly key: string })[];
    readonly cursor?: string;
  }>;
}

/** A record is there but does not open: moved, edited, or sealed with a key this process does not have. Never the same as absent. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
}

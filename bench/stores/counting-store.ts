import type { RecordKind } from '@portcullis/auth/store/record-kinds';
import type { Store } from '@portcullis/auth/store/store';

const READS = ['get', 'list'] as const;
const WRITES = ['put', 'create', 'take', 'update', 'increment', 'delete'] as const;
type Method = (typeof READS)[number] | (typeof WRITES)[number];

/** What a store was asked for, and how many bytes it was given to keep. */
export interface Operations {
  readonly reads: number;
  readonly writes: number;
  readonly bytes: number;
  /** `method kind` → how often. */
  readonly each: Readonly<Record<string, number>>;
}

/** Any store, with its work counted. Both sides of a comparison are counted here, in the same way. */
export function countingStore(store: Store): Store & { readonly takeOperations: () => Operations } {
  let each: Record<string, number> = {};
  let bytes = 0;
  const note = (method: Method, kind: RecordKind, value?: Uint8Array) => {
    const name = `${method} ${kind}`;
    each[name] = (each[name] ?? 0) + 1;
    bytes += value?.byteLength ?? 0;
  };
  const sum = (methods: readonly Method[]) =>
    Object.entries(each)
      .filter(([name]) => methods.some((method) => name.startsWith(`${method} `)))
      .reduce((total, [, count]) => total + count, 0);
  return {
    ...store,
    get(kind, key) {
      note('get', kind);
      return store.get(kind, key);
    },
    list(kind, page) {
      note('list', kind);
      return store.list(kind, page);
    },
    put(kind, key, value, ...rest) {
      note('put', kind, value);
      return store.put(kind, key, value, ...rest);
    },
    create(kind, key, value, ...rest) {
      note('create', kind, value);
      return store.create(kind, key, value, ...rest);
    },
    take(kind, key) {
      note('take', kind);
      return store.take(kind, key);
    },
    update(kind, key, version, value, ttlSeconds) {
      note('update', kind, value);
      return store.update(kind, key, version, value, ttlSeconds);
    },
    increment(kind, key, ttlSeconds) {
      note('increment', kind);
      return store.increment(kind, key, ttlSeconds);
    },
    delete(kind, key) {
      note('delete', kind);
      return store.delete(kind, key);
    },
    takeOperations() {
      const taken = { reads: sum(READS), writes: sum(WRITES), bytes, each };
      each = {};
      bytes = 0;
      return taken;
    },
  };
}

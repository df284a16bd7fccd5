import type { RingStorage } from '../keys/ring-storage.ts';
import type { Store } from './store.ts';

const KEY = 'current';
/** The ring ends when it is replaced; backends want a number. A hundred years. */
const LIFETIME_SECONDS = 100 * 365 * 24 * 3600;

/** Keeps the wrapped key ring in a store. It is wrapped already, so that it goes past the sealing of other records. */
export function ringStorage(store: Store): RingStorage {
  return {
    load: () => store.get('ring', KEY),
    create: (bytes) => store.create('ring', KEY, bytes, LIFETIME_SECONDS),
    replace: (version, bytes) => store.update('ring', KEY, version, bytes, LIFETIME_SECONDS),
  };
}

import { Refusal } from '../core/refusal.ts';
import { RecordUnreadable } from '../store/collection.ts';
import { StoreUnavailable } from '../store/store.ts';

const RETRY_AFTER_SECONDS = 5;

/** Runs something that reads or writes state. When the store can not say, nobody is told "no": the answer is 503. */
export async function withStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      throw new Refusal('store.unavailable', {}, { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    if (error instanceof RecordUnreadable) {
      throw new Refusal('store.unreadable', {}, { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    throw error;
  }
}

import { unlink } from 'node:fs/promises';

/** So many are removed together. */
const BATCH = 16;
const LONGEST_WAIT_MILLISECONDS = 200;

/** Removes files that nobody needs any more. */
export interface Discard {
  /** Some time soon. */
  later(path: string): void;
  /** All that is waiting, now. */
  finish(): Promise<void>;
}

/**
 * To remove a name can wait for a flush of the same folder that is under way, and many names in one go wait but once: so it is not done
 * while somebody waits, nor in the thread that answers requests. What a kill leaves is removed by a sweep or at the next start.
 */
export function createDiscard(): Discard {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let removing: Promise<void> | undefined;

  /** In the order in which they were given: lower versions go first. */
  async function remove(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      // A file that is gone, or that can not be removed now, does no harm: a sweep or the next start will see to it.
      for (const path of batch) await unlink(path).catch(() => {});
    }
    removing = undefined;
  }

  const start = (): void => {
    removing ??= remove();
  };

  return {
    later(path) {
      waiting.push(path);
      if (removing !== undefined) return;
      if (waiting.length >= BATCH) start();
      else timer ??= setTimeout(start, LONGEST_WAIT_MILLISECONDS).unref();
    },
    async finish() {
      if (waiting.length > 0) start();
      await removing;
    },
  };
}

import { close, fdatasync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const closeLater = promisify(close);
const fsyncLater = promisify(fsync);

/** The content of an open file, and what it takes to find it again, is on the disk. */
export const flushFile: (descriptor: number) => Promise<void> = promisify(fdatasync);

/** Windows does not let a folder be opened. */
export const FOLDERS_CAN_BE_FLUSHED = process.platform !== 'win32';

/** Opens and flushes a folder: the names in it are on the disk. */
async function flushFolderNow(folder: string): Promise<void> {
  if (!FOLDERS_CAN_BE_FLUSHED) return;
  const descriptor = openSync(folder, 'r');
  try {
    await fsyncLater(descriptor);
  } finally {
    await closeLater(descriptor);
  }
}

/**
 * Flushes folders, one flush at a time for each. Who asks while one runs shares the next, since the one that runs may have begun before
 * their write: many writers in one folder wait for two flushes at most.
 */
export function createFolderFlush(): (folder: string) => Promise<void> {
  const states = new Map<string, { running: Promise<void>; next: Promise<void> | undefined }>();

  function start(folder: string): Promise<void> {
    const running = flushFolderNow(folder);
    const state = { running, next: undefined };
    states.set(folder, state);
    const forget = (): void => {
      if (states.get(folder) === state && state.next === undefined) states.delete(folder);
    };
    running.then(forget, forget);
    return running;
  }

  return (folder) => {
    const state = states.get(folder);
    if (state === undefined) return start(folder);
    const begin = (): Promise<void> => start(folder);
    state.next ??= state.running.then(begin, begin);
    return state.next;
  };
}

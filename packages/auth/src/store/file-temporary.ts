import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { type Random, randomToken } from '../core/random.ts';
import { flushFile } from './file-flush.ts';
import { FILE_MODE, removeIfThere } from './file-layout.ts';
import { encodeTombstoneFile } from './file-record.ts';
import { TOMBSTONE_SOURCE_SECONDS } from './file-times.ts';

/** A finished file that tombstones are made of, by linking to it. */
export interface TombstoneSource {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

/** Finished files on their way to a name in the tree. */
export interface TemporaryFiles {
  /** Writes and flushes a file; the path. */
  write(content: Uint8Array): Promise<string>;
  /** One for all tombstones of a minute; `renew` makes another at once. */
  tombstone(renew?: TombstoneSource): Promise<TombstoneSource>;
  close(): void;
}

export function createTemporaryFiles(folder: string, clock: Clock, random: Random): TemporaryFiles {
  let current: TombstoneSource | undefined;

  async function write(content: Uint8Array): Promise<string> {
    const path = join(folder, `${process.pid}-${randomToken(random, 128)}`);
    const descriptor = openSync(path, 'wx', FILE_MODE);
    try {
      writeFileSync(descriptor, content);
      await flushFile(descriptor);
    } catch (error) {
      removeIfThere(path);
      throw error;
    } finally {
      closeSync(descriptor);
    }
    return path;
  }

  return {
    write,
    async tombstone(renew) {
      const now = clock.now();
      const old = current;
      const young = old !== undefined && Math.abs(now - old.writtenAt) < TOMBSTONE_SOURCE_SECONDS * 1000;
      if (young && old !== renew) return old;
      const made = { path: await write(encodeTombstoneFile(now)), writtenAt: now };
      if (current === old) {
        if (old !== undefined) removeIfThere(old.path);
        current = made;
        return made;
      }
      // Another call was faster: one file is enough.
      removeIfThere(made.path);
      return current ?? made;
    },
    close() {
      if (current !== undefined) removeIfThere(current.path);
      current = undefined;
    },
  };
}

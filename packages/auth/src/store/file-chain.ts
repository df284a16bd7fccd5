import { closeSync, linkSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { type Random, randomToken } from '../core/random.ts';
import type { Discard } from './file-discard.ts';
import {
  FILE_MODE,
  type FileLayout,
  isFault,
  removeIfThere,
  versionPath,
  versionsOf,
} from './file-layout.ts';
import { encodeRecordFile, type RecordFile, type TombstoneFile } from './file-record.ts';
import type { TemporaryFiles } from './file-temporary.ts';
import {
  STALL_SECONDS,
  SUPERSEDED_STAYS_SECONDS,
  TOMBSTONE_STAYS_SECONDS,
  WRITER_GIVES_UP_SECONDS,
} from './file-times.ts';
import { isClosing, isThere, readTip, type Tip, type TipReader, tombstoneAge } from './file-tip.ts';
import { type IndexValues, StoreUnavailable } from './store.ts';

const CLEARED_WITH_EACH_WRITE = 4;
const LOCK_POLL_MILLISECONDS = 5;
const LOCK_IS_LEFT_OVER_MILLISECONDS = 60_000;

export interface ChainParts {
  readonly layout: FileLayout;
  readonly tips: TipReader;
  readonly temporary: TemporaryFiles;
  readonly discard: Discard;
  readonly flushFolder: (folder: string) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  /** Seconds by a clock that never goes back. */
  readonly monotonicSeconds: () => number;
}

export interface NewRecord {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly index: IndexValues | undefined;
}

/** The versions of a key, and the only ways to add to them or to take from them. `file-times.ts` says why this is safe. */
export interface FileChain {
  /** Puts a record after the tip; `false` when somebody else was first. What is acknowledged is on the disk. */
  append(tip: Tip, record: NewRecord): Promise<boolean>;
  /** Puts a tombstone after the tip; `false` when somebody else was first. `flush` false: it need not survive a power cut. */
  bury(tip: Tip, flush: boolean): Promise<boolean>;
  /** Clears an aged tombstone away, so that the key begins anew; waits for one that is about to be. */
  dissolve(tip: Tip): Promise<void>;
}

export function createChain(parts: ChainParts): FileChain {
  const { layout, tips, temporary, discard, flushFolder, clock, random } = parts;
  const clearing = createClearing(parts.monotonicSeconds, discard);

  async function link(
    tip: Tip,
    source: string,
    file: RecordFile | TombstoneFile,
    flush: boolean,
  ): Promise<boolean> {
    const seenAt = parts.monotonicSeconds();
    if (!linkNext(tip, source, clock, parts.monotonicSeconds)) return false;
    if (tip.version > 0) clearing.add(versionPath(tip.place, tip.version));
    if (flush) await flushFolder(tip.place.folder);
    tips.remember({ place: tip.place, version: tip.version + 1, file, seenAt });
    clearing.run(CLEARED_WITH_EACH_WRITE);
    return true;
  }

  return {
    async append(tip, { key, bytes, expiresAt, index }) {
      await layout.ensure(tip.place.kind);
      const id = randomToken(random, 64);
      const file: RecordFile = { state: 'record', key, id, writtenAt: clock.now(), expiresAt, index, bytes };
      const source = await temporary.write(encodeRecordFile(file));
      const linking = link(tip, source, file, true);
      // Linked or not by now: only the flush is still to come.
      discard.later(source);
      return linking;
    },
    async bury(tip, flush) {
      const source = await temporary.tombstone();
      try {
        return await link(tip, source.path, { state: 'tombstone', writtenAt: source.writtenAt }, flush);
      } catch (error) {
        // Too many links to one file, or somebody emptied the folder of temporary files.
        if (!isFault(error, 'EMLINK') && !isFault(error, 'ENOENT')) throw error;
      }
      const { path, writtenAt } = await temporary.tombstone(source);
      return link(tip, path, { state: 'tombstone', writtenAt }, flush);
    },
    async dissolve(tip) {
      const wait = TOMBSTONE_STAYS_SECONDS - tombstoneAge(tip, clock);
      if (wait > STALL_SECONDS) return;
      if (wait > 0) {
        await sleep(Math.ceil(wait * 1000));
        return;
      }
      if (!clearTombstone(tip, layout, clock, parts.monotonicSeconds())) await sleep(LOCK_POLL_MILLISECONDS);
      tips.forget(tip.place);
    },
  };
}

/**
 * Removes the versions of a key, lowest first, when its tombstone has aged. A lock keeps two processes from doing so at once: the slower
 * one would remove what somebody wrote after the faster one. `false`: another process is at it.
 */
function clearTombstone(tip: Tip, layout: FileLayout, clock: Clock, seenAt: number): boolean {
  const lock = join(tip.place.folder, `${tip.place.name}.lock`);
  if (!acquire(lock)) return false;
  try {
    const now = readTip(tip.place, layout, seenAt);
    if (tombstoneAge(now, clock) < TOMBSTONE_STAYS_SECONDS) return true;
    for (const version of versionsOf(tip.place)) removeIfThere(versionPath(tip.place, version));
    return true;
  } finally {
    removeIfThere(lock);
  }
}

/** Nobody waits while holding a lock, so that an old one is that of a killed process. */
function acquire(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', FILE_MODE));
    return true;
  } catch (error) {
    if (!isFault(error, 'EEXIST')) throw error;
  }
  const found = statSync(lock, { throwIfNoEntry: false });
  if (found !== undefined && Date.now() - found.mtimeMs > LOCK_IS_LEFT_OVER_MILLISECONDS) removeIfThere(lock);
  return false;
}

/** The one step that decides: of all processes exactly one can link the next number. */
function linkNext(tip: Tip, source: string, clock: Clock, monotonicSeconds: () => number): boolean {
  const next = versionPath(tip.place, tip.version + 1);
  const before = monotonicSeconds();
  if (before - tip.seenAt > WRITER_GIVES_UP_SECONDS) {
    throw new StoreUnavailable('A write to the state folder took too long and was given up.');
  }
  if (isClosing(tip, clock)) return false;
  try {
    linkSync(source, next);
  } catch (error) {
    if (isFault(error, 'EEXIST')) return false;
    throw error;
  }
  if (monotonicSeconds() - before > STALL_SECONDS) confirmAfterStall(tip, next);
  return true;
}

/** This process stood still in the middle of the step: its number counts only if what it built on is still there, and nothing is above. */
function confirmAfterStall(tip: Tip, next: string): void {
  const higher = versionsOf(tip.place).some((version) => version > tip.version + 1);
  if (!higher && (tip.version === 0 || isThere(versionPath(tip.place, tip.version)))) return;
  removeIfThere(next);
  throw new StoreUnavailable('This process stood still during a write; its outcome is not known.');
}

interface Clearing {
  add(path: string): void;
  run(limit: number): void;
}

/** What this process superseded, to be deleted when nobody can aim at its number any more. `sweep` finds what a killed process left. */
function createClearing(monotonicSeconds: () => number, discard: Discard): Clearing {
  const waiting: { readonly path: string; readonly due: number }[] = [];
  return {
    add: (path) => void waiting.push({ path, due: monotonicSeconds() + SUPERSEDED_STAYS_SECONDS }),
    run(limit) {
      const now = monotonicSeconds();
      for (let done = 0; done < limit && waiting[0] !== undefined && waiting[0].due <= now; done += 1) {
        discard.later(waiting.shift()!.path);
      }
    },
  };
}

import { statSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { RecordUnreadable } from './collection.ts';
import { type FileLayout, type KeyPlace, readIfThere, versionPath, versionsOf } from './file-layout.ts';
import { decodeFile, type RecordFile, type TombstoneFile } from './file-record.ts';
import { REMEMBERED_SECONDS, STALL_SECONDS, TOMBSTONE_STAYS_SECONDS } from './file-times.ts';
import type { RecordKind } from './record-kinds.ts';
import { type StoredValue, StoreUnavailable } from './store.ts';

const MAX_REMEMBERED = 4096;
const MAX_REMEMBERED_BYTES = 32 * 1024;
const MAX_READS = 100;

/** A file that is not what was written, or belongs to another key. */
export interface DamagedFile {
  readonly state: 'damaged';
}

/** What holds for a key. `version` 0: there is nothing. */
export interface Tip {
  readonly place: KeyPlace;
  readonly version: number;
  readonly file: RecordFile | TombstoneFile | DamagedFile | undefined;
  /** By the clock that never goes back, in seconds. */
  readonly seenAt: number;
}

export interface TipReader {
  /** What holds now. */
  read(kind: RecordKind, key: string): Tip;
  /** What held at `tip.seenAt`. */
  remember(tip: Tip): void;
  forget(place: KeyPlace): void;
}

/** Finds the version that holds: by reading the folder, or, for a key seen lately, by asking whether the next number is there. */
export function createTipReader(layout: FileLayout, clock: Clock, monotonicSeconds: () => number): TipReader {
  const remembered = new Map<string, Tip>();

  function remember(tip: Tip): void {
    const { name } = tip.place;
    remembered.delete(name);
    if (tip.file?.state !== 'tombstone' && tip.file?.state !== 'record') return;
    if (tip.file.state === 'record' && tip.file.bytes.byteLength > MAX_REMEMBERED_BYTES) return;
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    remembered.set(name, tip);
  }

  function confirm({ name }: KeyPlace, now: number): Tip | undefined {
    const tip = remembered.get(name);
    if (tip === undefined || now - tip.seenAt > REMEMBERED_SECONDS || isClosing(tip, clock)) return undefined;
    if (isThere(versionPath(tip.place, tip.version + 1))) return undefined;
    const confirmed = { ...tip, seenAt: now };
    remembered.set(name, confirmed);
    return confirmed;
  }

  return {
    read(kind, key) {
      const place = layout.place(kind, key);
      const now = monotonicSeconds();
      const confirmed = confirm(place, now);
      if (confirmed !== undefined) return confirmed;
      const tip = readTip(place, layout, now);
      if (tip.file?.state === 'record' && tip.file.key !== key) return { ...tip, file: { state: 'damaged' } };
      remember(tip);
      return tip;
    },
    remember,
    forget: ({ name }) => {
      remembered.delete(name);
    },
  };
}

/** As `readTip`, for one who has read the folder at `seenAt` and knows the highest number. */
export function readVersion(place: KeyPlace, version: number, layout: FileLayout, seenAt: number): Tip {
  const content = readIfThere(versionPath(place, version));
  if (content === undefined) return readTip(place, layout, seenAt);
  return { place, version, file: decodeFile(content) ?? { state: 'damaged' }, seenAt };
}

/** Reads the folder, then the file with the highest number. */
export function readTip(place: KeyPlace, layout: FileLayout, seenAt: number): Tip {
  for (let attempt = 0; attempt < MAX_READS; attempt += 1) {
    const version = versionsOf(place).at(-1);
    if (version === undefined) {
      layout.requireTree();
      return { place, version: 0, file: undefined, seenAt };
    }
    const content = readIfThere(versionPath(place, version));
    // Cleared away between the look and the read: look again.
    if (content === undefined) continue;
    return { place, version, file: decodeFile(content) ?? { state: 'damaged' }, seenAt };
  }
  throw new StoreUnavailable('A record changes faster than it can be read.');
}

/**
 * The record, when there is one that has not expired.
 * @throws RecordUnreadable when there is something, but not what was written.
 */
export function liveRecord({ file, place }: Tip, clock: Clock): RecordFile | undefined {
  if (file?.state === 'damaged')
    throw new RecordUnreadable(`The files of ${place.name} in the state folder are damaged`);
  return file?.state === 'record' && file.expiresAt > clock.now() ? file : undefined;
}

/** As `liveRecord`, in the form that the contract gives out: number and random id make a version that never comes again. */
export function storedValue(tip: Tip, clock: Clock): StoredValue | undefined {
  const record = liveRecord(tip, clock);
  return record && { bytes: record.bytes, version: `${tip.version}.${record.id}` };
}

/** Seconds; negative infinity when the tip is no tombstone. */
export function tombstoneAge({ file }: Pick<Tip, 'file'>, clock: Clock): number {
  return file?.state === 'tombstone' ? (clock.now() - file.writtenAt) / 1000 : Number.NEGATIVE_INFINITY;
}

/** A tombstone in its last seconds, or beyond: not to be built on. */
export function isClosing(tip: Pick<Tip, 'file'>, clock: Clock): boolean {
  return tombstoneAge(tip, clock) >= TOMBSTONE_STAYS_SECONDS - STALL_SECONDS;
}

export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

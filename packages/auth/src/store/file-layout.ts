import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordKind } from './record-kinds.ts';
import { StoreUnavailable } from './store.ts';

/** Hexadecimal digits of SHA-256 that name a key: 192 bits, safe on file systems that do not tell upper from lower case. */
const NAME_DIGITS = 48;
/** Folders of a kind. Reading one grows with what is in it; making one is among the dearest things to ask of a file system. */
export const SHARDS = 64;
const NAMES_BEGIN_IN_WAYS = 256;
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** The file that names the format and the tree. */
export const MARKER = 'store.json';

/** Where the versions of one key lie: `<folder>/<name>.v<number>`. */
export interface KeyPlace {
  readonly kind: RecordKind;
  readonly folder: string;
  readonly name: string;
}

/** A key in a folder, with the numbers of the versions that are there, lowest first. */
export interface FoundVersions {
  readonly name: string;
  readonly versions: readonly number[];
}

export interface FileLayout {
  readonly root: string;
  readonly temporary: string;
  place(kind: RecordKind, key: string): KeyPlace;
  shardFolder(kind: RecordKind, shard: number): string;
  /** Makes the folders of a kind where they are missing, durably: all at once, so that it costs two flushes in the life of a tree. */
  ensure(kind: RecordKind): Promise<void>;
  /** Throws when the tree is not the one that was opened, such as a mount that went away: its absence says nothing about records. */
  requireTree(): void;
}

export function versionPath(place: KeyPlace, version: number): string {
  return join(place.folder, `${place.name}.v${version}`);
}

export function createLayout(root: string, flushFolder: (folder: string) => Promise<void>): FileLayout {
  const records = join(root, 'records');
  const marker = join(root, MARKER);
  const opened = statSync(marker);
  const ensured = new Map<RecordKind, Promise<void>>();

  return {
    root,
    temporary: join(root, 'tmp'),
    place(kind, key) {
      const name = createHash('sha256').update(`${kind}\0${key}`).digest('hex').slice(0, NAME_DIGITS);
      return { kind, folder: join(records, kind, shardName(shardOf(name))), name };
    },
    shardFolder: (kind, shard) => join(records, kind, shardName(shard)),
    async ensure(kind) {
      let made = ensured.get(kind);
      if (made === undefined) {
        made = makeShards(records, kind, flushFolder);
        ensured.set(kind, made);
        made.catch(() => ensured.delete(kind));
      }
      return made;
    },
    requireTree() {
      const now = statSync(marker, { throwIfNoEntry: false });
      if (now?.ino === opened.ino && now.dev === opened.dev) return;
      throw new StoreUnavailable(`The state folder ${root} is gone or was replaced while in use.`);
    },
  };
}

async function makeShards(
  records: string,
  kind: RecordKind,
  flushFolder: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(records, kind);
  const complete = statSync(join(folder, shardName(SHARDS - 1)), { throwIfNoEntry: false }) !== undefined;
  for (let shard = 0; shard < SHARDS && !complete; shard += 1) {
    mkdirSync(join(folder, shardName(shard)), { recursive: true, mode: FOLDER_MODE });
  }
  // Also when another process made them: it may not have got so far as to flush.
  await flushFolder(folder);
  await flushFolder(records);
}

/** Names in order are in shards in order. */
export function shardOf(name: string): number {
  return Math.floor((Number.parseInt(name.slice(0, 2), 16) * SHARDS) / NAMES_BEGIN_IN_WAYS);
}

function shardName(shard: number): string {
  return shard.toString(16).padStart(2, '0');
}

/** The numbers of the versions of one key, lowest first. */
export function versionsOf(place: KeyPlace): number[] {
  const prefix = `${place.name}.v`;
  const versions: number[] = [];
  for (const entry of entriesOf(place.folder)) {
    if (!entry.startsWith(prefix)) continue;
    const version = Number(entry.slice(prefix.length));
    if (Number.isSafeInteger(version)) versions.push(version);
  }
  return versions.sort((a, b) => a - b);
}

/** Every key of a folder, by name. */
export function foundIn(folder: string): FoundVersions[] {
  const found = new Map<string, number[]>();
  for (const entry of entriesOf(folder)) {
    const match = /^([0-9a-f]+)\.v(\d+)$/.exec(entry);
    if (match === null) continue;
    const [, name = '', version] = match;
    const versions = found.get(name);
    if (versions === undefined) found.set(name, [Number(version)]);
    else versions.push(Number(version));
  }
  return Array.from(found, ([name, versions]) => ({ name, versions: versions.sort((a, b) => a - b) })).sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}

/** `undefined` when the file is not there (any more); other faults throw. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isFault(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isFault(error, 'ENOENT')) throw error;
  }
}

export function isFault(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isFault(error, 'ENOENT')) return [];
    throw error;
  }
}

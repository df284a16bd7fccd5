import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordKind } from './record-kinds.ts';
import { StoreUnavailable } from './store.ts';

/** Hexadecimal digits of SHA-256 that name a key: 192 bits, safe on file systems that do not tell upper from lower case. */
const NAME_DIGITS = 48;
const SHARD_DIGITS = 2;
export const SHARDS = 16 ** SHARD_DIGITS;
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** The file that names the format and the tree. */
export const MARKER = 'store.json';

/** Where the versions of one key lie: `<folder>/<name>.v<number>`. */
export interface KeyPlace {
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
  /** Makes the folder of a place where it is missing, durably. */
  ensure(folder: string): Promise<void>;
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
  const known = new Set<string>();

  return {
    root,
    temporary: join(root, 'tmp'),
    place(kind, key) {
      const name = createHash('sha256').update(`${kind}\0${key}`).digest('hex').slice(0, NAME_DIGITS);
      return { folder: join(records, kind, name.slice(0, SHARD_DIGITS)), name };
    },
    shardFolder: (kind, shard) => join(records, kind, shard.toString(16).padStart(SHARD_DIGITS, '0')),
    async ensure(folder) {
      if (known.has(folder)) return;
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
      await flushFolder(join(folder, '..'));
      await flushFolder(records);
      known.add(folder);
    },
    requireTree() {
      const now = statSync(marker, { throwIfNoEntry: false });
      if (now?.ino === opened.ino && now.dev === opened.dev) return;
      throw new StoreUnavailable(`The state folder ${root} is gone or was replaced while in use.`);
    },
  };
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

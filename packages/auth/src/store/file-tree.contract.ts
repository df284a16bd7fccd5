import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type ManualClock, manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import { type FileStoreOptions, openFileStore } from './file-tree.ts';
import type { Store, StoredValue } from './store.ts';

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'portcullis-store-'));

export const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

/** A folder and a way to open it, several times if need be, as several processes do. */
export function setUp(): {
  folder: string;
  clock: ManualClock;
  open: (more?: Partial<FileStoreOptions>) => Promise<Store>;
} {
  const folder = newFolder();
  const clock = manualClock();
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, clock, open: async (more = {}) => openFileStore({ folder, clock, ...more }) };
}

/** Every file under the folder of records, by its path from there. */
export function filesOf(folder: string): string[] {
  const records = join(folder, 'records');
  return readdirSync(records, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
export const versionsIn = (folder: string): string[] =>
  filesOf(folder)
    .map((path) => path.slice(path.lastIndexOf('.v') + 1))
    .toSorted();
export const text = (value: StoredValue | undefined): string | undefined =>
  value && Buffer.from(value.bytes).toString();
export const one = utf8('one');
export const two = utf8('two');

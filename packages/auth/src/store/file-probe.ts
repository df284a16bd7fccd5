import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../core/operator-error.ts';
import { type Random, randomToken } from '../core/random.ts';
import { FILE_MODE, FOLDER_MODE, isFault, MARKER, removeIfThere } from './file-layout.ts';
import { fileSystemAt } from './file-system.ts';
import type { Durability } from './store.ts';

const FORMAT = 1;
/** Temporary files of processes that were killed are deleted when they are this old. */
const LEFT_OVER_MILLISECONDS = 3600 * 1000;

type FlushFolder = (folder: string) => Promise<void>;

/**
 * Makes the folders, and the marker that tells this tree from another; clears what killed processes left half-way.
 * @throws OperatorError when the folder can not be used, or belongs to a later version.
 */
export async function prepareFolder(folder: string, random: Random, flushFolder: FlushFolder): Promise<void> {
  try {
    for (const path of [folder, join(folder, 'tmp'), join(folder, 'records')]) {
      mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
    }
  } catch (error) {
    throw problem(
      folder,
      'The folder can not be made or used.',
      'Check the path and who may write there.',
      error,
    );
  }
  if (process.platform !== 'win32' && (statSync(folder).mode & 0o022) !== 0) {
    throw problem(
      folder,
      'Others may write into the folder.',
      'Take the right to write from group and others: `chmod go-w`.',
    );
  }
  await placeMarker(folder, random, flushFolder);
  clearLeftOvers(join(folder, 'tmp'));
}

/**
 * Tests what the rules of this store rest on: that linking to a name that exists fails, that a name once linked is seen, and that folders
 * can be flushed.
 * @throws OperatorError when the file system does not do so.
 */
export async function probeFolder(
  folder: string,
  random: Random,
  flushFolder: FlushFolder,
): Promise<Durability> {
  const fileSystem = fileSystemAt(folder);
  const base = join(folder, 'tmp', `probe-${randomToken(random, 96)}`);
  const names = [base, `${base}.linked`, `${base}.renamed`];
  try {
    const [first = '', linked = '', renamed = ''] = names;
    writeFileSync(first, 'probe', { flag: 'wx', mode: FILE_MODE, flush: true });
    linkSync(first, linked);
    if (!linkIsRefused(first, linked)) throw new Error('a second link to the same name was not refused');
    if (lstatSync(linked).nlink !== 2) throw new Error('links are not counted');
    renameSync(first, renamed);
    if (readFileSync(linked, 'utf8') !== 'probe')
      throw new Error('a linked file does not hold what was written');
    await flushFolder(join(folder, 'tmp'));
  } catch (error) {
    throw problem(
      folder,
      `The file system (${fileSystem.name}) can not hold state: ${error instanceof Error ? error.message : 'unknown fault'}.`,
      'Use a folder on a local disk that supports hard links.',
      error,
    );
  } finally {
    for (const name of names) removeIfThere(name);
  }
  return fileSystem.durability;
}

function linkIsRefused(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return false;
  } catch (error) {
    return isFault(error, 'EEXIST');
  }
}

async function placeMarker(folder: string, random: Random, flushFolder: FlushFolder): Promise<void> {
  const marker = join(folder, MARKER);
  const source = join(folder, 'tmp', `marker-${randomToken(random, 96)}`);
  const content = `${JSON.stringify({ format: FORMAT, tree: randomToken(random, 128) })}\n`;
  writeFileSync(source, content, { flag: 'wx', mode: FILE_MODE, flush: true });
  try {
    linkSync(source, marker);
    await flushFolder(folder);
  } catch (error) {
    if (!isFault(error, 'EEXIST'))
      throw problem(folder, 'The folder can not be used.', 'Use a local disk.', error);
  } finally {
    removeIfThere(source);
  }
  if (formatOf(readFileSync(marker, 'utf8')) !== FORMAT) {
    throw problem(
      folder,
      `The folder does not hold state in format ${FORMAT}.`,
      'Use the version of the program that wrote it, or another folder.',
    );
  }
}

function formatOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { format?: unknown }).format;
  } catch {
    return undefined;
  }
}

function clearLeftOvers(temporary: string): void {
  const now = Date.now();
  for (const entry of readdirSync(temporary)) {
    const path = join(temporary, entry);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() && now - found.mtimeMs > LEFT_OVER_MILLISECONDS) removeIfThere(path);
  }
}

function problem(folder: string, message: string, remedy: string, cause?: unknown): OperatorError {
  return new OperatorError([{ setting: 'state', source: folder, message, remedy }], { cause });
}

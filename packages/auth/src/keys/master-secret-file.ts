import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorError } from '../core/operator-error.ts';
import { type Random, randomToken } from '../core/random.ts';
import { type MasterSecret, newMasterSecretText, parseMasterSecret } from './master-secret.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Bits of a mode that let anybody but the owner in. */
const OTHERS_MAY_READ = 0o077;
const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

export interface ReadMasterSecretOptions {
  /** Name of the setting that named the file, for messages. */
  readonly setting: string;
  /**
   * Whether group and others may read the file. Default `false`. Set it only for files that a secret manager mounts, where the mode is not the
   * operator's choice: on a shared machine everybody who can read the file can read all state.
   */
  readonly mayBeReadByOthers?: boolean;
}

/**
 * Reads the master secret from a file.
 * @throws OperatorError when the file can not be read, may be read or written by others, or holds no fit secret.
 */
export function readMasterSecretFile(path: string, options: ReadMasterSecretOptions): MasterSecret {
  const origin = { setting: options.setting, source: path };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw problem(
      origin,
      `The file can not be read (${codeOf(error)}).`,
      'Check the path and who may read it.',
      error,
    );
  }
  if (process.platform !== 'win32') {
    const mode = statSync(path).mode;
    const refused = options.mayBeReadByOthers ? OTHERS_MAY_WRITE : OTHERS_MAY_READ;
    if ((mode & refused) !== 0) {
      throw problem(
        origin,
        `Others may read or write the file (mode ${(mode & 0o777).toString(8)}).`,
        'Make it yours alone: `chmod 600`. If others could read it, put a new secret in its place.',
      );
    }
  }
  return parseMasterSecret(text, origin);
}

/**
 * Reads the master secret from a file of ours, and makes it when there is none. Of several processes that start together one makes it and all
 * read the same. The folder must not be the one that state lies in: who copies the state must not get its key with it.
 * @throws OperatorError as `readMasterSecretFile`, or when the file can not be made.
 */
export function openMasterSecretFile(
  path: string,
  options: { readonly setting: string; readonly random: Random },
): { readonly secret: MasterSecret; readonly created: boolean } {
  const origin = { setting: options.setting, source: path };
  let created = false;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) created = create(path, options.random);
  } catch (error) {
    throw problem(
      origin,
      `The file can not be made (${codeOf(error)}).`,
      'Check that this account may write into the folder, or give the master secret as a setting.',
      error,
    );
  }
  requireSafeFolder(dirname(path), origin);
  return { secret: readMasterSecretFile(path, { setting: options.setting }), created };
}

/** Writes a finished file and links it to its name: who comes second finds the name taken. */
function create(path: string, random: Random): boolean {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const temporary = join(folder, `.master-secret-${randomToken(random, 96)}`);
  writeFileSync(temporary, `${newMasterSecretText(random)}\n`, { flag: 'wx', mode: FILE_MODE, flush: true });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
    flushFolder(folder);
  }
}

function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Who may write into the folder may put another secret in the place of ours. */
function requireSafeFolder(
  folder: string,
  origin: { readonly setting: string; readonly source: string },
): void {
  if (process.platform === 'win32') return;
  const { mode } = statSync(folder);
  if ((mode & OTHERS_MAY_WRITE) === 0 || (mode & STICKY) !== 0) return;
  throw problem(
    origin,
    'Others may write into the folder of the file.',
    `Forbid it: \`chmod go-w ${folder}\`.`,
  );
}

function problem(
  origin: { readonly setting: string; readonly source: string },
  message: string,
  remedy: string,
  cause?: unknown,
): OperatorError {
  return new OperatorError([{ ...origin, message, remedy }], { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault';
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FileAccess } from '@portcullis/auth/config/row';

const MAX_BYTES = 1_048_576;

class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Files of this machine: plain ones of at most 1 MiB, in UTF-8. */
export const machineFiles: FileAccess = {
  read(folder, path) {
    const absolute = resolvePath(folder, path);
    const status = statSync(absolute);
    if (!status.isFile()) throw new UnusableFile('not a plain file');
    if (status.size > MAX_BYTES) throw new UnusableFile('larger than 1 MiB');
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(absolute));
    } catch (error) {
      if (error instanceof TypeError) throw new UnusableFile('not UTF-8');
      throw error;
    }
  },
  resolve: resolvePath,
};

export function fileExists(folder: string, name: string): boolean {
  return existsSync(join(folder, name));
}

function resolvePath(folder: string, path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(folder, path);
}

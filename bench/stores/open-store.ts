import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileStore } from '@portcullis/auth/store/file-tree';
import { memoryStore } from '@portcullis/auth/store/memory';
import type { Store } from '@portcullis/auth/store/store';

/** The stores that everything is measured on. */
export const STORES = ['memory', 'file tree'] as const;
export type StoreName = (typeof STORES)[number];

/** A new, empty store; `folder` is where a file tree lies. */
export async function openStore(
  name: StoreName,
): Promise<{ readonly store: Store; readonly folder?: string }> {
  if (name === 'memory') return { store: memoryStore() };
  const folder = temporaryFolder();
  return { store: await openFileStore({ folder }), folder };
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  folders.push(folder);
  return folder;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileStore } from './file-tree.ts';
import { describeStore } from './store.contract.ts';

describeStore('file tree', async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-store-'));
  return {
    store: await openFileStore({ folder, clock }),
    clock,
    end: async () => rmSync(folder, { recursive: true }),
  };
});

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiscard } from './file-discard.ts';
import { setUp } from './file-tree.contract.ts';

describe('discarding files', () => {
  it('removes all of them by the end, however many, and does not mind those that are gone', async () => {
    const { folder } = setUp();
    for (const many of [1, 15, 16, 40]) {
      const discard = createDiscard();
      const paths = Array.from({ length: many }, (_, i) => join(folder, `${many}-${i}`));
      for (const path of paths) writeFileSync(path, '');
      discard.later(join(folder, 'nowhere'));
      for (const path of paths) discard.later(path);
      await discard.finish();
      expect(paths.filter((path) => existsSync(path))).toEqual([]);
    }
    await createDiscard().finish();
  });
});

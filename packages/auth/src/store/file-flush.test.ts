import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderFlush } from './file-flush.ts';
import { setUp } from './file-tree.contract.ts';

describe('flushing a folder', () => {
  it('is shared by all who ask while one flush is under way, and by nobody who asked after it began', async () => {
    const { folder } = setUp();
    const flush = createFolderFlush();
    const first = flush(folder);
    const second = flush(folder);
    expect(second).not.toBe(first);
    expect(flush(folder)).toBe(second);
    const order: string[] = [];
    await Promise.all([first.then(() => order.push('first')), second.then(() => order.push('second'))]);
    expect(order).toEqual(['first', 'second']);
    await flush(folder);
  });

  it('fails for all who ask when the folder is gone, and works again when it is back', async () => {
    const { folder } = setUp();
    const flush = createFolderFlush();
    const gone = join(folder, 'gone');
    const asked = [flush(gone), flush(gone), flush(gone)];
    for (const result of await Promise.allSettled(asked)) expect(result.status).toBe('rejected');
    await flush(folder);
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { systemRandom } from '../core/random.ts';
import { createTemporaryFiles } from './file-temporary.ts';
import { setUp } from './file-tree.contract.ts';

describe('temporary files', () => {
  it('are finished, for the owner alone, and of different names', async () => {
    const { folder, clock } = setUp();
    const files = createTemporaryFiles(folder, clock, systemRandom);
    const paths = await Promise.all(['a', 'b'].map((text) => files.write(utf8(text))));
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['a', 'b']);
    expect(statSync(paths[0]!).mode & 0o777).toBe(0o600);
  });

  it('have one tombstone a minute, and another when it is asked for', async () => {
    const { folder, clock } = setUp();
    const files = createTemporaryFiles(folder, clock, systemRandom);
    const [first, same] = await Promise.all([files.tombstone(), files.tombstone()]);
    expect(same).toEqual(first);
    expect(readdirSync(folder)).toHaveLength(1);
    clock.advance(59);
    expect(await files.tombstone()).toEqual(first);
    clock.advance(1);
    const second = await files.tombstone();
    expect(second.writtenAt - first!.writtenAt).toBe(60_000);
    expect((await files.tombstone(second)).path).not.toBe(second.path);
    expect(readdirSync(folder)).toHaveLength(1);
    files.close();
    expect(readdirSync(folder)).toEqual([]);
  });
});

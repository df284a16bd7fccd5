import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foundIn, readIfThere, SHARDS, shardOf, versionsOf } from './file-layout.ts';
import { setUp } from './file-tree.contract.ts';

describe('names in the tree', () => {
  it('are in the order of their folders', () => {
    const names = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
    const shards = names.map(shardOf);
    expect(shards).toEqual(shards.toSorted((a, b) => a - b));
    expect(new Set(shards)).toEqual(new Set(Array.from({ length: SHARDS }, (_, i) => i)));
  });

  it('are found by key, with versions in the order of numbers, and nothing else is', () => {
    const { folder } = setUp();
    for (const name of [
      'ab.v10',
      'ab.v9',
      'ab.v100',
      'abc.v1',
      'ab.lock',
      'ab.v',
      'ab.vx',
      'README',
      'b.v2',
    ]) {
      writeFileSync(join(folder, name), '');
    }
    mkdirSync(join(folder, 'cd'));
    expect(versionsOf({ kind: 'session', folder, name: 'ab' })).toContain(100);
    expect(foundIn(folder)).toEqual([
      { name: 'ab', versions: [9, 10, 100] },
      { name: 'abc', versions: [1] },
      { name: 'b', versions: [2] },
    ]);
    expect(foundIn(join(folder, 'nowhere'))).toEqual([]);
    expect(versionsOf({ kind: 'session', folder: join(folder, 'nowhere'), name: 'ab' })).toEqual([]);
  });

  it('that are not there read as nothing; other faults throw', () => {
    const { folder } = setUp();
    expect(readIfThere(join(folder, 'nowhere'))).toBeUndefined();
    expect(() => readIfThere(folder)).toThrow(/EISDIR/);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSystemAt, mountOptionsIn } from './file-system.ts';

const MOUNTS = [
  '/dev/vda / ext4 rw,relatime 0 0',
  'server:/export /srv nfs4 rw,hard,noac,lookupcache=none 0 0',
  '/dev/vdb /srv/local\\040disk xfs rw 0 0',
  'server:/other /srv nfs4 rw,soft 0 0',
  '',
].join('\n');

describe('the mount that a folder lies in', () => {
  it('is the innermost one, and the last one on a point', () => {
    expect(mountOptionsIn(MOUNTS, '/var/lib')).toEqual(['rw', 'relatime']);
    expect(mountOptionsIn(MOUNTS, '/srv/state')).toEqual(['rw', 'soft']);
    expect(mountOptionsIn(MOUNTS, '/srv/local disk/state')).toEqual(['rw']);
    expect(mountOptionsIn(MOUNTS, '/srvother')).toEqual(['rw', 'relatime']);
    expect(mountOptionsIn('', '/srv')).toEqual([]);
  });
});

describe('what a folder lies on', () => {
  it('is said as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-system-'));
    try {
      const { durability } = fileSystemAt(folder);
      expect(durability).toMatchObject({ survivesRestart: true, shared: false });
      expect(durability.description).toContain(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

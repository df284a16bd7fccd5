import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileExists, machineFiles } from './files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  writeFileSync(join(folder, 'a'), 'text\n');
  writeFileSync(join(folder, 'binary'), Buffer.from([0xc3, 0x28]));
  writeFileSync(join(folder, 'huge'), Buffer.alloc(1_048_577, 'x'));
  mkdirSync(join(folder, 'sub'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('machineFiles', () => {
  it('reads text as it is', () => {
    expect(machineFiles.read(folder, 'a')).toBe('text\n');
  });

  it.each([
    ['nope', 'ENOENT'],
    ['sub', 'not a plain file'],
    ['/dev/zero', 'not a plain file'],
    ['huge', 'larger than 1 MiB'],
    ['binary', 'not UTF-8'],
  ])('refuses %s: %s', (name, code) => {
    expect(() => machineFiles.read(folder, name)).toThrow(expect.objectContaining({ code }));
  });

  it('resolves paths', () => {
    expect(machineFiles.resolve('/etc', './x')).toBe('/etc/x');
    expect(machineFiles.resolve('/etc', '/x')).toBe('/x');
    expect(machineFiles.resolve('/etc', '~/x')).toBe(join(homedir(), 'x'));
    expect(machineFiles.resolve('/etc', '~x')).toBe('/etc/~x');
  });

  it('knows what exists', () => {
    expect([fileExists(folder, 'a'), fileExists(folder, 'b')]).toEqual([true, false]);
  });
});

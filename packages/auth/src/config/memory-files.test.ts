import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';

describe('memoryFiles', () => {
  const files = memoryFiles({ '/etc/a': 'text' });

  it('reads by absolute and by relative path', () => {
    expect(files.read('/x', '/etc/a')).toBe('text');
    expect(files.read('/etc', './a')).toBe('text');
  });

  it('throws as a file system does', () => {
    expect(() => files.read('/etc', 'b')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('knows a home folder', () => {
    expect(files.resolve('/etc', '~/b')).toBe('/home/me/b');
  });
});

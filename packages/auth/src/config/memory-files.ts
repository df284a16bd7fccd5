import type { FileAccess } from './row.ts';

/** Files from a record of absolute path to text: for runtimes without a file system, and for tests. */
export function memoryFiles(files: Readonly<Record<string, string>> = {}): FileAccess {
  const resolve = (folder: string, path: string) => {
    if (path.startsWith('~/')) return `/home/me/${path.slice(2)}`;
    return path.startsWith('/') ? path : `${folder}/${path.replace(/^\.\//, '')}`;
  };
  return {
    resolve,
    read(folder, path) {
      const text = files[resolve(folder, path)];
      if (text === undefined) throw Object.assign(new Error('There is no such file.'), { code: 'ENOENT' });
      return text;
    },
  };
}

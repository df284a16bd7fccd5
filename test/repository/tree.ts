import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.portcullis', 'coverage']);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name) || entry.name.startsWith('.snippets-') || entry.name.endsWith('.log'))
      continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield relative(ROOT, path).split(sep).join('/');
  }
}

/** Every file of the repository, as a path from its root with `/`. */
export const FILES: readonly string[] = [...walk(ROOT)].sort();

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function isFolder(path: string): boolean {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function exists(path: string): boolean {
  return statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined;
}

export const isTest = (path: string) => /\.(test|contract)\.ts$/.test(path);
export const isTypeScript = (path: string) => path.endsWith('.ts') && !path.endsWith('.d.ts');

/** TypeScript under `src` of a package, tests and contract suites left out. */
export const SOURCES: readonly string[] = FILES.filter(
  (path) => /^packages\/[^/]+\/src\//.test(path) && isTypeScript(path) && !isTest(path),
);

export const TYPESCRIPT: readonly string[] = FILES.filter(isTypeScript);
export const MARKDOWN: readonly string[] = FILES.filter((path) => path.endsWith('.md'));

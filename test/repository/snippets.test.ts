import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPage } from './markdown.ts';
import { MARKDOWN, ROOT } from './tree.ts';

// Inside the repository, so that imports find the packages as a user's would: by name, as they are published.
const folder = mkdtempSync(join(ROOT, '.snippets-'));

afterAll(() => rmSync(folder, { recursive: true }));

function compile(files: ReadonlyMap<string, string>): string {
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const settings = {
    extends: '../tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      moduleDetection: 'force',
    },
    files: [...files.keys()],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const run = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (run.error) throw run.error;
  return run.stdout + run.stderr;
}

describe('TypeScript in documents', () => {
  it('compiles against the packages as they are published', () => {
    const blocks = MARKDOWN.map(readPage).flatMap((page) =>
      page.fences.filter(({ language }) => /^(ts|typescript|tsx)$/.test(language)),
    );
    const files = new Map(
      blocks.map((block) => [`${block.path.replace(/[^\w]+/g, '-')}-line-${block.line}.ts`, block.text]),
    );
    expect(files.size).toBe(blocks.length);
    expect(files.size, 'no document shows any code').toBeGreaterThan(0);
    expect(compile(files)).toBe('');
  });

  it('would be noticed if it did not', () => {
    expect(
      compile(
        new Map([
          [
            'wrong.ts',
            "import { manualClock } from '@portcullis/auth/core/clock';\nconst a: string = manualClock();\n",
          ],
        ]),
      ),
    ).toMatch(/wrong\.ts\(2,7\): error TS2322/);
  });
});

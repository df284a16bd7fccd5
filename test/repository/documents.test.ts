import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchors, codeSpans, links, readPage, splitPage } from './markdown.ts';
import { AUTH_ROOMS, SERVER_ROOMS } from './rooms.ts';
import { exists, FILES, isFolder, MARKDOWN, read } from './tree.ts';

const pages = MARKDOWN.map(readPage);

const REQUIRED = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'LICENSE',
  '.ci/run',
];

/** Made by the operator, by the build or by a run; named in documents, never committed. */
const NOT_COMMITTED =
  /^(portcullis\.ya?ml|conf\.json|master\.key|.*\.log|dist\/.*|node_modules\/.*|packages\/\w+\/dist.*)$/;

const tops = new Set(FILES.map((path) => path.split('/')[0]!));
const folders = new Set(
  FILES.flatMap((path) =>
    path
      .split('/')
      .slice(0, -1)
      .map((_, i, all) => all.slice(0, i + 1).join('/')),
  ),
);

function matches(pattern: string): boolean {
  const source = pattern
    .replace(/\/$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*/g, '\u0000')
    .replace(/\*/g, '[^/]*')
    .replaceAll('\u0000', '.*');
  const rule = new RegExp(`^${source}$`);
  return FILES.some((path) => rule.test(path)) || [...folders].some((path) => rule.test(path));
}

/** Where a code span that looks like a path of this repository may lead; `undefined` when it does not look like one. */
function candidates(span: string, page: string): string[] | undefined {
  const path = span.replace(/^\.\//, '').replace(/:\d+$/, '');
  if (!/^[\w.@*-]+(\/[\w.@*-]+)*\/?$/.test(path) || NOT_COMMITTED.test(path)) return undefined;
  const first = path.split('/')[0]!;
  const here = posix.join(posix.dirname(page), path);
  if (!path.includes('/')) {
    const looksLikeFile =
      /\.(ts|mjs|md|sh)$/.test(path) || /^(package|tsconfig|biome)[\w.-]*\.json$/.test(path);
    return looksLikeFile ? [path, here, `**/${path}`] : undefined;
  }
  if (tops.has(first)) return [path, here];
  const rooms = [
    ...(first in AUTH_ROOMS ? ['packages/auth/src'] : []),
    ...(first in SERVER_ROOMS ? ['packages/server/src'] : []),
  ];
  return rooms.length > 0 ? rooms.flatMap((base) => [`${base}/${path}`, `${base}/${path}.ts`]) : undefined;
}

describe('documents', () => {
  it.each(REQUIRED)('%s is there and not empty', (path) => {
    expect(exists(path) && read(path).trim() !== '').toBe(true);
  });

  it('name only paths that exist', () => {
    const lost = pages.flatMap((page) =>
      codeSpans(page)
        .filter(({ text }) => {
          const where = candidates(text, page.path);
          return where !== undefined && !where.some(matches);
        })
        .map(({ line, text }) => `${page.path}:${line} ${text}`),
    );
    expect(lost).toEqual([]);
  });

  it('name only npm scripts that exist', () => {
    const scripts = (manifest: string) =>
      Object.keys((JSON.parse(read(manifest)) as { scripts?: object }).scripts ?? {});
    const workspaces = (JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces;
    const wrong = pages.flatMap((page) =>
      page.lines.flatMap((line, index) =>
        [...line.matchAll(/\bnpm (?:run |run-script )?([\w:-]+)((?: --?\w[\w-]*(?:[= ][\w@/.-]+)?)*)/g)]
          .filter((match) => match[0].startsWith('npm run') || /^(test|start)$/.test(match[1]!))
          .filter((match) => {
            const member = /(?:-w|--workspace)[= ]([\w@/.-]+)/.exec(match[2]!)?.[1];
            const known = member
              ? workspaces
                  .filter((folder) => folder === member)
                  .flatMap((folder) => scripts(`${folder}/package.json`))
              : scripts('package.json');
            return !known.includes(match[1]!);
          })
          .map((match) => `${page.path}:${index + 1} ${match[0]}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('link only to files and headings that exist', () => {
    const broken = pages.flatMap((page) =>
      links(page)
        .filter(({ target }) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
        .filter(({ target }) => {
          const [path, anchor] = target.split('#') as [string, string | undefined];
          const file =
            path === '' ? page.path : posix.join(posix.dirname(page.path), path).replace(/\/$/, '');
          if (!exists(file) || file.startsWith('..')) return true;
          if (!anchor) return false;
          return isFolder(file) || !file.endsWith('.md') || !anchors(readPage(file)).has(anchor);
        })
        .map(({ line, target }) => `${page.path}:${line} ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('the reader of documents', () => {
  const page = splitPage(
    'docs/x.md',
    [
      '# One [two](y.md) `three`!',
      'See `packages/auth/` and [a](../README.md#run) and `[no](link)`.',
      '```ts',
      'const inside = `not/prose`;',
      '```',
      '# One two three',
    ].join('\n'),
  );

  it('tells prose from code', () => {
    expect(page.fences).toEqual([
      { path: 'docs/x.md', line: 3, language: 'ts', text: 'const inside = `not/prose`;\n' },
    ]);
    expect(codeSpans(page).map(({ text }) => text)).toEqual(['three', 'packages/auth/', '[no](link)']);
    expect(links(page).map(({ target }) => target)).toEqual(['y.md', '../README.md#run']);
    expect([...anchors(page)]).toEqual(['one-two-three', 'one-two-three-1']);
  });

  it('knows a path of this repository when it sees one', () => {
    expect(candidates('packages/auth/src/nothing.ts', 'README.md')?.some(matches)).toBe(false);
    expect(candidates('packages/*/package.json', 'README.md')?.some(matches)).toBe(true);
    expect(candidates('core/clock', 'README.md')?.some(matches)).toBe(true);
    expect(candidates('sql/nothing-here', 'README.md')?.some(matches)).toBe(false);
    expect(candidates('application/json', 'README.md')).toBeUndefined();
    expect(candidates('/mcp', 'README.md')).toBeUndefined();
  });

  it('refuses a fence without an end', () => {
    expect(() => splitPage('x.md', '```ts\nlet a;\n')).toThrow('x.md:1');
  });
});

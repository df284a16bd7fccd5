import { describe, expect, it } from 'vitest';
import type { Parsed, SyntaxNode } from './syntax.ts';
import { at, isTypesOnly, nodes, parse } from './syntax.ts';
import { exists, FILES, isTest, isTypeScript, SOURCES, TYPESCRIPT } from './tree.ts';

const parsed = TYPESCRIPT.map(parse);

/** Where in the given files there is a node that the rule does not want. */
function where(files: readonly Parsed[], unwanted: (node: SyntaxNode, file: Parsed) => boolean): string[] {
  return files.flatMap((file) =>
    [...nodes(file.program)].filter((node) => unwanted(node, file)).map((node) => at(file, node)),
  );
}

const field = (node: unknown, name: string): SyntaxNode | undefined =>
  (node as Record<string, SyntaxNode | undefined> | undefined)?.[name];

/** Inside a function `describeWith...`, which names the suite that it leaves out, and fails with `CI=true`. */
function namesWhatItMisses(inner: SyntaxNode, file: Parsed): boolean {
  return [...nodes(file.program)].some(
    (node) =>
      node.type === 'FunctionDeclaration' &&
      /^describeWith[A-Z]/.test(String(field(node, 'id')?.name)) &&
      node.start <= inner.start &&
      node.end >= inner.end &&
      /process\.env\.CI\b/.test(file.text.slice(node.start, node.end)),
  );
}

describe('names', () => {
  const ours = FILES.filter((path) => /^(packages|examples|e2e|bench|test|scripts|conformance)\//.test(path));

  it('of files and folders are kebab-case', () => {
    const code = ours.filter((path) => /\.(ts|mjs|js|html|css|sql)$/.test(path));
    const wrong = code.filter(
      (path) =>
        !path
          .split('/')
          .every((part, index, all) =>
            index === all.length - 1
              ? /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(part)
              : /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part),
          ),
    );
    expect(wrong).toEqual([]);
  });

  it('are never those of a drawer', () => {
    const drawer = /^(utils?|helpers?|common|misc|shared|lib|stuff)(\.|$)/;
    expect(ours.filter((path) => path.split('/').some((part) => drawer.test(part)))).toEqual([]);
  });
});

describe('exports', () => {
  it('are named', () => {
    const files = parsed.filter((file) => !file.path.endsWith('.config.ts'));
    expect(where(files, (node) => node.type === 'ExportDefaultDeclaration')).toEqual([]);
  });

  it('come from the file that has the subject: no barrel of re-exports, no index.ts below a package root', () => {
    const barrels = parsed.filter((file) => {
      const body = file.program.body as SyntaxNode[];
      return (
        body.length > 0 && body.every((statement) => statement.type.startsWith('Export') && statement.source)
      );
    });
    expect(barrels.map((file) => file.path)).toEqual([]);
    expect(SOURCES.filter((path) => /\/index\.ts$/.test(path))).toEqual([]);
  });
});

describe('nothing is hidden', () => {
  it('there is no any', () => {
    expect(where(parsed, (node) => node.type === 'TSAnyKeyword')).toEqual([]);
  });

  it('no comment silences the compiler, and none puts work off', () => {
    const unwanted = /@ts-(ignore|nocheck|expect-error)|eslint-disable|\b(TODO|FIXME|XXX|HACK)\b/;
    const found = parsed.flatMap((file) =>
      file.comments.filter((comment) => unwanted.test(comment.value)).map((comment) => at(file, comment)),
    );
    expect(found).toEqual([]);
  });

  it('no error is swallowed without a word why', () => {
    const silent = where(parsed, (node, file) => {
      const body = field(node, 'body');
      if (node.type !== 'CatchClause' || !body || (body.body as unknown as SyntaxNode[]).length > 0)
        return false;
      return !file.comments.some((comment) => comment.start >= body.start && comment.end <= body.end);
    });
    expect(silent).toEqual([]);
  });

  it('no test is skipped, postponed or run alone, but where `describeWith...` misses what a suite needs', () => {
    const files = FILES.filter((path) => isTypeScript(path) && isTest(path)).map(parse);
    expect(files.length).toBeGreaterThan(0);
    const found = where(files, (node, file) => {
      const callee = String(field(node, 'callee')?.name);
      if (node.type === 'CallExpression') return /^(xit|fit|xdescribe|fdescribe|xtest)$/.test(callee);
      if (node.type !== 'MemberExpression') return false;
      const name = String(field(node, 'property')?.name);
      const root = String(field(node, 'object')?.name ?? field(field(node, 'object'), 'object')?.name);
      if (!/^(skip|only|todo|fails)$/.test(name) || !/^(it|test|describe|suite)$/.test(root)) return false;
      return !(name === 'skip' && namesWhatItMisses(node, file));
    });
    expect(found).toEqual([]);
  });

  it('the packages print nothing by themselves', () => {
    const files = SOURCES.map(parse);
    const found = where(
      files,
      (node) => node.type === 'MemberExpression' && field(node, 'object')?.name === 'console',
    );
    expect(found).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read in packages/server/src/cli alone', () => {
    const files = SOURCES.filter((path) => !path.startsWith('packages/server/src/cli/')).map(parse);
    const found = where(
      files,
      (node) =>
        (node.type === 'MemberExpression' &&
          /^env$/.test(String(field(node, 'property')?.name ?? field(node, 'property')?.value)) &&
          /^process$/.test(
            String(field(node, 'object')?.name ?? field(field(node, 'object'), 'property')?.name),
          )) ||
        (node.type === 'ImportDeclaration' && /^(node:)?process$/.test(String(field(node, 'source')?.value))),
    );
    expect(found).toEqual([]);
  });
});

describe('tests', () => {
  it('stand beside at least nine of ten source files that do something', () => {
    const active = SOURCES.filter((path) => !isTypesOnly(path));
    const without = active.filter((path) => !exists(path.replace(/\.ts$/, '.test.ts')));
    expect(without.length / active.length, without.join('\n')).toBeLessThanOrEqual(0.1);
  });
});

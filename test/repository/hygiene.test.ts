import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SyntaxNode } from './syntax.ts';
import { at, nodes, parse } from './syntax.ts';
import { exists, FILES, ROOT, TYPESCRIPT } from './tree.ts';

// Patterns are put together from pieces, so that this file does not find itself.
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'an address of a package registry': new RegExp(
    ['regis', 'try\\.(npmjs|yarnpkg)|npm.pkg.git', 'hub|_au', 'thToken'].join(''),
  ),
  'a path of one machine': new RegExp(`(^|[\\s"'\`(=:])/(${['wo', 'rk|ro', 'ot'].join('')})/\\w`, 'm'),
  'a private key': new RegExp(`-----BEGIN [A-Z ]*PRIVA${'TE'} KEY-----`),
  'an access token of some service':
    /\b(gh[pousr]_\w{30,}|github_pat_\w{30,}|npm_\w{30,}|AKIA[A-Z0-9]{16}|xox[abp]-\w{10,}|sk-\w{30,})\b/,
};

// A fixed path below the folder for temporary files is shared by everybody on the machine; code takes a fresh one. Only where a text
// begins with it: a statement that somebody tries on a database may well name one.
const FIXED_TEMPORARY = new RegExp(`^/t${'mp'}/[\\w-]`);

function textFiles(): { readonly path: string; readonly text: string }[] {
  // What was listed and is gone was a temporary file of something else that runs here.
  return FILES.filter(exists)
    .map((path) => ({ path, bytes: readFileSync(join(ROOT, path)) }))
    .filter(({ bytes }) => !bytes.includes(0))
    .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
}

/** What a literal or the beginning of a template says. */
function textOf(node: SyntaxNode): string {
  if (node.type === 'Literal') return String(node.value);
  if (node.type !== 'TemplateLiteral') return '';
  return (node.quasis as readonly { value: { raw: string } }[])[0]!.value.raw;
}

describe('the repository holds', () => {
  const files = textFiles();

  it.each(Object.entries(FORBIDDEN))('not %s', (_what, pattern) => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('not a fixed path for temporary files', () => {
    const found = TYPESCRIPT.map(parse).flatMap((file) =>
      [...nodes(file.program)]
        .filter((node) => FIXED_TEMPORARY.test(textOf(node)))
        .map((node) => at(file, node)),
    );
    expect(found).toEqual([]);
    const scripts = files.filter(({ path }) => /\.(mjs|js|sh)$|^\.ci\//.test(path));
    const fixed = new RegExp(`['"\`= ]/t${'mp'}/[\\w-]`);
    expect(scripts.filter(({ text }) => fixed.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('text that ends with one line feed and has no carriage return', () => {
    const wrong = files.filter(
      ({ text }) => text !== '' && (text.includes('\r\n') || !text.endsWith('\n') || text.endsWith('\n\n')),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

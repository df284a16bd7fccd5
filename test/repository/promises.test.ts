import { describe, expect, it } from 'vitest';
import { REQUIREMENTS } from '../../e2e/requirements.ts';
import type { Parsed, SyntaxNode } from './syntax.ts';
import { nodes, parse, parseText } from './syntax.ts';
import { TYPESCRIPT } from './tree.ts';

const ID = /^(?:[A-Z]\d+|(?:RS|AS|PX)-\d+)$/;

/** The name at the root of `it(...)`, `it.each(...)(...)`, `describe.runIf(...)(...)`. */
function rootName(callee: SyntaxNode): string | undefined {
  if (callee.type === 'Identifier') return callee.name as string;
  if (callee.type === 'MemberExpression') return rootName(callee.object as SyntaxNode);
  if (callee.type === 'CallExpression') return rootName(callee.callee as SyntaxNode);
  return undefined;
}

function titleText(node: SyntaxNode | undefined): string {
  if (node?.type === 'Literal') return String(node.value);
  if (node?.type !== 'TemplateLiteral') return '';
  return (node.quasis as unknown as { value: { raw: string } }[]).map((quasi) => quasi.value.raw).join(' ');
}

/** Ids in square brackets in each title of a test or a suite. */
function citationsByTitle(file: Parsed): string[][] {
  return [...nodes(file.program)]
    .filter((node) => node.type === 'CallExpression')
    .filter((node) => /^(it|test|describe|suite)$/.test(rootName(node.callee as SyntaxNode) ?? ''))
    .map((node) => titleText((node.arguments as SyntaxNode[])[0]))
    .map((title) =>
      [...title.matchAll(/\[([A-Z][A-Z0-9, -]*)\]/g)]
        .flatMap((match) => match[1]!.split(/[\s,]+/))
        .filter((id) => ID.test(id)),
    );
}

const citations = (file: Parsed): string[] => citationsByTitle(file).flat();

const files = TYPESCRIPT.filter((file) => /^(packages|e2e|examples)\/.*\.(test|contract)\.ts$/.test(file));

/** One test shows so much and no more: a list of ids that is longer stands for tests that are not there. */
const MOST_IN_A_TITLE = 5;

const proofs = new Map<string, Set<string>>();
for (const path of files) {
  for (const id of citations(parse(path))) proofs.set(id, (proofs.get(id) ?? new Set()).add(path));
}

describe('promises', () => {
  it('have one id each, a source and a behaviour', () => {
    const ids = REQUIREMENTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !ID.test(id))).toEqual([]);
    const thin = REQUIREMENTS.filter(({ source, behaviour }) => !/\w/.test(source) || behaviour.length < 40);
    expect(thin.map(({ id }) => id)).toEqual([]);
  });

  it('each have a test that cites them', () => {
    expect(REQUIREMENTS.filter(({ id }) => !proofs.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('are cited by tests that show them, and not in bulk', () => {
    const bulky = files.filter((path) =>
      citationsByTitle(parse(path)).some((ids) => ids.length > MOST_IN_A_TITLE),
    );
    expect(bulky).toEqual([]);
  });

  it('are cited by their right name', () => {
    const known = new Set(REQUIREMENTS.map(({ id }) => id));
    const strange = [...proofs].filter(([id]) => !known.has(id));
    expect(strange.map(([id, paths]) => `${id} in ${[...paths].join(', ')}`)).toEqual([]);
  });
});

describe('the reader of proofs', () => {
  it('finds ids in titles, and nowhere else', () => {
    const text = [
      "describe('[S1, S2] races', () => {",
      "  it('[AS-8] once', () => { expect('[G1]').toBe(''); });",
      '  it.each([1])(`[PX-3] $' + '{1} times [RS-17]`, () => {});',
      "  describe.runIf(x)('[C1]', () => {});",
      '  // [G2]',
      "  log('[G3]'); it('of [JSON] and [a]', () => {});",
      '});',
    ].join('\n');
    expect(citations(parseText('x.test.ts', text))).toEqual(['S1', 'S2', 'AS-8', 'PX-3', 'RS-17', 'C1']);
  });
});

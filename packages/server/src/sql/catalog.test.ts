import { parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BoundStatement } from './bound-statement.ts';
import * as catalog from './catalog.ts';
import { prepareJudge } from './statement-guard.ts';

beforeAll(() => prepareJudge());

const EVIL = "x') OR true; --";
const STATEMENTS: readonly (readonly [string, BoundStatement, readonly string[]])[] = [
  ['schemas', catalog.schemasStatement(), []],
  ['tables', catalog.tablesStatement(), []],
  ['tables of a schema', catalog.tablesStatement(EVIL), [EVIL]],
  ['a table', catalog.tableStatement(EVIL, 't'), [EVIL, 't']],
  ['columns', catalog.columnsStatement(EVIL, 't'), [EVIL, 't']],
  ['keys', catalog.keysStatement(EVIL, 't'), [EVIL, 't']],
  ['functions', catalog.functionsStatement(), []],
  ['functions of a schema', catalog.functionsStatement(EVIL), [EVIL]],
  ['whoami', catalog.whoamiStatement(), []],
];

type Node = Readonly<Record<string, unknown>>;

/** Every node of a kind, wherever it is. */
function all(root: unknown, kind: string): readonly Node[] {
  if (typeof root !== 'object' || root === null) return [];
  const inside = Object.values(root).flatMap((child) => all(child, kind));
  const own = (root as Node)[kind];
  return typeof own === 'object' && own !== null ? [own as Node, ...inside] : inside;
}

const firstName = (names: unknown) =>
  ((names as readonly { readonly String?: { readonly sval?: string } }[] | undefined) ?? [])[0]?.String?.sval;

describe.each(STATEMENTS)('what is asked of the catalog: %s', (_what, { text, kind, values }, expected) => {
  const tree = () => parseSync(text) as { readonly stmts: readonly Node[] };

  it('is one statement that gives rows, and what is looked for is a value of it', () => {
    expect(tree().stmts).toHaveLength(1);
    expect(all(tree(), 'SelectStmt').length).toBeGreaterThan(0);
    expect([kind, values ?? [], text.includes(EVIL)]).toEqual(['rows', expected, false]);
  });

  it('names everything with its schema, since the search path is that of the person', () => {
    const relations = all(tree(), 'RangeVar').map((node) => `${node.schemaname}.${node.relname}`);
    for (const relation of relations) expect(relation).toMatch(/^pg_catalog\.pg_/);
    for (const call of all(tree(), 'FuncCall')) expect(firstName(call.funcname)).toBe('pg_catalog');
    for (const cast of all(tree(), 'TypeCast'))
      expect(firstName((cast.typeName as Node).names)).toBe('pg_catalog');
    // Each operator too: one that the person made, earlier in the path, would be run in its place.
    for (const expression of all(tree(), 'A_Expr')) expect(firstName(expression.name)).toBe('pg_catalog');
  });

  it('orders by places, which are columns of its own', () => {
    for (const sort of all(tree(), 'SortBy')) expect(sort.useOp).toBeUndefined();
  });
});

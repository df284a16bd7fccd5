import { parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareJudge } from '../statement-guard.ts';
import { STRUCTURE } from './structure.ts';

beforeAll(() => prepareJudge());

describe('the structure of the sample', () => {
  it('says of everything what it is, for whoever asks questions about it', () => {
    const made = [...STRUCTURE.matchAll(/^CREATE (SCHEMA|TABLE|VIEW|FUNCTION) ([\w.]+)/gm)];
    expect(made.length).toBeGreaterThan(13);
    for (const [, kind, name] of made) expect(STRUCTURE).toContain(`COMMENT ON ${kind} ${name} IS '`);
  });

  it('is nothing but schemas, tables, an index, views, functions and comments', () => {
    const { stmts } = parseSync(STRUCTURE) as { stmts: readonly { readonly stmt: object }[] };
    expect(new Set(stmts.map(({ stmt }) => Object.keys(stmt)[0]))).toEqual(
      new Set([
        'CreateSchemaStmt',
        'CommentStmt',
        'CreateStmt',
        'IndexStmt',
        'ViewStmt',
        'CreateFunctionStmt',
      ]),
    );
  });

  it('has no view that reads with the rights of its owner, and no function that does', () => {
    const views = STRUCTURE.match(/CREATE VIEW .*/g) ?? [];
    expect(views.length).toBeGreaterThan(0);
    for (const view of views) expect(view).toContain('security_invoker = true');
    expect(STRUCTURE).not.toMatch(/SECURITY DEFINER/i);
  });
});

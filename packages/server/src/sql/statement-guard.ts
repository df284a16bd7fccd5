import { loadModule, parseSync, SqlError } from 'libpg-query';
import { DatabaseError } from './database-error.ts';
import { isRefusedFunction, SLEEPING } from './refused-functions.ts';

/** One statement that only reads, as far as its text tells. */
export interface GuardedStatement {
  /** The statement alone: no second one, nothing after its semicolon. */
  readonly text: string;
  /** `rows`: SELECT, VALUES, TABLE or WITH, which can stand in a subquery. `report`: EXPLAIN or SHOW, which can not. */
  readonly kind: 'rows' | 'report';
}

/** What a statement is held against. */
export interface GuardOptions {
  /** Seconds that one call may take. */
  readonly timeoutSeconds: number;
}

/** Text → statement, or a `DatabaseError` of kind `refused` (or `statement`, for a syntax error). */
export type StatementGuard = (text: string, options: GuardOptions) => Promise<GuardedStatement>;

/** Longer than any statement a person or a model writes, short enough to parse at once. */
export const MAX_STATEMENT_BYTES = 100_000;

const EXPLAIN_OPTIONS = new Set([
  'verbose',
  'costs',
  'settings',
  'generic_plan',
  'buffers',
  'format',
  'summary',
  'memory',
]);

type Node = { readonly [key: string]: unknown };

/** Once, before the first `judgeStatement`. */
export const prepareJudge = loadModule;

/**
 * The second layer, with PostgreSQL's own parser: one statement, which reads. It makes mistakes visible early and keeps honest models
 * honest. It is not what keeps people apart: a function that a statement calls can do more than its name tells.
 * @throws DatabaseError for the statement; anything else means that the parser itself is broken from then on.
 */
export function judgeStatement(text: string, { timeoutSeconds }: GuardOptions): GuardedStatement {
  checkText(text);
  const { stmts } = parse(text);
  const [only, second] = stmts;
  if (!only) throw refused('There is no statement.');
  if (second) throw refused('Only one statement can be run at a time.');
  const [[type, body] = ['', {}]] = Object.entries(only.stmt ?? {});
  const statement = cut(text, only.stmt_location ?? 0, only.stmt_len);
  if (type === 'VariableShowStmt') return { text: statement, kind: 'report' };
  if (type === 'ExplainStmt') {
    checkExplain(body as Node);
    walk((body as Node).query, timeoutSeconds);
    return { text: statement, kind: 'report' };
  }
  if (type !== 'SelectStmt')
    throw refused(`Only SELECT, VALUES, EXPLAIN and SHOW can be run, not ${spoken(type)}.`);
  walk(only.stmt, timeoutSeconds);
  return { text: statement, kind: 'rows' };
}

/** What the parser must not see; cheap enough to look at first. */
export function checkText(text: string): void {
  if (Buffer.byteLength(text, 'utf8') > MAX_STATEMENT_BYTES)
    throw refused(`The statement is longer than ${MAX_STATEMENT_BYTES} bytes.`);
  // The parser reads up to a NUL, and would not see what follows.
  if (text.includes('\0') || /\p{Surrogate}/u.test(text)) throw refused('The statement is not valid text.');
}

interface ParsedStatement {
  readonly stmt?: Node;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

function parse(text: string): { readonly stmts: readonly ParsedStatement[] } {
  if (text.trim() === '') return { stmts: [] };
  try {
    const { stmts } = parseSync(text) as { stmts?: readonly ParsedStatement[] };
    return { stmts: stmts ?? [] };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new DatabaseError('statement', error.message, { sqlState: '42601' });
  }
}

/** The parser counts in bytes of UTF-8. */
function cut(text: string, start: number, length: number | undefined): string {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.toString('utf8', start, length ? start + length : bytes.length).trim();
}

function checkExplain(explain: Node): void {
  for (const option of asList(explain.options)) {
    const name = String((option.DefElem as Node | undefined)?.defname ?? '').toLowerCase();
    if (!EXPLAIN_OPTIONS.has(name))
      throw refused(`EXPLAIN with the option ${name.toUpperCase()} can not be run.`);
  }
  const [[type] = ['']] = Object.entries((explain.query as Node | undefined) ?? {});
  if (type !== 'SelectStmt') throw refused(`Only SELECT and VALUES can be explained, not ${spoken(type)}.`);
}

/** Looks at every node, without recursion: a statement may be as deep as it is long. */
function walk(root: unknown, timeoutSeconds: number): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) open.push(...value);
    else if (value !== null && typeof value === 'object')
      for (const [key, child] of Object.entries(value)) {
        checkNode(key, child, timeoutSeconds);
        open.push(child);
      }
  }
}

function checkNode(key: string, node: unknown, timeoutSeconds: number): void {
  if (key.endsWith('Stmt') && key !== 'SelectStmt')
    throw refused(`A statement that only reads can not contain ${spoken(key)}.`);
  if (key === 'intoClause') throw refused('SELECT INTO can not be run.');
  if (key === 'lockingClause') throw refused('Rows can not be locked (FOR UPDATE, FOR SHARE).');
  if (key === 'ParamRef')
    throw refused('The statement has a parameter ($1), and there are no values for it.');
  if (key === 'FuncCall') checkFunction(node as Node, timeoutSeconds);
}

function checkFunction(call: Node, timeoutSeconds: number): void {
  const name = asList(call.funcname)
    .map((part) => String((part.String as Node | undefined)?.sval ?? ''))
    .at(-1);
  if (name === undefined) return;
  if (isRefusedFunction(name)) throw refused(`The function ${name} can not be used here.`);
  if (SLEEPING.has(name) && !(name === 'pg_sleep' && sleepSeconds(call) <= timeoutSeconds))
    throw refused(`The function ${name} can only wait for a number of seconds within the time limit.`);
}

function sleepSeconds(call: Node): number {
  const constant = asList(call.args)[0]?.A_Const as
    | { ival?: { ival?: number }; fval?: { fval?: string } }
    | undefined;
  const text = constant?.ival ? String(constant.ival.ival ?? 0) : constant?.fval?.fval;
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}

function asList(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value : [];
}

/** `InsertStmt` → `INSERT`, `CreateRoleStmt` → `CREATE ROLE`. */
function spoken(type: string): string {
  return type
    .replace(/Stmt$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}

function refused(message: string): DatabaseError {
  return new DatabaseError('refused', message);
}

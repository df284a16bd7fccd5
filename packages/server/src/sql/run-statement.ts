import type { BoundStatement } from './bound-statement.ts';
import { toCell } from './cell.ts';
import type { Connection } from './connection.ts';
import type { QueryLimits, QueryResult } from './database.ts';
import { readWrappedResult } from './wrapped-result.ts';
import { wrapperCall } from './wrapper/wrapper.ts';

/** Through the wrapper function of a role: the rows are made inside of it. */
export async function runWrapped(
  connection: Connection,
  role: string,
  statement: BoundStatement,
  limits: QueryLimits,
): Promise<QueryResult> {
  const { rows } = await connection.query(wrapperCall(role), [
    statement.text,
    statement.values ?? [],
    statement.kind === 'rows' ? 'true' : 'false',
    String(limits.maxRows),
    String(limits.maxBytes),
  ]);
  return readWrappedResult(
    rows.map((row) => row[0] ?? null),
    limits.maxRows,
  );
}

/** As the user that the session has, in the modes without a wrapper. */
export async function runDirectly(
  connection: Connection,
  statement: BoundStatement,
  limits: QueryLimits,
): Promise<QueryResult> {
  const sql =
    statement.kind === 'rows'
      ? `SELECT * FROM (${statement.text}\n) AS answer LIMIT ${limits.maxRows + 1}`
      : statement.text;
  const { fields, rows } = await connection.query(sql, statement.values ? [statement.values] : []);
  const types = await typeNames(connection, [...new Set(fields.map((field) => field.typeId))]);
  const columns = fields.map(({ name, typeId }) => ({ name, type: types.get(typeId) ?? 'text' }));
  const kept = rows
    .slice(0, limits.maxRows)
    .map((row) => columns.map((column, i) => toCell(row[i] ?? null, column.type)));
  return { columns, rows: kept, rowCount: kept.length, truncated: rows.length > limits.maxRows };
}

async function typeNames(connection: Connection, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await connection.query(
    'SELECT t.id::pg_catalog.text, pg_catalog.format_type(t.id, NULL) FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS t(id)',
    [ids.map(String)],
  );
  return new Map(rows.map(([id, name]) => [Number(id), name ?? 'text']));
}

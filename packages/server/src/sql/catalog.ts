import type { BoundStatement } from './bound-statement.ts';

/**
 * What there is, as the person sees it: only what the person may use. Run as the person, like any statement; `$1` is an array of text.
 * Everything is named with its schema, since the search path is the person's.
 */
const OWN = `n.nspname OPERATOR(pg_catalog.<>) 'information_schema' AND NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_')`;
const EQ = 'OPERATOR(pg_catalog.=)';
const WANTED_SCHEMA = `(($1::pg_catalog.text[])[1] IS NULL OR n.nspname::pg_catalog.text ${EQ} ($1::pg_catalog.text[])[1])`;
const VISIBLE_TABLE = `c.relkind ${EQ} ANY ('{r,p,v,m,f}'::pg_catalog."char"[])
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))`;
const kindOf = (
  column: string,
  kinds: readonly (readonly [code: string, kind: string])[],
  otherwise: string,
) =>
  `CASE ${kinds.map(([code, kind]) => `WHEN ${column} ${EQ} '${code}'::pg_catalog."char" THEN '${kind}'`).join(' ')} ELSE '${otherwise}' END`;
const TABLE_KIND = kindOf(
  'c.relkind',
  [
    ['r', 'table'],
    ['p', 'partitioned table'],
    ['v', 'view'],
    ['m', 'materialized view'],
  ],
  'foreign table',
);
const FUNCTION_KIND = kindOf(
  'p.prokind',
  [
    ['f', 'function'],
    ['a', 'aggregate'],
    ['w', 'window function'],
  ],
  'procedure',
);

const SCHEMAS = `SELECT n.nspname::pg_catalog.text, pg_catalog.obj_description(n.oid, 'pg_namespace')
  FROM pg_catalog.pg_namespace AS n
  WHERE ${OWN} AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') ORDER BY 1`;

const TABLES = `SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ${TABLE_KIND},
    pg_catalog.obj_description(c.oid, 'pg_class'),
    CASE WHEN c.reltuples OPERATOR(pg_catalog.>=) 0::pg_catalog.float4 AND NOT c.relrowsecurity THEN c.reltuples::pg_catalog.int8::pg_catalog.text END,
    c.relrowsecurity
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid ${EQ} c.relnamespace
  WHERE ${OWN} AND ${VISIBLE_TABLE} AND ${WANTED_SCHEMA}`;

const ONE_TABLE = `c.relname::pg_catalog.text ${EQ} ($1::pg_catalog.text[])[2]`;

const COLUMNS = `SELECT a.attname::pg_catalog.text, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.col_description(c.oid, a.attnum::pg_catalog.int4)
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid ${EQ} c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid ${EQ} c.oid
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid ${EQ} c.oid AND d.adnum ${EQ} a.attnum
  WHERE ${OWN} AND ${VISIBLE_TABLE} AND ${WANTED_SCHEMA} AND ${ONE_TABLE}
    AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped
    AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
  ORDER BY a.attnum`;

const NAMES_OF = (
  relation: string,
  numbers: string,
) => `(SELECT pg_catalog.to_json(pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY k.place))
    FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY AS k(number, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid ${EQ} ${relation} AND a.attnum ${EQ} k.number)`;

const KEYS = `SELECT o.contype::pg_catalog.text, ${NAMES_OF('o.conrelid', 'o.conkey')}, fn.nspname::pg_catalog.text, f.relname::pg_catalog.text,
    ${NAMES_OF('o.confrelid', 'o.confkey')}
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid ${EQ} c.relnamespace
    JOIN pg_catalog.pg_constraint AS o ON o.conrelid ${EQ} c.oid
    LEFT JOIN pg_catalog.pg_class AS f ON f.oid ${EQ} o.confrelid
    LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid ${EQ} f.relnamespace
  WHERE ${OWN} AND ${VISIBLE_TABLE} AND ${WANTED_SCHEMA} AND ${ONE_TABLE} AND o.contype ${EQ} ANY ('{p,f}'::pg_catalog."char"[])
  ORDER BY o.conname`;

const FUNCTIONS = `SELECT n.nspname::pg_catalog.text, p.proname::pg_catalog.text,
    ${FUNCTION_KIND},
    pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid), pg_catalog.obj_description(p.oid, 'pg_proc')
  FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid ${EQ} p.pronamespace
  WHERE ${OWN} AND ${WANTED_SCHEMA} AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
  ORDER BY 1, 2, 4`;

const WHOAMI = `SELECT current_user::pg_catalog.text, session_user::pg_catalog.text, pg_catalog.current_database()::pg_catalog.text,
    pg_catalog.current_setting('server_version')`;

const bound = (text: string, values?: readonly string[]): BoundStatement => ({
  text,
  kind: 'rows',
  values,
});

export const schemasStatement = () => bound(SCHEMAS);
export const tablesStatement = (schema?: string) =>
  bound(`${TABLES} ORDER BY 1, 2`, schema === undefined ? [] : [schema]);
export const tableStatement = (schema: string, table: string) =>
  bound(`${TABLES} AND ${ONE_TABLE}`, [schema, table]);
export const columnsStatement = (schema: string, table: string) => bound(COLUMNS, [schema, table]);
export const keysStatement = (schema: string, table: string) => bound(KEYS, [schema, table]);
export const functionsStatement = (schema?: string) => bound(FUNCTIONS, schema === undefined ? [] : [schema]);
export const whoamiStatement = () => bound(WHOAMI);

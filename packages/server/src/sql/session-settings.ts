import type { QueryLimits } from './database.ts';

/**
 * The settings of one call, for its transaction alone: how long it may take, and everything that changes how text is read and values are
 * written, so that neither the server's nor a role's own setting makes a result mean something else.
 */
export function sessionSettings(limits: QueryLimits, searchPath: string): { sql: string; values: string[] } {
  const timeout = `${Math.round(limits.timeoutSeconds * 1000)}ms`;
  const settings: readonly [string, string][] = [
    ['statement_timeout', timeout],
    ['lock_timeout', timeout],
    ['idle_in_transaction_session_timeout', `${Math.round(limits.timeoutSeconds * 1000) + 10_000}ms`],
    ['search_path', lastTemporary(searchPath)],
    ['standard_conforming_strings', 'on'],
    ['backslash_quote', 'safe_encoding'],
    ['transform_null_equals', 'off'],
    ['row_security', 'on'],
    ['datestyle', 'ISO, YMD'],
    ['intervalstyle', 'postgres'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', '1'],
    ['xmlbinary', 'base64'],
    ['client_min_messages', 'error'],
  ];
  const calls = settings.map(
    ([name], i) => `pg_catalog.set_config('${name}', $${i + 1}::pg_catalog.text, true)`,
  );
  return { sql: `SELECT ${calls.join(', ')}`, values: settings.map(([, value]) => value) };
}

/** PostgreSQL 20.11.1: unless it is named, the temporary schema is searched first, before every table of the same name. */
function lastTemporary(searchPath: string): string {
  const entries = searchPath.match(/"(?:[^"]|"")*"|[^\s,"]+/g) ?? [];
  const isTemporary = (entry: string) => entry === '"pg_temp"' || entry.toLowerCase() === 'pg_temp';
  if (entries.some(isTemporary)) return searchPath;
  return entries.length === 0 ? 'pg_temp' : `${searchPath}, pg_temp`;
}

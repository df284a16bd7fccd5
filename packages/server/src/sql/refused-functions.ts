/** Functions that no statement may name, by the last part of their name. A second layer: identity is the wall. */
const REFUSED = new Set([
  // settings, which include who one is
  'set_config',
  // statements inside of a string
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
  'cursor_to_xml',
  'cursor_to_xmlschema',
  'table_to_xml',
  'table_to_xmlschema',
  'table_to_xml_and_xmlschema',
  'schema_to_xml',
  'schema_to_xmlschema',
  'schema_to_xml_and_xmlschema',
  'database_to_xml',
  'database_to_xmlschema',
  'database_to_xml_and_xmlschema',
  'ts_stat',
  'ts_rewrite',
  'connectby',
  'xpath_table',
  // the server and other people's sessions
  'pg_terminate_backend',
  'pg_cancel_backend',
  'pg_reload_conf',
  'pg_rotate_logfile',
  'pg_promote',
  'pg_switch_wal',
  'pg_create_restore_point',
  'pg_backup_start',
  'pg_backup_stop',
  'pg_start_backup',
  'pg_stop_backup',
  'pg_export_snapshot',
  'pg_notify',
  'pg_logical_emit_message',
  'pg_current_logfile',
  'pg_stat_file',
  'pg_log_backend_memory_contexts',
  'pg_stat_statements_reset',
  'nextval',
  'setval',
]);

/** As `REFUSED`, for families. */
const REFUSED_PREFIXES = [
  'dblink',
  'crosstab',
  'lo_',
  'lowrite',
  'loread',
  'pg_read_',
  'pg_ls_',
  'pg_file_',
  'pg_advisory_',
  'pg_try_advisory_',
  'pg_stat_reset',
  'pg_replication_',
  'pg_create_',
  'pg_drop_',
  'pg_copy_',
  'pg_logical_',
  'pg_wal_replay_',
  'pg_import_',
  'pg_restore_',
  'pg_background_',
];

/** PostgreSQL 9.9.5: these wait. How long is the first argument, of `pg_sleep` alone as a plain number. */
export const SLEEPING = new Set(['pg_sleep', 'pg_sleep_for', 'pg_sleep_until']);

export function isRefusedFunction(name: string): boolean {
  return REFUSED.has(name) || REFUSED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

import { describe, expect, it } from 'vitest';
import { isRefusedFunction, SLEEPING } from './refused-functions.ts';

describe('a function', () => {
  it.each([
    'set_config',
    'query_to_xml',
    'pg_terminate_backend',
    'nextval',
    'dblink',
    'dblink_connect',
    'lo_import',
    'pg_read_file',
    'pg_ls_dir',
    'pg_advisory_lock',
    'pg_try_advisory_xact_lock',
    'pg_stat_reset_shared',
    'pg_create_logical_replication_slot',
    'pg_logical_slot_get_changes',
    'pg_restore_attribute_stats',
  ])('%s may not be named', (name) => expect(isRefusedFunction(name)).toBe(true));

  it.each([
    'current_setting',
    'pg_typeof',
    'pg_size_pretty',
    'pg_get_viewdef',
    'currval',
    'lower',
    'log',
    'lo',
    'my_dblink',
    'xml_to_query',
    'to_json',
    'pg_relation_size',
    '',
  ])('%j may be named', (name) => expect(isRefusedFunction(name)).toBe(false));

  it('that waits is looked at by itself', () => {
    for (const name of SLEEPING) expect(isRefusedFunction(name)).toBe(false);
    expect([...SLEEPING].sort()).toEqual(['pg_sleep', 'pg_sleep_for', 'pg_sleep_until']);
  });
});

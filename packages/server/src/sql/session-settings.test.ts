import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './database.ts';
import { sessionSettings } from './session-settings.ts';

function settings(searchPath: string, timeoutSeconds = 30): Record<string, string> {
  const { sql, values } = sessionSettings({ ...DEFAULT_LIMITS, timeoutSeconds }, searchPath);
  const names = [...sql.matchAll(/pg_catalog\.set_config\('(\w+)', \$(\d+)::pg_catalog\.text, true\)/g)];
  expect(names.map(([, , place]) => Number(place))).toEqual(values.map((_, i) => i + 1));
  return Object.fromEntries(names.map(([, name], i) => [name!, values[i]!]));
}

describe('the settings of one call', () => {
  it('hold for its transaction alone, and its values are no part of the text', () => {
    const { sql, values } = sessionSettings(DEFAULT_LIMITS, "x', false), evil('");
    expect(sql).not.toContain('evil');
    expect(values).toContain("x', false), evil(', pg_temp");
    expect(sql.match(/, true\)/g)).toHaveLength(values.length);
  });

  it('bound the time, with room for the server to answer', () => {
    expect(settings('public', 1.2345)).toMatchObject({
      statement_timeout: '1235ms',
      lock_timeout: '1235ms',
      idle_in_transaction_session_timeout: '11235ms',
    });
  });

  it('make text and values mean the same for everybody', () => {
    expect(settings('public')).toMatchObject({
      standard_conforming_strings: 'on',
      transform_null_equals: 'off',
      row_security: 'on',
      datestyle: 'ISO, YMD',
      intervalstyle: 'postgres',
      bytea_output: 'hex',
      extra_float_digits: '1',
    });
  });

  it.each([
    ['"$user", public', '"$user", public, pg_temp'],
    ['', 'pg_temp'],
    ['  ', 'pg_temp'],
    ['pg_temp', 'pg_temp'],
    ['public, pg_temp', 'public, pg_temp'],
    ['"pg_temp",public', '"pg_temp",public'],
    ['PG_TEMP', 'PG_TEMP'],
    ['"PG_TEMP"', '"PG_TEMP", pg_temp'],
    ['pg_temp_3, my_pg_temp', 'pg_temp_3, my_pg_temp, pg_temp'],
  ])('search the temporary schema last, unless the role says where: %j', (given, expected) => {
    expect(settings(given).search_path).toBe(expected);
  });

  it('are not fooled by a schema whose name only holds the word', () => {
    expect(settings('"a pg_temp", public').search_path).toBe('"a pg_temp", public, pg_temp');
    expect(settings('"a, pg_temp", public').search_path).toBe('"a, pg_temp", public, pg_temp');
    expect(settings('"a""pg_temp"').search_path).toBe('"a""pg_temp", pg_temp');
  });
});

import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { environmentName, type SettingRow } from './row.ts';

const rows = Object.entries(AUTH_SETTINGS) as [string, SettingRow][];
const context = {
  folder: '/etc',
  files: memoryFiles({ '/etc/client-documents.json': '{}' }),
};

const PUBLIC_KEY = 'MCowBQYDK2VwAyEAmUmUJAnDi+QP5LfFzLslLktFP0eOQbNLC1wHmjlgSBg=';

describe('the table of names', () => {
  it.each(rows)('%s is complete, and its example is good', (key, row) => {
    expect(row.name).toBe(key);
    expect(row.env).toBe(environmentName(key));
    for (const words of [row.description, row.wrong]) expect(words).toMatch(/^[A-Z`].*[.]$/);
    expect(row.section).not.toBe('');
    if (typeof row.default === 'function' || row.default === undefined)
      expect(row.defaultText, 'says its default in words').toBeTruthy();
    const referred = row.name === 'jwt.publicKey' ? PUBLIC_KEY : 'some-long-value-in-its-place';
    const example = row.example.replace(/^(?:env|file):.*$/, referred);
    expect(row.type.read(example, context)).toHaveProperty('value');
  });

  it('has each variable and each flag once, and no value where there are values below', () => {
    const variables = rows.flatMap(([, row]) => [row.env, ...(row.alsoEnv ?? [])]);
    expect(new Set(variables).size).toBe(variables.length);
    const flags = rows.flatMap(([, row]) => row.flag ?? []);
    expect(new Set(flags).size).toBe(flags.length);
    for (const [name] of rows)
      expect(rows.filter(([other]) => other.startsWith(`${name}.`)).map(([other]) => other)).toEqual([]);
  });

  it('hides what is called a secret', () => {
    const named = rows.filter(([name, row]) => /secret$/i.test(name) && row.type.says !== 'path of a file');
    expect(named.length).toBeGreaterThan(2);
    for (const [name, row] of named) expect([name, row.secret]).toEqual([name, true]);
  });
});

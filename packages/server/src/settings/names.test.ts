import { readFileSync } from 'node:fs';
import { memoryFiles } from '@portcullis/auth/config/memory-files';
import { AUTH_SETTINGS } from '@portcullis/auth/config/names';
import type { SettingRow } from '@portcullis/auth/config/row';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from './names.ts';

const rows = Object.values(SETTINGS) as SettingRow[];
const page = (path: string) => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8');
const context = { folder: '/etc', files: memoryFiles({ '/etc/client-documents.json': '{}' }) };

/** What references in examples could lead to. */
const PLACES: Record<string, string> = {
  'database.url': 'postgres://db/x',
  'database.administratorUrl': 'postgres://db/x',
  'database.sslCa': '-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----',
  'database.sslCertificate': '-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----',
  'jwt.publicKey': 'MCowBQYDK2VwAyEAmUmUJAnDi+QP5LfFzLslLktFP0eOQbNLC1wHmjlgSBg=',
  'database.sslKey': `-----BEGIN ${['PRIVATE', 'KEY'].join(' ')}-----x`,
};

describe('the table of names', () => {
  it('has every row of the library, and no variable or flag twice', () => {
    expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(Object.keys(AUTH_SETTINGS)));
    const variables = rows.flatMap((row) => [row.env, ...(row.alsoEnv ?? [])]);
    expect(new Set(variables).size).toBe(variables.length);
    const flags = rows.flatMap((row) => row.flag ?? []);
    expect(new Set(flags).size).toBe(flags.length);
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s has a good example and words', (name, row) => {
    const example = /^(?:env|file):/.test(row.example)
      ? (PLACES[name] ?? 'some-long-value-in-its-place')
      : row.example;
    expect(row.type.read(example, context)).toHaveProperty('value');
    for (const words of [row.description, row.wrong]) expect(words).toMatch(/^[A-Z`].*[.]$/);
  });

  it('is all that the documents name', () => {
    const known = new Set(rows.flatMap((row) => [row.env, ...(row.alsoEnv ?? [])]));
    for (const path of ['configuration.md', 'reference/settings.md']) {
      const named = page(path).match(/\bPORTCULLIS_[A-Z_]+/g) ?? [];
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('is all in the reference, and the reference has nothing else', () => {
    const headings = [...page('reference/settings.md').matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rows.map((row) => row.name));
  });
});

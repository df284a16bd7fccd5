import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RECORD_KINDS } from './record-kinds.ts';

const SOURCES = fileURLToPath(new URL('../', import.meta.url));
const USE =
  /(?:collection(?:<[^()]*>)?|\.(?:get|put|create|take|update|increment|delete|list))\(\s*'([a-z-]+)',?/g;

/** Kinds by name, where code opens a collection or calls a store. */
function kindsInUse(): Set<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !/\.(test|contract)\.ts$/.test(path),
  );
  const stores = files
    .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
    .filter((source) => /\bStore\b|\bRecords\b/.test(source));
  return new Set(stores.flatMap((source) => Array.from(source.matchAll(USE), ([, kind = '']) => kind)));
}

describe('the table of records', () => {
  it('has a row for every kind that code uses', () => {
    const used = kindsInUse();
    expect(used.size).toBeGreaterThan(1);
    expect([...used].filter((kind) => !(kind in RECORD_KINDS))).toEqual([]);
  });

  it('has names that are safe as names of folders and tables', () => {
    for (const kind of Object.keys(RECORD_KINDS)) expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('says everything about each kind', () => {
    for (const row of Object.values(RECORD_KINDS)) {
      for (const words of [row.purpose, row.key, row.lifetime, row.secrecy]) expect(words).toMatch(/\S/);
      // A list by an index would need the key, which a secret one never gives back.
      if (row.keyIsSecret) expect(row.indexes).toEqual([]);
    }
  });
});

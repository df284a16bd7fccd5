import { readFileSync } from 'node:fs';
import { PRESETS } from '@portcullis/auth/providers/presets';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../settings/names.ts';

const PAGE = readFileSync(new URL('../../../../docs/coming-from.md', import.meta.url), 'utf8');
const names = new Set<string>(Object.values(SETTINGS).map(({ name }) => name));

/** `upstream.preset`, or `consent: off`. */
const SETTING = /^([a-z][A-Za-z]*(?:\.[A-Za-z]+)*)(?:: (\S+))?$/;

/** Of tokens and protocols, and not settings. */
const WORDS = new Set('exp iss login openid permissions prompt remote scope scp sub typ'.split(' '));

interface Row {
  readonly line: string;
  readonly head: readonly string[];
  readonly cells: readonly string[];
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows of all tables, each with the names of its columns. */
function rowsOf(page: string): readonly Row[] {
  const lines = page.split('\n');
  let head: readonly string[] = [];
  return lines.flatMap((line, at) => {
    if (!line.startsWith('|')) return [];
    if (!lines[at - 1]?.startsWith('|')) head = cellsOf(line);
    if (lines[at + 1]?.startsWith('|--') || line.startsWith('|--')) return [];
    return [{ line, head, cells: cellsOf(line) }];
  });
}

const rows = rowsOf(PAGE);
const here = rows
  .filter(({ head }) => head.includes('here'))
  .map((row) => row.cells[row.head.indexOf('here')]!);
const spans = here.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));

describe('docs/coming-from.md', () => {
  it('names only settings that there are', () => {
    const named = spans.flatMap((span) => SETTING.exec(span)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(150);
    expect(named.filter((name) => !names.has(name) && !WORDS.has(name))).toEqual([]);
  });

  it('sets them to what they can be', () => {
    const byName = new Map(Object.values(SETTINGS).map((row) => [row.name as string, row]));
    const context = {
      folder: '/',
      files: { read: () => '', resolve: (...parts: string[]) => parts.join('/') },
    };
    const refused = spans.filter((span) => {
      const [, name = '', value] = SETTING.exec(span) ?? [];
      return value !== undefined && 'fault' in byName.get(name)!.type.read(value, context);
    });
    expect(refused).toEqual([]);
  });

  it('leaves no row of a table without an answer', () => {
    const thin = rows.filter(({ head, cells }) => cells.length !== head.length || cells[0] === '');
    expect(thin.map(({ line }) => line)).toEqual([]);
    expect(here.filter((cell) => cell === '')).toEqual([]);
  });

  it('gives a reason where there is nothing of the kind here', () => {
    const bare = rows.filter(({ head, cells }) => {
      const why = cells[head.indexOf('why')];
      return why === '' && /^none$/.test(cells[head.indexOf('here')] ?? '');
    });
    expect(bare.map(({ line }) => line)).toEqual([]);
  });

  it('has every provider that is known by name, and every option that one has', () => {
    const presets = PRESETS.map(({ id }) => `upstream.preset: ${id}`);
    const options = PRESETS.flatMap(({ options }) => Object.keys(options).map((name) => `upstream.${name}`));
    const said = new Set([...PAGE.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
    expect([...presets, ...options].filter((name) => !said.has(name))).toEqual([]);
  });
});

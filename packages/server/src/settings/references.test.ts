import { memoryFiles } from '@portcullis/auth/config/memory-files';
import { resolveSettings } from '@portcullis/auth/config/resolve';
import type { Raw, SettingRow } from '@portcullis/auth/config/row';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from './names.ts';

/** Every setting that takes a list, a map or a record. */
const rows: readonly SettingRow[] = Object.values<SettingRow>(SETTINGS).filter(({ type }) => type.parts);

/** What a reference must not be: the example with each piece of it in turn behind a reference. */
function* withReferences(raw: Raw): Generator<{ readonly raw: Raw; readonly leaf: string }> {
  if (typeof raw === 'string') {
    if (!/^(?:env|file):/.test(raw)) yield { raw: 'env:LEAF', leaf: raw };
  } else {
    for (const [key, member] of Object.entries(raw as Readonly<Record<string, Raw>>))
      for (const inside of withReferences(member)) {
        const copy: Raw = Array.isArray(raw)
          ? raw.with(Number(key), inside.raw)
          : { ...(raw as object), [key]: inside.raw };
        yield { raw: copy, leaf: inside.leaf };
      }
  }
}

function read(row: SettingRow, given: Raw, form: 'variable' | 'file' | 'text in file', leaf?: string) {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const environment: Record<string, string> = { OTHER: 'o', ...(leaf === undefined ? {} : { LEAF: leaf }) };
  for (const [, name] of text.matchAll(/env:([A-Z_]+)/g))
    if (name !== 'LEAF') environment[name!] = 'x'.repeat(32);
  const yaml = form === 'file' && typeof given !== 'string' ? text : JSON.stringify(text);
  const { settings, problems } = resolveSettings(SETTINGS, {
    flags: {},
    environment: form === 'variable' ? { ...environment, [row.env]: text } : environment,
    ...(form === 'variable' ? {} : { file: { label: 'p.yaml', folder: '/', text: `${row.name}: ${yaml}` } }),
    folder: '/',
    files: memoryFiles(),
  });
  const setting = settings.get(row.name);
  return { value: setting?.value, source: setting?.source, problems };
}

const example = (row: SettingRow) => row.type.parts!(row.example);
describe('references inside lists, maps and records', () => {
  it('are looked for in every setting whose values have pieces', () => {
    const says = /\b(?:list|map|record)\b/;
    const pieces = Object.values<SettingRow>(SETTINGS).filter(({ type }) => says.test(type.says));
    expect(rows.length).toBeGreaterThan(30);
    expect(pieces.filter(({ type }) => !type.parts).map(({ name }) => name)).toEqual([]);
  });

  describe.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    const whole = typeof example(row) === 'string' ? [row.example] : example(row);
    const cases = [...withReferences(whole)];

    it.each(['variable', 'file', 'text in file'] as const)('are followed in a %s', (form) => {
      expect(cases.length).toBeGreaterThan(0);
      const expected = read(row, whole, form);
      expect(expected.problems).toEqual([]);
      for (const { raw, leaf } of cases) {
        const { value, source, problems } = read(row, raw, form, leaf);
        expect({ value, problems }).toEqual({ value: expected.value, problems: [] });
        expect(source).toContain('env:LEAF');
      }
    });

    it.each(['variable', 'file', 'text in file'] as const)('that lead nowhere stop the start: %s', (form) => {
      for (const { raw } of cases) {
        const { value, problems } = read(row, raw, form);
        expect([value, problems]).toEqual([
          undefined,
          [expect.objectContaining({ message: expect.stringContaining('LEAF, which is not set') })],
        ]);
      }
    });

    it('are followed once', () => {
      const { value, problems } = read(row, cases[0]!.raw, 'variable', 'env:OTHER');
      expect(value).toBeUndefined();
      expect(problems).toMatchObject([{ message: expect.stringContaining('leads to a reference') }]);
    });
  });

  describe.each(
    rows
      .filter((row) => Array.isArray(row.type.parts!('a,b')) && !row.type.secretInside)
      .map((row) => [row.name, row] as const),
  )('%s as a line', (_name, row) => {
    it('follows the first and the last of its items', () => {
      const items = [example(row)].flat() as string[];
      const twice = items.length > 1 ? items : [items[0]!, items[0]!];
      const expected = read(row, twice.join(','), 'variable');
      const [first, last] = [twice[0]!, twice.at(-1)!];
      for (const form of ['variable', 'file'] as const) {
        const begins = read(row, ['env:LEAF', ...twice.slice(1)].join(','), form, first);
        expect(begins.value).toEqual(expected.value);
        expect(read(row, [...twice.slice(0, -1), 'env:LEAF'].join(','), form, last)).toMatchObject({
          value: expected.value,
          problems: [],
        });
      }
    });

    it('may be behind a reference as a whole', () => {
      expect(read(row, 'env:LEAF', 'variable', row.example).value).toEqual(
        read(row, row.example, 'variable').value,
      );
    });
  });
});

describe('references inside members', () => {
  const given = (name: string, value: string, more: Record<string, string> = {}) =>
    resolveSettings(SETTINGS, {
      flags: {},
      environment: { [name]: value, ...more },
      folder: '/',
      files: memoryFiles(),
    });

  it('name the member that leads nowhere, and hide none that is wrong elsewhere', () => {
    const { problems } = given(
      'PORTCULLIS_MORE_PROVIDERS',
      '[{"id": "a", "clientSecret": "env:NOPE", "scopes": "openid env:NOPE2"}, {"id": "b", "clientSecrt": "x"}]',
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'The value is wrong at 1.clientSecret: it refers to the variable NOPE, which is not set.',
      'The value is wrong at 1.scopes.2: it refers to the variable NOPE2, which is not set.',
      'The value has a wrong item, number 2: it has a member of no such name: clientSecrt.',
    ]);
  });

  it('never tell a token that stands for a name', () => {
    const { problems } = given('PORTCULLIS_STATIC_TOKENS', '{"hunter2": {"clientId": "env:NOPE"}}');
    expect(problems[0]!.message).toContain('1.clientId');
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it.each([
    ['PORTCULLIS_STATIC_TOKENS', '{"t": {"clientId": "c", "subject": "s", "scopes": "a env:LEAF"}}'],
    ['PORTCULLIS_SCOPES_HIERARCHY', '{"b": "a,env:LEAF"}'],
    ['PORTCULLIS_MORE_VERIFIERS', '[{"kind": "jwt", "audience": "a,env:LEAF"}]'],
    ['PORTCULLIS_MORE_VERIFIERS', '[{"kind": "env:JWT", "audience": "a,env:LEAF"}]'],
    ['PORTCULLIS_CLIENTS', '[{"id": "a", "redirectUris": "https://a.example env:URL"}]'],
  ])('are followed in lists within them that are text: %s %s', (name, value) => {
    const { settings, problems } = given(name, value, {
      LEAF: 'leaf',
      JWT: 'jwt',
      URL: 'https://leaf.example',
    });
    expect(problems).toEqual([]);
    expect(JSON.stringify([...settings.values()].find(({ source }) => source !== 'default'))).toMatch(
      /"(?:https:..)?leaf(?:\.example)?"/,
    );
  });

  it('are refused in client documents that are written as text', () => {
    const { problems } = given('PORTCULLIS_CIMD', '{"https://a.example/c": {"client_name": "env:LEAF"}}');
    expect(problems[0]!.message).toContain('reference');
  });
});

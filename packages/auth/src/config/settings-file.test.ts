import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionalSetting, section } from './row.ts';
import { readSettingsFile } from './settings-file.ts';
import { text } from './value-types.ts';

const row = (inFile = true) =>
  optionalSetting({ type: text(), inFile, description: 'd', example: 'e', wrong: 'w' });
const table = section('S', {
  port: row(),
  config: row(false),
  'upstream.clientId': row(),
  'upstream.clientSecret': row(),
  'upstream.endpoints.token': row(),
});
const read = (yaml: string) => readSettingsFile(table, { label: 'p.yaml', folder: '/etc', text: yaml });

describe('readSettingsFile', () => {
  it('reads sections, nested or with dots, and knows the lines', () => {
    const { values, problems } = read(
      'port: 1\n# a comment\nupstream:\n  clientId: a\n  endpoints:\n    token: t\nupstream.clientSecret: s\n',
    );
    expect(problems).toEqual([]);
    expect([...values].map(([name, value]) => [name, value.raw, value.source])).toEqual([
      ['port', '1', 'p.yaml:1'],
      ['upstream.clientId', 'a', 'p.yaml:4'],
      ['upstream.endpoints.token', 't', 'p.yaml:6'],
      ['upstream.clientSecret', 's', 'p.yaml:7'],
    ]);
  });

  it.each(['', '# nothing\n', '---\n', '{}'])('an empty file (%j) sets nothing', (yaml) => {
    expect(read(yaml)).toMatchObject({ problems: [] });
  });

  it.each([
    ['prot: 1', 'prot', 'p.yaml:1', 'Did you mean port?'],
    ['\nupstream:\n  clientID2: 1', 'upstream.clientID2', 'p.yaml:3', 'Did you mean upstream.clientId?'],
    ['clientSecret: 1', 'clientSecret', 'p.yaml:1', 'Did you mean upstream.clientSecret?'],
    ['config: x', 'config', 'p.yaml:1', ''],
    ['port:', 'port', 'p.yaml:1', 'Give it a value'],
    ['upstream:', 'upstream', 'p.yaml:1', 'Fill it'],
    ['upstream: x', 'upstream', 'p.yaml:1', 'upstream.clientId'],
    ['port: 1\nport: 2', 'port', 'p.yaml:2', 'Remove one'],
    ['upstream: {clientId: a}\nupstream.clientId: b', 'upstream.clientId', 'p.yaml:2', 'Remove one'],
    ['port: {a: 1, a: 2}', 'port', 'p.yaml:1', 'plain'],
    ['[x]: 1', 'p.yaml', 'p.yaml:1', 'plain'],
    ['- a', 'p.yaml', 'p.yaml:1', 'name: value'],
    ['port: 1\nupstream: [\n', 'p.yaml', 'p.yaml:', 'Mend'],
    ['port: !secret x', 'p.yaml', 'p.yaml:1', 'Mend'],
    ['port: 1\n---\nport: 2', 'p.yaml', 'p.yaml:', 'Mend'],
  ])('%j is a problem with its line', (yaml, setting, source, remedy) => {
    const { problems } = read(yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ setting, source: expect.stringContaining(source) });
    expect(problems[0]?.remedy).toContain(remedy);
  });

  it('does not show the lines of a broken file, which may hold secrets', () => {
    const { problems } = read('upstream:\n  clientSecret: "hunter2\n  x: [');
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('bounds the size of the file', () => {
    expect(read(`port: ${'1'.repeat(1_048_577)}`).problems).toHaveLength(1);
  });

  it('never throws, and never sets what is not in the table', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        'port: 1',
        'upstream:',
        '  clientId: a',
        '  - b',
        'a: {b: [c',
        '? x',
        ': y',
        '<<: *a',
        '&a x: 1',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        for (const name of read(lines.join('\n')).values.keys()) expect(table).toHaveProperty([name]);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { memoryFiles } from './memory-files.ts';
import { resolveSettings, type Sources, typedSettings } from './resolve.ts';
import { optionalSetting, section, setting } from './row.ts';
import { listOf, text, wholeNumber } from './value-types.ts';

const words = { description: 'd', example: '1', wrong: 'w' };
const table = section('S', {
  port: setting({
    type: wholeNumber({ min: 1, max: 99 }),
    flag: '--port <number>',
    alsoEnv: ['PORT'],
    default: 8,
    ...words,
  }),
  url: setting({ type: text(), default: ({ value }) => `http://h:${value('port') ?? '?'}`, ...words }),
  'a.secret': optionalSetting({ type: text({ min: 8 }), secret: true, ...words }),
  'a.list': setting<readonly string[]>({
    type: listOf(text({ pattern: /^[a-z]+$/ })),
    default: [],
    ...words,
  }),
});

function resolve(given: Partial<Sources> & { yaml?: string } = {}) {
  const { yaml, ...rest } = given;
  return resolveSettings(table, {
    flags: {},
    environment: {},
    folder: '/work',
    files: memoryFiles({ '/etc/s': 'from-the-file\n' }),
    ...(yaml === undefined ? {} : { file: { label: 'p.yaml', folder: '/etc', text: yaml } }),
    ...rest,
  });
}

describe('resolveSettings', () => {
  it('prefers the flag, then the environment, then the file, then the default', () => {
    fc.assert(
      fc.property(
        fc.record({ flag: fc.boolean(), own: fc.boolean(), other: fc.boolean(), file: fc.boolean() }),
        ({ flag, own, other, file }) => {
          const { settings, problems } = resolve({
            flags: flag ? { port: '1' } : {},
            environment: { ...(own ? { PORTCULLIS_PORT: '2' } : {}), ...(other ? { PORT: '3' } : {}) },
            yaml: file ? 'port: 4' : '',
          });
          expect(problems).toEqual([]);
          const expected = flag
            ? [1, '--port']
            : own || other
              ? [own ? 2 : 3, 'environment']
              : file
                ? [4, 'p.yaml:1']
                : [8, 'default'];
          expect([settings.get('port')?.value, settings.get('port')?.source]).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('computes defaults from other settings', () => {
    expect(resolve({ flags: { port: '9' } }).settings.get('url')?.value).toBe('http://h:9');
    expect(resolve({ flags: { port: 'x' } }).settings.get('url')?.value).toBe('http://h:?');
  });

  it('says where a reference led', () => {
    const { settings } = resolve({
      yaml: 'a:\n  secret: file:s\n  list: [env:X, y]',
      environment: { X: 'x' },
    });
    expect(settings.get('a.secret')).toMatchObject({
      value: 'from-the-file',
      source: 'p.yaml:2 (file:s)',
    });
    expect(settings.get('a.list')).toMatchObject({ value: ['x', 'y'], source: 'p.yaml:3 (env:X)' });
  });

  it('reports all problems at once, each with setting, source and remedy', () => {
    const { problems } = resolve({
      flags: { port: '0' },
      environment: { PORTCULLIS_URL: 'env:NOPE', PORTCULLIS_X: '1' },
      yaml: 'prot: 1\na:\n  list: [A]',
    });
    expect(problems.map((p) => [p.setting, p.source])).toEqual([
      ['PORTCULLIS_X', 'environment'],
      ['prot', 'p.yaml:1'],
      ['--port', '--port'],
      ['PORTCULLIS_URL', 'environment'],
      ['a.list', 'p.yaml:3'],
    ]);
    expect(problems.every((p) => p.remedy !== '' && p.message !== '')).toBe(true);
  });

  it('quotes what was written, but neither secrets nor what references led to', () => {
    const { problems } = resolve({
      flags: { port: 'eighty' },
      environment: { PORTCULLIS_A_SECRET: 'hunter2', PORTCULLIS_A_LIST: 'env:Y', Y: 'HUNTER3' },
    });
    const all = JSON.stringify(problems);
    expect(problems).toHaveLength(3);
    expect(all).toContain('eighty');
    expect(all).not.toMatch(/hunter/i);
  });

  it('has no default in force for a setting that is wrong', () => {
    expect(resolve({ flags: { port: 'x' } }).settings.has('port')).toBe(false);
    expect(resolve({ environment: { PORTCULLIS_PORT: '' } }).settings.has('port')).toBe(false);
    expect(resolve({ environment: { PORT: 'x' } }).settings.has('port')).toBe(false);
    expect(resolve({ yaml: 'port:' }).settings.has('port')).toBe(false);
  });
});

describe('typedSettings', () => {
  it('nests the values', () => {
    const settings = typedSettings(table, resolve({ yaml: 'a: {list: x}' }));
    expect(settings).toEqual({ port: 8, url: 'http://h:8', a: { secret: undefined, list: ['x'] } });
    expect(settings.a.list[0]).toBe('x');
  });

  it('throws all problems', () => {
    const wrong = resolve({ flags: { port: 'x' }, yaml: 'b: 1' });
    expect(() => typedSettings(table, wrong)).toThrow(OperatorError);
  });
});

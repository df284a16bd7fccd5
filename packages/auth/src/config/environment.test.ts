import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';
import { section, setting } from './row.ts';
import { wholeNumber } from './value-types.ts';

const words = { description: 'd', example: '1', wrong: 'w' };
const type = wholeNumber({ min: 1, max: 9 });
const table = section('S', {
  port: setting({ type, default: 1, alsoEnv: ['PORT'], ...words }),
  'a.maxRows': setting({ type, default: 1, ...words }),
});
const read = (environment: Record<string, string>) => readEnvironment(table, environment, '/work');

describe('readEnvironment', () => {
  it('takes our own name before the one of others', () => {
    expect(read({ PORT: '2', PORTCULLIS_PORT: '3' }).values.get('port')).toMatchObject({
      raw: '3',
      writtenName: 'PORTCULLIS_PORT',
      source: 'environment',
    });
    expect(read({ PORT: '2' }).values.get('port')).toMatchObject({ raw: '2', writtenName: 'PORT' });
  });

  it('refuses an empty value of ours, and overlooks one of others', () => {
    expect(read({ PORTCULLIS_PORT: '' }).problems).toMatchObject([{ setting: 'PORTCULLIS_PORT' }]);
    expect(read({ PORT: '' })).toMatchObject({ problems: [] });
  });

  it.each(['"5"', "'5'", '""'])(
    'refuses a value in quotes, as files for containers leave them: %s',
    (raw) => {
      const { problems, values } = read({ PORTCULLIS_PORT: raw });
      expect(problems).toMatchObject([
        { setting: 'PORTCULLIS_PORT', message: expect.stringContaining('quotes') },
      ]);
      expect(values.size).toBe(0);
      expect(read({ PORTCULLIS_PORT: '"5' }).problems).toEqual([]);
    },
  );

  it.each([
    ['PORTCULLIS_PROT', 'PORTCULLIS_PORT'],
    ['PORTCULIS_PORT', 'PORTCULLIS_PORT'],
    ['portcullis_port', 'PORTCULLIS_PORT'],
    ['PORTCULLIS_MAX_ROWS', 'PORTCULLIS_A_MAX_ROWS'],
  ])('asks at %s whether %s was meant', (name, meant) => {
    const { problems, values } = read({ [name]: '1' });
    expect(problems).toMatchObject([{ setting: name, source: 'environment' }]);
    expect(problems[0]?.remedy).toContain(meant);
    expect(values.size).toBe(0);
  });

  it('leaves the variables of others alone', () => {
    expect(read({ PATH: '/bin', PORT_RANGE: '1', NODE_ENV: 'x', PORTAL_URL: 'y' }).problems).toEqual([]);
  });

  it('reports every name with our prefix that is no setting', () => {
    const name = fc.string({ unit: fc.constantFrom('A', 'M', '_', 'Z'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(name, (rest) => {
        expect(read({ [`PORTCULLIS_${rest}`]: 'x' }).problems).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
  });
});

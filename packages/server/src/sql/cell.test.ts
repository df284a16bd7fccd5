import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCell } from './cell.ts';

describe('a value', () => {
  it.each([
    [null, 'text', null],
    [null, 'boolean', null],
    ['', 'text', ''],
    ['t', 'boolean', true],
    ['f', 'boolean', false],
    ['true', 'boolean', 'true'],
    ['t', 'text', 't'],
    ['32767', 'smallint', 32_767],
    ['-1', 'integer', -1],
    ['4294967295', 'oid', 4_294_967_295],
    ['0.1', 'double precision', 0.1],
    ['1e-320', 'double precision', 1e-320],
    ['-0', 'double precision', '-0'],
    ['NaN', 'real', 'NaN'],
    ['Infinity', 'real', 'Infinity'],
    ['-Infinity', 'double precision', '-Infinity'],
    ['1', 'bigint', '1'],
    ['1.10', 'numeric', '1.10'],
    ['1', 'numeric(10,2)', '1'],
    ['{1,2}', 'integer[]', '{1,2}'],
    ['2026-01-02', 'date', '2026-01-02'],
    ['{"a":1}', 'jsonb', '{"a":1}'],
  ])('%j of type %s is %j', (text, type, cell) => expect(toCell(text, type)).toBe(cell));

  it('says the same after JSON as before, whatever it is', () => {
    const type = fc.constantFrom(
      'smallint',
      'integer',
      'oid',
      'real',
      'double precision',
      'bigint',
      'boolean',
      'text',
    );
    const text = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.constantFrom('t', 'f'),
    );
    fc.assert(
      fc.property(text, type, (given, of) => {
        const cell = toCell(given, of);
        expect(JSON.parse(JSON.stringify(cell))).toBe(cell);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every number of the server that becomes a number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(toCell(String(number), 'double precision'))).toBe(
          number === 0 ? Number(String(number)) : number,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWrappedResult } from './wrapped-result.ts';

const head = '{"names":["n","t"],"types":["integer","text"]}';

describe('the lines of a wrapper', () => {
  it('are nothing when there are none', () => {
    const empty = { columns: [], rows: [], rowCount: 0, truncated: false };
    expect(readWrappedResult([], 10)).toEqual(empty);
    expect(readWrappedResult([null], 10)).toEqual(empty);
  });

  it('tell the columns, also without a row', () => {
    expect(readWrappedResult([head], 10)).toEqual({
      columns: [
        { name: 'n', type: 'integer' },
        { name: 't', type: 'text' },
      ],
      rows: [],
      rowCount: 0,
      truncated: false,
    });
  });

  it('have types of text where none are told', () => {
    const { columns, rows } = readWrappedResult(
      ['{"names":["QUERY PLAN"],"types":null}', '("Seq Scan")'],
      10,
    );
    expect([columns, rows]).toEqual([[{ name: 'QUERY PLAN', type: 'text' }], [['Seq Scan']]]);
    expect(readWrappedResult(['{"names":["a"],"types":[null]}'], 10).columns).toEqual([
      { name: 'a', type: 'text' },
    ]);
  });

  it.each([
    [1, false],
    [2, false],
    [3, true],
    [9, true],
  ])('with %i rows and a limit of 2 are cut off: %s', (count, truncated) => {
    const lines = [head, ...Array.from({ length: count }, (_, i) => `(${i},x)`)];
    const result = readWrappedResult(lines, 2);
    expect(result).toMatchObject({ rowCount: Math.min(count, 2), truncated });
    expect(result.rows.at(-1)).toEqual([Math.min(count, 2) - 1, 'x']);
  });

  it('may have rows without columns', () => {
    const result = readWrappedResult(['{"names":[],"types":[]}', '()', '()'], 10);
    expect(result).toEqual({ columns: [], rows: [[], []], rowCount: 2, truncated: false });
  });

  it('that are none are an error, never a result', () => {
    for (const lines of [['no JSON'], [head, 'no record'], [head, null]])
      expect(() => readWrappedResult(lines, 10)).toThrow(SyntaxError);
  });

  it('are a result or a SyntaxError, whatever they are', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(head, '(1,x)', '("a,""b",)', '()', null));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.nat(5), (lines, maxRows) => {
        try {
          const result = readWrappedResult([head, ...lines], maxRows);
          expect(result.rowCount).toBe(Math.min(lines.length, maxRows));
          expect(result.rows.every((row) => row.length === 2)).toBe(true);
          expect(result.truncated).toBe(lines.length > maxRows);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyLine } from './pretty.ts';

describe('prettyLine', () => {
  it('is one line with time, level, message and fields', () => {
    const json = JSON.stringify({
      level: 'warn',
      time: '2026-01-01T12:34:56.789Z',
      msg: 'refused',
      reason: 'token.expired',
      expected: ['a', 'b'],
      detail: { n: 1 },
      name: 'A B',
    });
    expect(prettyLine(json, false)).toBe(
      '12:34:56 warn  refused  reason=token.expired  expected=a,b  detail={"n":1}  name="A B"\n',
    );
  });

  it('has colours where they are wanted', () => {
    expect(prettyLine('{"level":"error","msg":"x"}', true)).toContain('\u001b[31m');
  });

  it('can not be forged into two lines, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.string({ unit: 'binary' }),
        (fields, msg) => {
          const line = prettyLine(JSON.stringify({ ...fields, level: 'info', msg }), false);
          expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(line.endsWith('\n')).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

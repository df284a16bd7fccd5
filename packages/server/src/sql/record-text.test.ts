import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordText } from './record-text.ts';

/** As the server writes a composite value. */
function write(fields: readonly (string | null)[]): string {
  const quoted = (field: string) =>
    field === '' || /[\s"\\(),]/.test(field)
      ? `"${field.replaceAll(/["\\]/g, (character) => character + character)}"`
      : field;
  return `(${fields.map((field) => (field === null ? '' : quoted(field))).join(',')})`;
}

describe('the text of a composite value', () => {
  it.each([
    ['()', [null]],
    ['("")', ['']],
    ['(,)', [null, null]],
    ['(1,"a ""b""",,"\\\\")', ['1', 'a "b"', null, '\\']],
    ['("(1,""x y"")",t)', ['(1,"x y")', 't']],
    ['(" ","\n")', [' ', '\n']],
  ])('%j', (text, fields) => {
    expect(parseRecordText(text)).toEqual(fields);
  });

  it('reads back whatever was written', () => {
    const field = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'"\\(), \na') }),
    );
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 8 }), (fields) => {
        expect(parseRecordText(write(fields))).toEqual(fields);
      }),
      { numRuns: 1000 },
    );
  });

  it('ends with a result or a SyntaxError for anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'"\\(),a ') }), (text) => {
        try {
          expect(Array.isArray(parseRecordText(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['', 'x', '(', '("', '("a', '("a"b)', '("\\a")'])('refuses %j', (text) => {
    expect(() => parseRecordText(text)).toThrow(SyntaxError);
  });
});

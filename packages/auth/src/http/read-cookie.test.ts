import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieNames, readCookie } from './read-cookie.ts';

const NAME = '__Host-portcullis';
/** Every character a header can have on Node: one for each byte. */
const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

describe('a cookie of a request', () => {
  it('is found among others, with everything behind the first equals sign', () => {
    expect(readCookie(`a=b; ${NAME}=x=y;c`, NAME)).toBe('x=y');
    expect(readCookie(`${NAME}=`, NAME)).toBe('');
    for (const header of [null, '', ';', NAME, `a=${NAME}`, `x${NAME}=1`, `${NAME}x=1`, `"${NAME}"=1`])
      expect(readCookie(header, NAME)).toBeUndefined();
  });

  it('[PX-3] has the name that a browser gave it: only spaces and tabs are no part of it', () => {
    const taken = bytes.filter((byte) => readCookie(`a=b;${byte}${NAME}=x`, NAME) === 'x');
    expect(taken).toEqual(['\t', ' ', ';']);
    const ended = bytes.filter((byte) => readCookie(`${NAME}${byte}=x`, NAME) !== undefined);
    expect(ended).toEqual(['=']);
    expect(readCookie('a=x\u00a0\t ;b', 'a')).toBe('x\u00a0');
    for (const wide of ['\u2003', '\u2028', '\ufeff'])
      expect(readCookie(`${wide}${NAME}=x`, NAME)).toBeUndefined();
  });

  it('counts as absent when its name comes twice, whatever the values', () => {
    expect(readCookie(`${NAME}=x; ${NAME}=y`, NAME)).toBeUndefined();
    expect(readCookie(`${NAME}=x; ${NAME}=x`, NAME)).toBeUndefined();
    expect(readCookie(`${NAME}; ${NAME}=x`, NAME)).toBeUndefined();
    expect(readCookie(`${NAME}=x; \u00a0${NAME}=y`, NAME)).toBe('x');
  });

  it('is there for any header exactly when one name is its own', () => {
    const pair = fc.tuple(
      fc.constantFrom('a', 'b', '\u00a0a', 'A', ''),
      fc.constantFrom('=1', '=2', '', '=3=4'),
    );
    fc.assert(
      fc.property(
        fc.array(pair, { maxLength: 6 }),
        fc.constantFrom(';', '; ', ' ;\t'),
        (pairs, separator) => {
          const header = pairs.map(([name, rest]) => name + rest).join(separator);
          const own = pairs.filter(([name]) => name === 'a');
          const expected = own.length === 1 && own[0]![1] !== '' ? own[0]![1].slice(1) : undefined;
          expect(readCookie(header, 'a')).toBe(expected);
          if (pairs.length > 0) expect(cookieNames(header)).toEqual(pairs.map(([name]) => name));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

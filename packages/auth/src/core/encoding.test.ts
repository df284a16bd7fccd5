import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equalBytes,
  equalText,
  fromBase64Url,
  fromUtf8,
  lengthPrefixed,
  sha256,
  sha256Text,
  toBase64Url,
  utf8,
} from './encoding.ts';

const runs = { numRuns: 1000 };

describe('encodings', () => {
  it('base64url goes there and back, and has one spelling for each value', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
      runs,
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: fc.constantFrom(...'ABab01-_=+/ \n') })),
        (text) => {
          const bytes = fromBase64Url(text);
          if (bytes) expect(toBase64Url(bytes)).toBe(text);
        },
      ),
      runs,
    );
    for (const text of ['A', 'AA=', 'AA==', 'AB', 'A+', 'A/', 'AA\n', ' AA', 'é'])
      expect(fromBase64Url(text)).toBeUndefined();
  });

  it('encodes the part of a larger buffer that it is given', () => {
    expect(toBase64Url(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toBe(
      toBase64Url(new Uint8Array([2, 3])),
    );
  });

  it('takes no bytes that are not UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromUtf8(utf8(`x${text}`))).toBe(`x${text}`);
      }),
      runs,
    );
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
      expect(() => fromUtf8(new Uint8Array(bytes))).toThrow(TypeError);
  });

  it('joins two different lists never to the same bytes', () => {
    const lists = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const same = Buffer.from(lengthPrefixed(a)).equals(Buffer.from(lengthPrefixed(b)));
        expect(same).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      runs,
    );
    expect(lengthPrefixed(['a', new Uint8Array([98])])).toEqual(lengthPrefixed(['a', 'b']));
  });

  it('compares like ===, whatever the lengths', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(equalText(a, b)).toBe(a === b);
        expect(equalText(a, a)).toBe(true);
        expect(equalBytes(utf8(a), utf8(b))).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
      runs,
    );
  });

  it('hashes as RFC 7636 appendix B does', () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect(sha256Text(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
    expect(toBase64Url(sha256(utf8(verifier)))).toBe(sha256Text(verifier));
  });
});

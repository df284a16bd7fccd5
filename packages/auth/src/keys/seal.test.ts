import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../core/encoding.ts';
import { systemRandom } from '../core/random.ts';
import { deriveKey, hkdf, LABELS } from './derive.ts';
import { KID_BYTES, openWith, SEAL_OVERHEAD_BYTES, sealedWithKid, sealWith } from './seal.ts';

const key = { kid: systemRandom.bytes(KID_BYTES), bytes: systemRandom.bytes(32) };
const seal = (context: readonly string[], plaintext: Uint8Array) =>
  sealWith(key, systemRandom, context, plaintext);
const open = (context: readonly string[], sealed: Uint8Array) => openWith(key.bytes, context, sealed);

describe('a sealed value', () => {
  it('opens to what was sealed, for its context', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.uint8Array({ maxLength: 300 }), (context, plaintext) => {
        const sealed = seal(context, plaintext);
        expect(sealed).toHaveLength(plaintext.length + SEAL_OVERHEAD_BYTES);
        expect(sealedWithKid(sealed)).toBe(toBase64Url(key.kid));
        expect(Buffer.from(open(context, sealed)!).equals(plaintext)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not open for any other context, however the parts are joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (context, other) => {
        fc.pre(JSON.stringify(context) !== JSON.stringify(other));
        expect(open(other, seal(context, new Uint8Array(3)))).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
    const sealed = seal(['ab', 'c'], new Uint8Array(3));
    for (const other of [['a', 'bc'], ['abc'], ['ab', 'c', ''], ['c', 'ab']])
      expect(open(other, sealed)).toBeUndefined();
  });

  it('does not open after any change of any bit', () => {
    const sealed = seal(['here'], systemRandom.bytes(20));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = sealed.with(bit >> 3, sealed[bit >> 3]! ^ (1 << (bit & 7)));
      // The version and the name of the key say which key to use; with the wrong one nothing opens.
      if (sealedWithKid(changed) === sealedWithKid(sealed)) expect(open(['here'], changed)).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      const cut = sealed.subarray(0, length);
      if (sealedWithKid(cut) !== undefined) expect(open(['here'], cut)).toBeUndefined();
    }
    expect(sealedWithKid(new Uint8Array())).toBeUndefined();
  });

  it('is different every time', () => {
    const values = Array.from({ length: 100 }, () => toBase64Url(seal(['here'], new Uint8Array(16))));
    expect(new Set(values).size).toBe(100);
  });
});

describe('derived keys', () => {
  it('are what HKDF says', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.string({ maxLength: 30 }),
        fc.integer({ min: 1, max: 64 }),
        (input, salt, info, length) => {
          const expected = Buffer.from(hkdfSync('sha256', input, salt, info, length));
          expect(Buffer.from(hkdf(input, salt, info, length)).equals(expected)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
    expect(() => hkdf(new Uint8Array(32), new Uint8Array(32), '', 65)).toThrow(RangeError);
  });

  it('match test case 3 of RFC 5869: no salt, no info', () => {
    const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
    const output = hkdf(hex('0b'.repeat(22)), new Uint8Array(32), '', 42);
    expect(Buffer.from(output).toString('hex')).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });

  it('differ from label to label', () => {
    const master = systemRandom.bytes(32);
    const keys = Object.values(LABELS).map((label) => toBase64Url(deriveKey(master, label)));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

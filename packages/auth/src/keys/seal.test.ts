import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../core/encoding.ts';
import { systemRandom } from '../core/random.ts';
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

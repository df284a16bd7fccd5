import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../core/encoding.ts';
import { systemRandom } from '../core/random.ts';
import { deriveKey, hkdf, LABELS } from './derive.ts';

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

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HMAC_ALGORITHMS, readSharedSecret, SharedSecretFault } from './shared-secret.ts';

const NEEDED = { HS256: 32, HS384: 48, HS512: 64 } as const;

describe('a shared secret', () => {
  it('is the same bytes in every encoding, and at least as long as the longest hash', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom('hex', 'base64', 'base64url'),
        fc.subarray([...HMAC_ALGORITHMS], { minLength: 1 }),
        (bytes, encoding, algorithms) => {
          const text = Buffer.from(bytes).toString(encoding);
          const read = () => readSharedSecret(text, encoding, algorithms);
          const needed = Math.max(...algorithms.map((name) => NEEDED[name]));
          if (bytes.length < needed) expect(read).toThrow(SharedSecretFault);
          else expect(Buffer.from(read()).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is counted in bytes when it is text', () => {
    expect(readSharedSecret('ä'.repeat(16), 'text', ['HS256'])).toHaveLength(32);
    expect(() => readSharedSecret('x'.repeat(31), 'text', ['HS256'])).toThrow('It has 31 bytes');
  });

  it('is refused in another encoding than it was said to have, without being shown', () => {
    const secret = `${randomBytes(40).toString('hex')}!`;
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(() => readSharedSecret(secret, encoding, ['HS256'])).toThrow(`It is not ${encoding}.`);
    }
  });

  it('[G9] is never a key of a key pair', () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----';
    expect(() => readSharedSecret(pem, 'text', ['HS256'])).toThrow('key pair');
  });
});

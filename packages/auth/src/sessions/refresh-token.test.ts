import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../core/random.ts';
import { isRefreshTokenOf, makeRefreshToken, parseRefreshToken } from './refresh-token.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ids = fc.string({ unit: fc.constantFrom(...BASE64URL), minLength: 22, maxLength: 22 });
const secrets = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const keys = fc.record({ sessionId: ids, secret: secrets, issuer: fc.webUrl() });
const generations = fc.integer({ min: 1, max: 9_999_999_999 });

describe('a refresh token', () => {
  it('is the same text every time, comes apart again, and is proven', () => {
    fc.assert(
      fc.property(keys, generations, (key, generation) => {
        const token = makeRefreshToken(key, generation);
        expect(makeRefreshToken(key, generation)).toBe(token);
        const parts = parseRefreshToken(token)!;
        expect(parts).toMatchObject({ sessionId: key.sessionId, generation });
        expect(isRefreshTokenOf(key, parts)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('proves nothing for another session, secret, issuer or generation', () => {
    fc.assert(
      fc.property(keys, keys, generations, generations, (key, other, generation, another) => {
        const parts = parseRefreshToken(makeRefreshToken(key, generation))!;
        for (const part of ['sessionId', 'secret', 'issuer'] as const) {
          if (key[part] === other[part]) continue;
          expect(isRefreshTokenOf({ ...key, [part]: other[part] }, parts)).toBe(false);
        }
        if (another !== generation)
          expect(isRefreshTokenOf(key, { ...parts, generation: another })).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is not taken when one character of it is another', () => {
    const key = {
      sessionId: 's'.repeat(22),
      secret: Buffer.from(systemRandom.bytes(32)).toString('base64url'),
      issuer: 'https://a.example',
    };
    const token = makeRefreshToken(key, 12);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(token[at] !== character);
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        const parts = parseRefreshToken(changed);
        const sameSession = parts?.sessionId === key.sessionId;
        expect(parts !== undefined && sameSession && isRefreshTokenOf(key, parts)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('has one spelling: what parses is what is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc
            .tuple(
              ids,
              fc.string({ unit: fc.constantFrom(...'0123456789+-e. '), maxLength: 12 }),
              fc.string({ unit: fc.constantFrom(...BASE64URL, '='), minLength: 41, maxLength: 45 }),
            )
            .map((parts) => `pcr.${parts.join('.')}`),
        ),
        (text) => {
          const parts = parseRefreshToken(text);
          if (!parts) return;
          const mac = Buffer.from(parts.mac).toString('base64url');
          expect(`pcr.${parts.sessionId}.${parts.generation}.${mac}`).toBe(text);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('has no generation that is zero, negative, padded or beyond ten digits', () => {
    const mac = 'A'.repeat(43);
    for (const generation of ['0', '-1', '01', '1.0', '1e3', '12345678901', '']) {
      expect(parseRefreshToken(`pcr.${'s'.repeat(22)}.${generation}.${mac}`)).toBeUndefined();
    }
    expect(parseRefreshToken(`pcr.${'s'.repeat(22)}.1.${mac}`)).toBeDefined();
  });
});

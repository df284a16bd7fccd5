import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issuerOf } from './token-form.ts';

const jwt = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;

describe('what a token claims to be', () => {
  it('is its issuer, nothing where a JWT has none, and no JWT otherwise', () => {
    expect(issuerOf(jwt('{"iss":"https://a.example"}'))).toBe('https://a.example');
    for (const payload of ['{}', '{"iss":1}', '{"iss":null}', '[]'])
      expect(issuerOf(jwt(payload))).toBeNull();
    for (const token of [
      '',
      'opaque',
      'a.b',
      'a.b.c',
      'a.b.c.d',
      jwt('"text"'),
      jwt('null'),
      jwt('{'),
      `${jwt('{}')}.x`,
      'e30.\xff.c',
    ])
      expect(issuerOf(token)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map(jwt),
          fc.uint8Array().map((bytes) => `a.${Buffer.from(bytes).toString('base64url')}.c`),
        ),
        (token) => {
          const issuer = issuerOf(token);
          expect(issuer === undefined || issuer === null || typeof issuer === 'string').toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

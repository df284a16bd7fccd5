import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeChallenge, isCodeChallenge, isCodeVerifier, verifyPkce } from './pkce.ts';

const UNRESERVED = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'];
const verifiers = fc.string({ unit: fc.constantFrom(...UNRESERVED), minLength: 43, maxLength: 128 });

describe('the example of RFC 7636, appendix B', () => {
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

  it('matches', () => {
    expect(codeChallenge(verifier)).toBe(challenge);
    expect(verifyPkce(verifier, challenge)).toBe(true);
  });

  it('does not match by the plain method', () => {
    expect(verifyPkce(verifier, verifier)).toBe(false);
  });
});

describe('syntax', () => {
  it.each([
    ['too short', 'a'.repeat(42), false],
    ['shortest', 'a'.repeat(43), true],
    ['longest', 'a'.repeat(128), true],
    ['too long', 'a'.repeat(129), false],
    ['with a plus sign', `${'a'.repeat(43)}+`, false],
    ['with a line end', `${'a'.repeat(43)}\n`, false],
  ])('of a verifier: %s', (_, text, ok) => expect(isCodeVerifier(text)).toBe(ok));

  it.each([
    ['a hash', codeChallenge('x'), true],
    ['empty', '', false],
    ['padded', `${codeChallenge('x')}=`, false],
    ['42 characters', 'A'.repeat(42), false],
    ['spare bits that are not zero', `${'A'.repeat(42)}B`, false],
  ])('of a challenge: %s', (_, text, ok) => expect(isCodeChallenge(text)).toBe(ok));
});

it('accepts the verifier of a challenge and no other', () => {
  fc.assert(
    fc.property(verifiers, verifiers, (one, other) => {
      const challenge = codeChallenge(one);
      expect(verifyPkce(one, challenge)).toBe(true);
      expect(verifyPkce(other, challenge)).toBe(one === other);
    }),
    { numRuns: 1000 },
  );
});

it('answers false, and never throws, for any two texts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (verifier, challenge) => {
      expect(verifyPkce(verifier, challenge)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

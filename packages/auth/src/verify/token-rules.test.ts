import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { checkAudience, checkClaimRules, checkKind, checkTimes } from './token-rules.ts';

const RESOURCE = 'https://mcp.example.com/mcp';
const reason = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return 'good';
};

describe('times', () => {
  it('[G9] are kept to the second, with the leeway on both sides', () => {
    const at = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(
        at,
        at,
        at,
        at,
        fc.integer({ min: 0, max: 30 }),
        (exp, nbf, iat, nowSeconds, leewaySeconds) => {
          const seen = reason(() => checkTimes({ exp, nbf, iat }, { nowSeconds, leewaySeconds }));
          const expired = nowSeconds >= exp + leewaySeconds;
          const early = Math.max(nbf, iat) > nowSeconds + leewaySeconds;
          expect(seen).toBe(expired ? 'token.expired' : early ? 'token.not-yet-valid' : 'good');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are numbers of seconds', () => {
    for (const value of ['1', null, -1, 1e12, true, [], Number.NaN])
      for (const name of ['exp', 'nbf', 'iat'])
        expect(reason(() => checkTimes({ [name]: value }, { nowSeconds: 1, leewaySeconds: 0 }))).toBe(
          'token.claims',
        );
    expect(checkTimes({ exp: 2.5 }, { nowSeconds: 2, leewaySeconds: 0 })).toBe(2.5);
    expect(checkTimes({}, { nowSeconds: 2, leewaySeconds: 0 })).toBeUndefined();
  });
});

describe('the audience', () => {
  it('of anything at all lets in only what was named', () => {
    const claim = fc.oneof(fc.jsonValue(), fc.array(fc.constantFrom('a', 'b', RESOURCE, 7)));
    const rule = fc.constantFrom(undefined, 'a', ['a', 'b']);
    fc.assert(
      fc.property(claim, rule, (seen, expected) => {
        const list: readonly unknown[] = Array.isArray(seen) ? seen : [seen];
        const named: readonly string[] = expected === undefined ? [RESOURCE] : [expected].flat();
        const good =
          list.every((each) => typeof each === 'string' && each !== '') &&
          list.some((each) => named.includes(each as string));
        expect(reason(() => checkAudience(seen, expected, RESOURCE))).toBe(good ? 'good' : 'token.audience');
      }),
      { numRuns: 1000 },
    );
  });

  it('is bounded, and shown in part only', () => {
    expect(reason(() => checkAudience(Array(101).fill(RESOURCE), undefined, RESOURCE))).toBe(
      'token.audience',
    );
    try {
      checkAudience(['x'.repeat(5000)], 'a', RESOURCE);
    } catch (error) {
      expect(JSON.stringify((error as Refusal).detail).length).toBeLessThan(300);
    }
  });
});

describe('rules for claims', () => {
  it('are kept by the same value of the same type, or by one of a list', () => {
    const value = fc.constantFrom('a', 'b', 1, '1', true, 'true', false, null, undefined);
    fc.assert(
      fc.property(
        fc.oneof(value, fc.array(value)),
        fc.array(fc.constantFrom('a', 1, true), { minLength: 1 }),
        (claim, rule) => {
          const good = [claim].flat().some((each) => rule.includes(each as 'a'));
          expect(reason(() => checkClaimRules({ claim }, { claim: rule }))).toBe(
            good ? 'good' : 'token.claims',
          );
        },
      ),
      { numRuns: 1000 },
    );
    expect(reason(() => checkClaimRules({ a: { b: 'c' } }, { 'a.b': 'c' }))).toBe('good');
    expect(reason(() => checkClaimRules({}, { constructor: 'x' }))).toBe('token.claims');
    expect(reason(() => checkClaimRules({}, {}))).toBe('good');
  });
});

describe('the kind of a token', () => {
  it.each([
    [{ scope: 'a', nonce: 'n' }, 'good'],
    [{ typ: 'Bearer', token_use: 'access' }, 'good'],
    [{ token_use: 'access_token', cnf: null, events: null }, 'good'],
    [{ nonce: 'n' }, 'token.type'],
    [{ c_hash: 'x', scope: 'a' }, 'token.type'],
    [{ typ: 'Offline' }, 'token.type'],
    [{ token_use: 'refresh_token' }, 'token.type'],
    [{ events: {} }, 'token.type'],
    [{ cnf: { 'x5t#S256': 'x' } }, 'token.claims'],
  ])('%j is %s', (claims, expected) => expect(reason(() => checkKind(claims))).toBe(expected));
});

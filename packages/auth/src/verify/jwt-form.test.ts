import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { MAX_BEARER_TOKEN_LENGTH } from '../protocol/bearer-challenge.ts';
import { readJwt } from './jwt-form.ts';

const EXPECTED = { algorithms: ['RS256', 'ES256'], type: 'jwt' } as const;
const encode = (text: string) => Buffer.from(text).toString('base64url');
const token = (header: unknown, claims: unknown, signature = 'c2ln') =>
  `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}.${signature}`;
const read = (text: string) => {
  try {
    return readJwt(text, EXPECTED);
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
};

describe('the form of a JWT', () => {
  it('gives algorithm, key id and claims', () => {
    expect(read(token({ alg: 'RS256', kid: 'k', typ: 'JWT', x5t: 'thumb' }, { a: 1 }))).toEqual({
      algorithm: 'RS256',
      kid: 'k',
      claims: { a: 1 },
    });
  });

  it('[G9] knows headers that are good from all others, by the rule written again', () => {
    const member = fc.constantFrom(
      'alg',
      'typ',
      'kid',
      'crit',
      'b64',
      'jku',
      'jwk',
      'x5u',
      'x5c',
      'x5t',
      'cty',
    );
    const value = fc.oneof(
      fc.constantFrom(
        'RS256',
        'ES256',
        'HS256',
        'none',
        'JWT',
        'at+jwt',
        'application/AT+JWT',
        'id+jwt',
        'k',
      ),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const header = fc.tuple(fc.dictionary(member, value), fc.boolean()).map(([rest, good]) => ({
      ...rest,
      ...(good ? { alg: 'RS256' } : {}),
    })) as fc.Arbitrary<Record<string, unknown>>;
    fc.assert(
      fc.property(header, (members) => {
        const { alg, typ, kid } = members;
        const isGood =
          (alg === 'RS256' || alg === 'ES256') &&
          !['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c'].some((name) => name in members) &&
          (kid === undefined || typeof kid === 'string') &&
          (typ === undefined ||
            (typeof typ === 'string' && ['JWT', 'at+jwt', 'application/AT+JWT'].includes(typ)));
        const seen = read(token(members, {}));
        expect(typeof seen === 'object').toBe(isGood);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['two parts', 'a.b'],
    ['four parts', `${token({ alg: 'RS256' }, {})}.x`],
    ['no signature', token({ alg: 'RS256' }, {}, '')],
    ['padding', token({ alg: 'RS256' }, {}, 'c2k=')],
    ['spare bits in the signature', token({ alg: 'RS256' }, {}, 'c2l')],
    ['a list of claims', token({ alg: 'RS256' }, [])],
    ['claims with a member twice', `${encode('{"alg":"RS256"}')}.${encode('{"sub":"a","sub":"b"}')}.c2ln`],
    ['a member twice inside', `${encode('{"alg":"RS256"}')}.${encode('{"a":{"b":1,"\\u0062":2}}')}.c2ln`],
    ['bytes that are no text', `${encode('{"alg":"RS256"}')}._w.c2ln`],
    ['too much', token({ alg: 'RS256' }, { a: 'x'.repeat(MAX_BEARER_TOKEN_LENGTH) })],
  ])('[G9] is not one with %s', (_what, text) => expect(read(text)).toBe('token.malformed'));
});

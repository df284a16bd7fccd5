import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerFault, readCompactJwt, typeName } from './compact-jwt.ts';

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (header: unknown, claims: unknown, signature = 'c2ln') =>
  `${part(header)}.${part(claims)}.${signature}`;

describe('readCompactJwt', () => {
  it('reads header and claims', () => {
    expect(readCompactJwt(token({ alg: 'ES256' }, { sub: 'a' }), 1000)).toEqual({
      header: { alg: 'ES256' },
      claims: { sub: 'a' },
    });
  });

  it.each([
    ['too long', token({}, { a: 'x'.repeat(1000) })],
    ['three parts', `${token({}, {})}.x`],
    ['three parts', part({})],
    ['no JSON object', token([], {})],
    ['no JSON object', token('x', {})],
    ['no JSON object', token({}, 'null')],
    ['no JSON object', `${part({})}=.${part({})}.c2ln`],
    ['no JSON object', `${Buffer.from([0xc3, 0x28]).toString('base64url')}.${part({})}.c2ln`],
    ['a member twice', token('{"alg":"ES256","alg":"none"}', {})],
    ['a member twice', token({}, '{"sub":"a","s\\u0075b":"b"}')],
    ['a member twice', token({}, '{"a":{"b":1,"b":2}}')],
    ['signature', token({}, {}, '')],
    ['signature', token({}, {}, '!')],
  ])('refuses what is %s', (words, text) => {
    expect(readCompactJwt(text, 1000)).toEqual(expect.stringContaining(words));
  });

  it('reads or refuses any text, and never throws', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.jsonValue(), fc.jsonValue(), fc.string()).map(([h, c, s]) => token(h, c, s)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readCompactJwt(text, 1000);
        if (typeof read === 'string') return;
        expect(text.split('.')).toHaveLength(3);
        expect(Array.isArray(read.header) || Array.isArray(read.claims)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

it.each(['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c'])('headerFault names %s, whatever it holds', (name) => {
  expect(headerFault({ alg: 'ES256', [name]: null })).toContain(name);
});

it('headerFault takes a kid that is a text of bounded length', () => {
  expect(headerFault({ kid: 'a' })).toBeUndefined();
  expect(headerFault({})).toBeUndefined();
  expect(headerFault({ kid: 1 })).toContain('kid');
  expect(headerFault({ kid: 'k'.repeat(1001) })).toContain('kid');
});

it('typeName knows no case and no prefix', () => {
  expect([{ typ: 'application/AT+JWT' }, { typ: 'JWT' }, {}, { typ: 1 }].map(typeName)).toEqual([
    'at+jwt',
    'jwt',
    undefined,
    1,
  ]);
});

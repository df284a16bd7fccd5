import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_ASSERTION_ALGORITHMS,
  fitsAlgorithm,
  HOLDS_SECRET,
  MAX_CLIENT_KEYS,
  NO_KEY_SET,
  type PublicJwk,
  readClientKeys,
  readKeySet,
  sameAlgorithm,
} from './client-keys.ts';

const c32 = 'A'.repeat(43);
const ec: PublicJwk = { kty: 'EC', crv: 'P-256', x: c32, y: c32 };
const rsa: PublicJwk = { kty: 'RSA', n: 'A'.repeat(342), e: 'AQAB' };
const okp: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: c32 };
const URI = 'https://app.example/jwks.json';

describe('readKeySet', () => {
  it('keeps of each key what verifying needs', () => {
    const published = { ...ec, kid: 'a', use: 'sig', key_ops: ['verify'], x5c: ['MII'], note: 'x' };
    expect(readKeySet({ keys: [published, rsa, { ...okp, alg: 'EdDSA' }], more: 1 })).toEqual([
      { ...ec, kid: 'a' },
      rsa,
      { ...okp, alg: 'EdDSA' },
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['for encryption', { ...rsa, use: 'enc' }],
    ['for other operations', { ...rsa, key_ops: ['encrypt'] }],
    ['of a kind nobody knows', { kty: 'PQ', x: c32 }],
    ['on another curve', { ...ec, crv: 'secp256k1' }],
    ['for key agreement', { kty: 'OKP', crv: 'X25519', x: c32 }],
    ['on a curve of another kind', { ...okp, kty: 'EC', y: c32 }],
    ['on a curve with the name of a method', { ...ec, crv: 'toString' }],
    ['with an algorithm for secrets', { ...rsa, alg: 'HS256' }],
    ['with no algorithm', { ...rsa, alg: 'none' }],
    ['with an algorithm of another kind', { ...ec, alg: 'RS256' }],
    ['with an algorithm of another curve', { ...ec, alg: 'ES384' }],
    ['without half of its point', { ...ec, y: undefined }],
    ['too short', { ...rsa, n: 'A'.repeat(171) }],
    ['too long', { ...rsa, n: 'A'.repeat(1367) }],
    ['with a huge exponent', { ...rsa, e: 'A'.repeat(9) }],
    ['not in base64url', { ...rsa, n: '+'.repeat(342) }],
    ['with a kid that is no text', { ...rsa, kid: 5 }],
    ['with a kid that is too long', { ...rsa, kid: 'k'.repeat(201) }],
  ])('leaves out a key %s', (_, key) => {
    expect(readKeySet({ keys: [key] })).toBe('it has no key that could be used');
    expect(readKeySet({ keys: [key, ec] })).toEqual([ec]);
  });

  it.each([
    { ...ec, d: c32 },
    { ...rsa, d: 'x' },
    { ...rsa, p: 'x' },
    { ...rsa, oth: [] },
    { kty: 'oct', k: 'c2VjcmV0' },
    { kty: 'oct' },
    { ...ec, k: null },
    { kty: 'PQ', d: 'x' },
  ])('refuses the whole set for a secret in it: %j', (key) => {
    expect(readKeySet({ keys: [ec, key] })).toBe(HOLDS_SECRET);
  });

  it('refuses what is no set, and sets beyond the bound', () => {
    for (const set of [
      undefined,
      null,
      'x',
      [],
      [ec],
      {},
      { keys: 'x' },
      { keys: [ec, 'x'] },
      { keys: [null] },
    ])
      expect(readKeySet(set)).toBe(NO_KEY_SET);
    expect(readKeySet({ keys: [] })).toBe('it has no key that could be used');
    expect(readKeySet({ keys: Array(MAX_CLIENT_KEYS).fill(ec) })).toHaveLength(MAX_CLIENT_KEYS);
    expect(readKeySet({ keys: Array(MAX_CLIENT_KEYS + 1).fill(ec) })).toContain('more than 20');
  });

  it('never lets anything but public members through, for any JSON', () => {
    const member = fc.oneof(
      fc.constantFrom('RSA', 'EC', 'OKP', 'oct', 'sig', c32, rsa.n, 'P-256'),
      fc.jsonValue(),
    );
    const names = ['kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'k', 'alg', 'use', 'kid', 'x5c', '__proto__'];
    const keys = fc.oneof(
      fc.dictionary(fc.constantFrom(...names), member),
      fc.constantFrom<unknown>(ec, rsa, okp),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.record({ keys: fc.array(keys) }), fc.jsonValue()), (set) => {
        const read = readKeySet(set);
        if (typeof read === 'string') return;
        expect(read.length).toBeGreaterThan(0);
        for (const key of read)
          for (const name of Object.keys(key))
            expect(['kty', 'kid', 'alg', 'n', 'e', 'crv', 'x', 'y']).toContain(name);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readClientKeys', () => {
  const jwks = { keys: [ec] };

  it.each([
    [{ jwks }, { jwks: [ec] }],
    [{ jwks, jwksUri: null, algorithm: null }, { jwks: [ec] }],
    [{ jwksUri: URI }, { jwksUri: URI }],
    [
      { jwksUri: `${URI}?v=1`, algorithm: 'PS256' },
      { jwksUri: `${URI}?v=1`, algorithm: 'PS256' },
    ],
    [
      { jwks, algorithm: 'ES256' },
      { jwks: [ec], algorithm: 'ES256' },
    ],
  ])('%j is taken', (said, expected) => expect(readClientKeys(said)).toEqual(expected));

  it.each<[string, Record<string, unknown>]>([
    ['jwks', {}],
    ['jwks', { jwks: null, jwksUri: null }],
    ['jwks_uri', { jwks, jwksUri: URI }],
    ['jwks', { jwks: { keys: [{ ...ec, d: 'x' }] } }],
    ['jwks_uri', { jwksUri: 'http://app.example/jwks.json' }],
    ['jwks_uri', { jwksUri: 'https://user@app.example/jwks.json' }],
    ['jwks_uri', { jwksUri: 'https://app.example/jwks.json#a' }],
    ['jwks_uri', { jwksUri: 'https://0x7f.1/jwks.json' }],
    ['jwks_uri', { jwksUri: 'HTTPS://app.example/jwks.json' }],
    ['jwks_uri', { jwksUri: 'file:///etc/passwd' }],
    ['jwks_uri', { jwksUri: 'https:///jwks' }],
    ['jwks_uri', { jwksUri: `https://app.example/${'a'.repeat(1000)}` }],
    ['jwks_uri', { jwksUri: 5 }],
    ['token_endpoint_auth_signing_alg', { jwks, algorithm: 'HS256' }],
    ['token_endpoint_auth_signing_alg', { jwks, algorithm: 'none' }],
    ['token_endpoint_auth_signing_alg', { jwks, algorithm: 'RS256' }],
    ['token_endpoint_auth_signing_alg', { jwks, algorithm: ['ES256'] }],
  ])('%s is wrong in %j', (member, said) =>
    expect(readClientKeys(said)).toEqual({ member, why: expect.any(String) }),
  );
});

it('a key verifies the algorithms of its kind, and of its own word', () => {
  const of = (key: PublicJwk) => CLIENT_ASSERTION_ALGORITHMS.filter((each) => fitsAlgorithm(key, each));
  expect(of(rsa)).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
  expect(of({ ...rsa, alg: 'PS512' })).toEqual(['PS512']);
  expect(of(ec)).toEqual(['ES256']);
  expect(of({ ...ec, crv: 'P-384' })).toEqual(['ES384']);
  expect(of({ ...ec, crv: 'P-521' })).toEqual(['ES512']);
  expect(of({ ...okp, alg: 'Ed25519' })).toEqual(['EdDSA', 'Ed25519']);
  for (const key of [rsa, ec, okp])
    for (const alg of ['HS256', 'none', '']) expect(fitsAlgorithm(key, alg)).toBe(false);
});

it('EdDSA has two names, and nothing else has', () => {
  expect(sameAlgorithm('EdDSA', 'Ed25519')).toBe(true);
  expect(sameAlgorithm('RS256', 'RS256')).toBe(true);
  expect(sameAlgorithm('RS256', 'PS256')).toBe(false);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityFromClaims, mergedClaims } from './identity-claims.ts';

const of = (claims: Record<string, unknown>, options = {}) =>
  identityFromClaims('https://idp.example', 'u-1', claims, options);
const nobody = { issuer: 'https://idp.example', subject: 'u-1' };

describe('the identity of a person', () => {
  it('is issuer and subject, whatever the claims say of these', () => {
    expect(of({ iss: 'https://evil.example', sub: 'root', issuer: 'x', subject: 'y' })).toEqual(nobody);
  });

  it.each([
    [{ name: 'Alice', preferred_username: 'a', login: 'l' }, 'Alice'],
    [{ name: '', preferred_username: 'a', login: 'l' }, 'a'],
    [{ name: 7, preferred_username: null, login: 'l' }, 'l'],
    [{}, undefined],
  ])('has a name: %j', (claims, name) => expect(of(claims).name).toBe(name));

  it('has no name and no group of more than 320 characters', () => {
    const [most, more] = ['x'.repeat(320), 'x'.repeat(321)];
    expect(of({ name: most, groups: [most, more] })).toEqual({ ...nobody, name: most, groups: [most] });
    expect(of({ name: more, preferred_username: 'a' }).name).toBe('a');
  });

  it.each([
    [{ email: 'a@x.com' }, { email: 'a@x.com', emailVerified: false }],
    [
      { email: 'a@x.com', email_verified: true },
      { email: 'a@x.com', emailVerified: true },
    ],
    [
      { email: 'a@x.com', email_verified: 'true' },
      { email: 'a@x.com', emailVerified: true },
    ],
    [
      { email: 'a@x.com', email_verified: 'TRUE' },
      { email: 'a@x.com', emailVerified: false },
    ],
    [
      { email: 'a@x.com', email_verified: 1 },
      { email: 'a@x.com', emailVerified: false },
    ],
    [
      { email: 'a@x.com', email_verified: [true] },
      { email: 'a@x.com', emailVerified: false },
    ],
    [{ email: '', email_verified: true }, {}],
    [{ email: ['a@x.com'], email_verified: true }, {}],
    [{ email_verified: true }, {}],
  ])('[G10] has an e-mail address, verified only when it says so: %j', (claims, expected) => {
    expect(of(claims)).toEqual({ ...nobody, ...expected });
  });

  it.each([
    [{ groups: ['a', 'b', 'a'] }, undefined, ['a', 'b']],
    [{ groups: 'a' }, undefined, ['a']],
    [{ groups: [] }, undefined, []],
    [{ groups: ['a', 7, null, '', ['x']] }, undefined, ['a']],
    [{ groups: { a: true } }, undefined, undefined],
    [{ groups: 7 }, undefined, undefined],
    [{ realm_access: { roles: ['r'] }, groups: ['g'] }, 'realm_access.roles', ['r']],
    [{ groups: ['g'] }, 'realm_access.roles', undefined],
  ])('has groups: %j by %s', (claims, groupsClaim, groups) => {
    expect(of(claims, { groupsClaim }).groups).toEqual(groups);
  });

  it('has a thousand groups at most', () => {
    const groups = Array.from({ length: 1500 }, (_, i) => `g${i}`);
    expect(of({ groups }).groups).toEqual(groups.slice(0, 1000));
  });

  it('keeps the claims that were asked for, and no others', () => {
    const claims = { a: 1, b: { c: [2] }, d: 3, n: null };
    expect(of(claims, { keepClaims: ['a', 'b.c', 'n', 'absent'] }).claims).toEqual({
      a: 1,
      'b.c': [2],
      n: null,
    });
    expect(of(claims, { keepClaims: ['absent'] })).toEqual(nobody);
    expect(of(claims)).toEqual(nobody);
  });

  it('keeps none of them when they are too deep to be written', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 100_000; n += 1) deep = [deep];
    expect(of({ a: deep }, { keepClaims: ['a'] })).toEqual(nobody);
  });

  it.each([
    ['plain text', 'x', 1],
    ['text of three bytes a letter', '\u20ac', 3],
  ])('keeps none of them when they are too large: %s', (_what, letter, bytes) => {
    const most = Math.floor((16_384 - JSON.stringify([['a', '']]).length) / bytes);
    expect(of({ a: letter.repeat(most) }, { keepClaims: ['a'] }).claims).toEqual({ a: letter.repeat(most) });
    expect(of({ a: letter.repeat(most + 1) }, { keepClaims: ['a'] })).toEqual(nobody);
  });
});

describe('the claims of two sources', () => {
  it('are those of the ID token first', () => {
    expect(mergedClaims({ sub: 'a', x: 1 }, undefined)).toEqual({ sub: 'a', x: 1 });
    expect(mergedClaims({ sub: 'a', x: 1 }, { sub: 'b', x: 2, y: 3 })).toEqual({
      sub: 'a',
      x: 1,
      y: 3,
      email_verified: undefined,
    });
  });

  it('[G10] never verify an address by what was said of another one', () => {
    const address = fc.constantFrom('a@x.com', 'b@x.com', undefined);
    const verified = fc.constantFrom(true, false, undefined);
    const source = fc.record({ email: address, email_verified: verified }).map((claims) => {
      return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
    });
    fc.assert(
      fc.property(source, fc.option(source, { nil: undefined }), (idToken, userinfo) => {
        const { email, emailVerified } = of(mergedClaims(idToken, userinfo));
        const vouching = [idToken, userinfo].filter((each) => each?.email === email && each?.email_verified);
        if (emailVerified) expect(vouching.length).toBeGreaterThan(0);
        // The word of the ID token about its own address stands.
        if (idToken.email !== undefined && idToken.email_verified !== undefined)
          expect([email, emailVerified]).toEqual([idToken.email, idToken.email_verified]);
        expect(email).toBe(idToken.email ?? userinfo?.email);
      }),
      { numRuns: 1000 },
    );
  });

  it('verify the address of the one with the word of the other, when it is the same', () => {
    expect(of(mergedClaims({ email: 'a@x.com' }, { email: 'a@x.com', email_verified: true }))).toMatchObject({
      emailVerified: true,
    });
  });
});

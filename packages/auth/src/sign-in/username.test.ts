import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { DEVELOPMENT_ISSUER } from './development-people.ts';
import { parsePlainAddress } from './email-prefix.ts';
import { isUsableUsername, type UsernameOptions, usernameResolver } from './username.ts';

const issuer = 'https://idp.example';
const person = (email?: string, emailVerified?: boolean, claims: Record<string, unknown> = {}) => ({
  identity: { issuer, subject: 's', email, emailVerified },
  claims: { email, email_verified: emailVerified, ...claims },
});
const byEmail = usernameResolver({ rules: ['email-prefix'], emailDomains: ['x.com'] });

describe('the reasons why somebody has no name', () => {
  const tried = (
    options: Parameters<typeof usernameResolver>[0],
    source: Parameters<ReturnType<typeof usernameResolver>>[0],
  ) => {
    const found: string[] = [];
    usernameResolver(options)(source, (why) => found.push(why));
    return found;
  };
  const identity = { issuer: 'https://a.example', subject: 's' };
  const rules = ['claim:db_user', 'email-prefix'] as const;
  const emailDomains = ['x.com'];

  it.each([
    [
      { identity, claims: {} },
      ['claim:db_user: there is no such claim', 'email-prefix: there is no e-mail address'],
    ],
    [
      { identity: { ...identity, email: 'secret@x.com' }, claims: {} },
      ['claim:db_user: there is no such claim', 'email-prefix: the e-mail address is not verified'],
    ],
    [
      { identity: { ...identity, email: 'secret@y.com', emailVerified: true }, claims: {} },
      [
        'claim:db_user: there is no such claim',
        'email-prefix: the domain of the e-mail address is none of username.emailDomains',
      ],
    ],
    [
      { identity, claims: { db_user: ' secret' } },
      ['claim:db_user: what is there is no name that can be used'],
    ],
    [
      { identity: { ...identity, email: 'one@x.com', emailVerified: true }, claims: {} },
      ['claim:db_user: there is no such claim'],
    ],
  ])('%#', (source, expected) => {
    expect(tried({ rules, emailDomains }, source)).toEqual(expected);
    expect(JSON.stringify(expected)).not.toContain('secret');
  });

  it('are that there are no rules, or that the issuer is none of those', () => {
    expect(tried({}, { identity, claims: {} })).toEqual(['there are no username.rules']);
    expect(tried({ rules, emailDomains, issuers: [] }, { identity, claims: {} })).toEqual([
      'the issuer is none of username.issuers',
    ]);
  });
});

describe('the issuers whose people get names', () => {
  it('are all of them, or those that are listed, whatever stands at their end', () => {
    const source = {
      identity: { issuer: 'https://a.example', subject: 's' },
      claims: { preferred_username: 'x' },
    };
    const named = (issuers?: readonly string[]) =>
      usernameResolver({ rules: ['preferred_username'], issuers })(source)?.username;
    expect([
      named(),
      named(['https://b.example', 'https://a.example/']),
      named(['https://b.example']),
      named([]),
    ]).toEqual(['x', 'x', undefined, undefined]);
  });
});

describe('the order of the rules', () => {
  const options: UsernameOptions = {
    rules: ['claim:db_user', 'preferred_username', 'email-prefix'],
    emailDomains: ['X.com'],
  };
  const resolve = usernameResolver(options);

  it.each([
    [{ db_user: 'one', preferred_username: 'two' }, 'one', 'claim:db_user'],
    [{ preferred_username: 'two' }, 'two', 'preferred_username'],
    [{}, 'three', 'email-prefix'],
    [{ db_user: null }, 'three', 'email-prefix'],
  ])('takes the first that has something to say: %j', (claims, username, rule) => {
    expect(resolve(person('three@x.com', true, claims))).toEqual({ username, rule });
  });

  it.each([
    '',
    ' one',
    'one ',
    'o\u0000ne',
    'o\u202ene',
    'e\u0301',
    7.5,
    true,
    ['one'],
    { a: 1 },
    'a'.repeat(129),
  ])('ends without a name when a claim is there and is none: %j', (db_user) => {
    expect(resolve(person('three@x.com', true, { db_user }))).toBeUndefined();
  });

  it('finds nothing without rules, and nothing that is not an own member', () => {
    expect(usernameResolver()(person('a@x.com', true))).toBeUndefined();
    expect(usernameResolver({ rules: ['claim:constructor.name'] })(person())).toBeUndefined();
    expect(usernameResolver({ rules: ['claim:__proto__'] })(person())).toBeUndefined();
  });

  it('follows a dotted path, after a claim of that very name', () => {
    const nested = usernameResolver({ rules: ['claim:db.user'] });
    expect(nested(person(undefined, undefined, { db: { user: 'in' } }))?.username).toBe('in');
    expect(nested(person(undefined, undefined, { db: { user: 'in' }, 'db.user': 'out' }))?.username).toBe(
      'out',
    );
  });

  it('leaves development people their own name, whatever the rules', () => {
    const identity = { issuer: DEVELOPMENT_ISSUER, subject: 'Alice' };
    const found = usernameResolver({ ...options, case: 'upper' })({ identity, claims: { db_user: 'root' } });
    expect(found).toEqual({ username: 'Alice', rule: 'development' });
  });
});

describe('the case of a name', () => {
  const fold = (value: string, rule: 'exact' | 'lower' | 'upper') =>
    usernameResolver({ rules: ['claim:n'], case: rule })(person(undefined, undefined, { n: value }))
      ?.username;

  it.each([
    ['Alice', 'Alice', 'alice', 'ALICE'],
    ['Élan', 'Élan', 'élan', 'ÉLAN'],
    ['a_1', 'a_1', 'a_1', 'A_1'],
    ['stra\u00dfe', 'stra\u00dfe', 'stra\u00dfe', undefined],
    ['boo\u212a', undefined, undefined, undefined],
    ['\u017fam', '\u017fam', '\u017fam', undefined],
    ['\u0130', '\u0130', undefined, '\u0130'],
  ])('%s', (value, exact, lower, upper) => {
    expect([fold(value, 'exact'), fold(value, 'lower'), fold(value, 'upper')]).toEqual([exact, lower, upper]);
  });

  it('never makes an ASCII name of one that was not', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.constantFrom('lower' as const, 'upper' as const),
        (value, rule) => {
          const out = fold(value, rule);
          if (out === undefined) return;
          expect(isUsableUsername(value)).toBe(true);
          expect(Array.from(out, (c) => c.codePointAt(0)! < 128)).toEqual(
            Array.from(value, (c) => c.codePointAt(0)! < 128),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});

const hostile = [
  'a@x.com@evil.com',
  'a@evil.com@x.com',
  '"a@x.com"@evil.com',
  '"a"@x.com',
  'a@x.com.',
  'a@.x.com',
  'a@sub.x.com',
  'a@evilx.com',
  'a@x.com.evil.com',
  'a@x.co',
  'a@xn--x-0ga.com',
  'a@\u0445.com',
  'a@x\u3002com',
  'a@\uff58.com',
  'a@x.com\u0000',
  'a@x.com\n',
  'a@x.com ',
  ' a@x.com',
  'a+admin@x.com',
  'a%evil.com@x.com',
  'evil.com!a@x.com',
  'a..b@x.com',
  '.a@x.com',
  'a.@x.com',
  '\u0430@x.com',
  'a\u200b@x.com',
  '@x.com',
  'a@',
  'a',
  '',
  'a@[127.0.0.1]',
  '<a@x.com>',
  'a(comment)@x.com',
  `${'a'.repeat(65)}@x.com`,
];

describe('the prefix of an e-mail address', () => {
  it.each([
    ['a@x.com', 'a'],
    ['A.b-c_1@X.COM', 'A.b-c_1'],
  ])('%s is %s', (email, username) => {
    expect(byEmail(person(email, true))).toEqual({ username, rule: 'email-prefix' });
  });

  it.each(hostile)('[G10] gives no name for %j', (email) => {
    expect(byEmail(person(email, true))).toBeUndefined();
  });

  it('[G10] gives none that is not verified, however it is said, and by no rule for e-mail', () => {
    const any = usernameResolver({ rules: ['claim:email', 'email-prefix'], emailDomains: ['x.com'] });
    const whole = usernameResolver({ rules: ['claim:email'], emailDomains: ['x.com'] });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string().map((s) => `${s}@x.com`),
          fc.constant('a@x.com'),
        ),
        fc.constantFrom(undefined, false, 'true', 1, null),
        (email, verified) => {
          expect(any(person(email, verified as unknown as boolean))).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
    expect(whole(person('a@X.com', true))).toEqual({ username: 'a@x.com', rule: 'claim:email' });
    expect(whole(person('a@y.com', true))).toBeUndefined();
  });

  it('gives one only for an address that can be written in no other way', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    const pieces = fc.constantFrom(
      '@',
      '@x.com',
      'x.com',
      '.',
      '"',
      '+',
      'evil.com',
      '\\',
      ' ',
      '\u3002',
      'a',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(text, pieces), { maxLength: 6 }), (parts) => {
        const email = parts.join('');
        const found = byEmail(person(email, true));
        if (!found) return;
        expect(email.toLowerCase()).toBe(`${found.username}@x.com`.toLowerCase());
        expect(found.username).toMatch(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('[G10] never gives one of another domain', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const found = byEmail(person(email, true));
        expect(found === undefined || parsePlainAddress(email)?.domain === 'x.com').toBe(true);
        const owner = parsePlainAddress(email);
        if (!owner) return;
        const own = usernameResolver({ rules: ['email-prefix'], emailDomains: [owner.domain] });
        expect(own(person(email, true))?.username).toBe(owner.localPart);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what does not start', () => {
  it.each([
    { rules: ['email-prefix'] },
    { rules: ['claim:email'] },
    { rules: ['claim:'] },
    { rules: ['sub'] },
    { rules: ['email-prefix'], emailDomains: ['*.x.com'] },
    { rules: ['email-prefix'], emailDomains: ['@x.com'] },
    { rules: ['email-prefix'], emailDomains: ['b\u00fccher.de'] },
  ])('%j', (options) => {
    expect(() => usernameResolver(options as UsernameOptions)).toThrow(OperatorError);
  });
});

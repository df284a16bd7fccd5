import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { usernameResolver } from '../sign-in/username.ts';
import { personOfToken } from './token-person.ts';

const ISSUER = 'https://id.example';

describe('the person of a token', () => {
  it('[G10] is named by one claim as the issuer names them, or nobody is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), (sub) => {
        const isName =
          typeof sub === 'string'
            ? sub !== '' && sub.length <= 255 && !/[\p{Cc}\p{Cs}]/u.test(sub)
            : Number.isSafeInteger(sub);
        if (isName)
          expect(personOfToken(ISSUER, { sub }, {}).identity).toEqual({
            issuer: ISSUER,
            subject: String(sub),
          });
        else expect(() => personOfToken(ISSUER, { sub }, {})).toThrow(Refusal);
      }),
      { numRuns: 1000 },
    );
    expect(personOfToken(ISSUER, { sub: 'a', oid: 'b' }, { subjectClaim: 'oid' }).identity.subject).toBe('b');
  });

  it('comes through the first client that is named', () => {
    const client = (claims: object, clientClaims?: string[]) =>
      personOfToken(ISSUER, { sub: 'a', ...claims }, { clientClaims }).clientId;
    expect(client({ azp: 'z', client_id: 'c', appid: 'p' })).toBe('c');
    expect(client({ cid: 'okta', azp: '' })).toBe('okta');
    expect(client({ azp: 'z', app: 'x' }, ['app'])).toBe('x');
    expect(client({ client_id: ['c'] })).toBe('unknown');
    expect(client({})).toBe('unknown');
  });

  it('[G10] has the database name that the resolver of sign-ins would find', () => {
    const username = usernameResolver({
      rules: ['email-prefix'],
      emailDomains: ['example.com'],
      case: 'upper',
    });
    const claims = { sub: 'a', email: 'ada@example.com', email_verified: true };
    expect(personOfToken(ISSUER, claims, { username }).identity).toMatchObject({
      username: 'ADA',
      usernameRule: 'email-prefix',
    });
    const unverified = personOfToken(ISSUER, { ...claims, email_verified: false }, { username });
    expect(unverified.identity.username).toBeUndefined();
  });
});

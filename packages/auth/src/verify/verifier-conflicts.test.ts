import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import type { RefusalReason } from '../core/refusal-reasons.ts';
import { verifyFirstMatch } from './first-match.ts';
import { recognizeForms, type TokenForms } from './token-forms.ts';
import { refusalOf } from './verifier.contract.ts';
import type { Verifier } from './verifier.ts';
import { verifierConflicts } from './verifier-conflicts.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwtOf = (iss: string) => `${encode({ alg: 'RS256' })}.${encode({ iss })}.c2ln`;

interface Spy extends Verifier {
  readonly shown: string[];
}
function spy(
  name: string,
  takes: TokenForms,
  reason: RefusalReason | 'good' = 'token.unknown',
  local = false,
): Spy {
  const shown: string[] = [];
  return {
    name,
    takes,
    local,
    shown,
    recognizes: recognizeForms(takes),
    async verify(token) {
      shown.push(token);
      if (reason !== 'good') throw new Refusal(reason);
      return { expiresAt: 1, admit: () => Promise.reject(new Error('not asked')) };
    },
  };
}
const ALL: TokenForms = { opaque: true, issuers: [] };
const of = (...issuers: string[]): TokenForms => ({ opaque: false, issuers });

describe('showing a token to one verifier', () => {
  it('passes on what a local one does not know, to the next that takes it', async () => {
    const verifiers = [
      spy('list', ALL, 'token.unknown', true),
      spy('a', of('https://a')),
      spy('api', ALL, 'good'),
    ];
    expect(await verifyFirstMatch(verifiers, 'opaque', 'r')).toMatchObject({ expiresAt: 1 });
    expect(verifiers.map(({ shown }) => shown.length)).toEqual([1, 0, 1]);
  });

  it('takes every other word of a local one as final, and says what it said when there is no next', async () => {
    const expired = [spy('list', ALL, 'token.expired', true), spy('api', ALL, 'good')];
    expect((await refusalOf(verifyFirstMatch(expired, 'opaque', 'r'))).reason).toBe('token.expired');
    expect(expired[1]!.shown).toEqual([]);
    const alone = [spy('list', ALL, 'token.unknown', true)];
    expect((await refusalOf(verifyFirstMatch(alone, 'opaque', 'r'))).reason).toBe('token.unknown');
  });

  it('[G5] never shows a token to two providers, whatever they say and however they are mixed', async () => {
    const forms = fc.record({
      opaque: fc.oneof(fc.boolean(), fc.subarray(['gho_', 'g'])),
      issuers: fc.oneof(fc.subarray(['https://a', 'https://b']), fc.constant('any' as const)),
    });
    const verifier = fc.tuple(
      forms,
      fc.constantFrom('good', 'token.unknown', 'verifier.unavailable'),
      fc.boolean(),
    );
    const token = fc.constantFrom(
      'gho_x',
      'other',
      jwtOf('https://a'),
      jwtOf('https://c'),
      jwtOf('https://a').slice(0, -5),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(verifier, { maxLength: 5 }), token, async (list, shown) => {
        const verifiers = list.map(([takes, reason, local], at) =>
          spy(`v${at}`, takes, reason as 'good', local),
        );
        await verifyFirstMatch(verifiers, shown, 'r').catch(() => {});
        const providers = verifiers.filter((each) => !each.local && each.shown.length > 0);
        expect(providers.length).toBeLessThanOrEqual(1);
        for (const each of verifiers) if (each.shown.length > 0) expect(each.recognizes(shown)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('verifiers that would wait in vain', () => {
  const conflicts = (...takes: TokenForms[]) =>
    verifierConflicts(takes.map((each, at) => spy(`v${at}`, each))).map(
      ({ message }) => message.split(':')[0],
    );

  it.each([
    ['two for all opaque tokens', [ALL, ALL], ['v1 would never see opaque tokens']],
    [
      'one for all before one for some',
      [ALL, { opaque: ['gho_'], issuers: [] }],
      ['v1 would never see opaque tokens'],
    ],
    ['one for some before one for all', [{ opaque: ['gho_'], issuers: [] }, ALL], []],
    [
      'different prefixes',
      [
        { opaque: ['gho_'], issuers: [] },
        { opaque: ['hf_'], issuers: [] },
      ],
      [],
    ],
    [
      'one issuer twice',
      [of('https://a'), of('https://b', 'https://a')],
      ['v1 would never see tokens of https'],
    ],
    ['different issuers', [of('https://a'), of('https://b')], []],
    ['any issuer last', [of('https://a'), { opaque: false, issuers: 'any' }], []],
    [
      'any issuer first',
      [{ opaque: false, issuers: 'any' }, of('https://a')],
      ['v1 would never see tokens of any issuer'],
    ],
  ] as const)('%s', (_what, takes, expected) => expect(conflicts(...takes)).toEqual(expected));

  it('are found only among those that show tokens to somebody and say what they take', () => {
    const { takes: _unknown, ...silent } = spy('silent', ALL);
    expect(verifierConflicts([spy('list', ALL, 'token.unknown', true), silent, spy('api', ALL)])).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpaque, recognizeForms } from './token-forms.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'RS256', typ: 'JWT' });
const jwt = (claims: unknown) => `${HEADER}.${encode(claims)}.c2ln`;

describe('an opaque token', () => {
  it.each([
    'gho_sample',
    'ory_at_abc.def',
    'ya29.sample.x.y',
    'MTk4.G1x2.abcdefgh',
    '2YotnFZFEjr1zCsicMWpAA',
    `${encode({ alg: 'dir', enc: 'A256GCM' })}..iv.text.tag`,
  ])('is one that only its maker can read: %s', (token) => expect(isOpaque(token)).toBe(true));

  it('is no JWT, not even one that was damaged on its way', () => {
    const good = jwt({ iss: 'https://a.example' });
    expect(isOpaque(good)).toBe(false);
    expect(isOpaque(jwt({}))).toBe(false);
    fc.assert(
      fc.property(
        fc.integer({ min: HEADER.length + 1, max: good.length }),
        fc.stringMatching(/^[!-~]{0,5}$/),
        (at, end) => {
          expect(isOpaque(good.slice(0, at) + end)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('which tokens a verifier takes', () => {
  const A = jwt({ iss: 'https://a.example' });
  const B = jwt({ iss: 'https://b.example' });
  const nobody = jwt({});

  it.each([
    ['all opaque ones', { opaque: true, issuers: [] }, [true, true, false, false, false]],
    ['some opaque ones', { opaque: ['gho_'], issuers: [] }, [true, false, false, false, false]],
    ['of one issuer', { opaque: false, issuers: ['https://a.example'] }, [false, false, true, false, false]],
    ['of any issuer', { opaque: false, issuers: 'any' }, [false, false, true, true, true]],
  ] as const)('%s', (_what, forms, expected) => {
    const recognizes = recognizeForms(forms);
    expect(['gho_x', 'other', A, B, nobody].map(recognizes)).toEqual(expected);
  });

  it('is nobody, for a JWT that was damaged on its way', () => {
    const every = recognizeForms({ opaque: true, issuers: 'any' });
    for (const damaged of [A.slice(0, -5), A.slice(0, HEADER.length + 9), `${HEADER}._w.c2ln`])
      expect(every(damaged)).toBe(false);
  });

  it('is decided for any text, by the opaque rule or by the issuer, never by both', () => {
    const opaque = recognizeForms({ opaque: true, issuers: [] });
    const issuers = recognizeForms({ opaque: false, issuers: 'any' });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((parts) => parts.join('.')),
        ),
        (token) => {
          expect(opaque(token) && issuers(token)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

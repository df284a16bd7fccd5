import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOfAnswer, type ProviderAnswer, ProviderFault, shownValue } from './provider-fault.ts';

const answer = (status: number, text: string, more: Partial<ProviderAnswer> = {}): ProviderAnswer => ({
  status,
  text,
  contentType: 'application/json',
  retryAfter: null,
  ...more,
});
const error = (code: unknown) => JSON.stringify({ error: code });
const kindOf = (given: ProviderAnswer) => faultOfAnswer('refresh', given)?.kind;

describe('what an answer means', () => {
  it.each([
    [200, '{"access_token":"a"}', undefined],
    [200, '', undefined],
    [200, error(''), undefined],
    [200, error(7), undefined],
    [200, error('invalid_grant'), 'ended'],
    [400, error('invalid_grant'), 'ended'],
    [401, error('invalid_grant'), 'ended'],
    [403, error('invalid_grant'), 'ended'],
    [400, error('Invalid_Grant'), 'misconfigured'],
    [400, error(['invalid_grant']), 'misconfigured'],
    [400, '["invalid_grant"]', 'misconfigured'],
    [400, '<p>invalid_grant</p>', 'misconfigured'],
    [400, error('invalid_client'), 'misconfigured'],
    [401, error('unauthorized_client'), 'misconfigured'],
    [400, error('invalid_request'), 'misconfigured'],
    [400, error('something_new'), 'misconfigured'],
    [404, '', 'misconfigured'],
    [302, '', 'misconfigured'],
    [304, '', 'misconfigured'],
    [400, error('temporarily_unavailable'), 'unavailable'],
    [400, error('server_error'), 'unavailable'],
    [408, '', 'unavailable'],
    [429, error('invalid_grant'), 'unavailable'],
    [500, error('invalid_grant'), 'unavailable'],
    [502, '<html>', 'unavailable'],
    [503, '', 'unavailable'],
    [599, '', 'unavailable'],
  ])('%i %s: %s', (status, text, kind) => {
    expect(kindOf(answer(status, text))).toBe(kind);
  });

  // What Dex says: server/grants/refresh.go of github.com/dexidp/dex, 2026-08-06.
  it.each([
    ['refresh', 400, 'Refresh token is invalid or has already been claimed by another client.', 'ended'],
    ['refresh', 400, 'Refresh token expired.', 'ended'],
    ['refresh', 500, 'Refresh token expired.', 'unavailable'],
    ['refresh', 400, 'No refresh token is found in request.', 'misconfigured'],
    ['refresh', 400, 'Required param: refresh token is invalid', 'misconfigured'],
    ['refresh', 400, undefined, 'misconfigured'],
    ['code-exchange', 400, 'Refresh token expired.', 'misconfigured'],
  ] as const)('invalid_request at %s with %i, %s: %s', (operation, status, description, kind) => {
    const text = JSON.stringify({ error: 'invalid_request', error_description: description });
    expect(faultOfAnswer(operation, answer(status, text))?.kind).toBe(kind);
  });

  it('is the end only for the exact code in a JSON object of an answer below 500', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.oneof(fc.string(), fc.json(), fc.string().map(error), fc.constant(error('invalid_grant'))),
        (status, text) => {
          if (kindOf(answer(status, text)) !== 'ended') return;
          expect(JSON.parse(text).error).toBe('invalid_grant');
          expect(status).toBeLessThan(500);
          expect([408, 425, 429]).not.toContain(status);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['7', 7],
    ['0', 0],
    ['999999999', 3600],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
    ['1e9', undefined],
    [null, undefined],
  ])('reads Retry-After %j', (retryAfter, seconds) => {
    expect(faultOfAnswer('refresh', answer(503, '', { retryAfter }))?.retryAfterSeconds).toBe(seconds);
  });

  it('says that a redirect is one', () => {
    expect(faultOfAnswer('discovery', answer(302, ''))).toMatchObject({
      kind: 'misconfigured',
      detail: { status: 302, why: 'it redirects, and redirects are not followed' },
    });
  });

  it('has printable and short texts alone, whoever makes it', () => {
    const { detail } = new ProviderFault('invalid', 'keys', {
      why: `a\r\n\u0085\u202e${'x'.repeat(500)}`,
      n: 7,
    });
    expect(detail).toEqual({ why: `a????${'x'.repeat(195)}`, n: 7 });
    expect(['a\u0000', 7, null, undefined, [], { toString: 1 }].map(shownValue)).toEqual([
      'a?',
      'a value of type number',
      'none',
      'none',
      'a list',
      'a value of type object',
    ]);
  });

  it('tells the log nothing that was sent, and nothing that could spoil it', () => {
    const body = JSON.stringify({
      error: 'invalid_request',
      error_description: `token SECRET-1 is bad\r\nERROR forged line \u001b[31m ${'x'.repeat(500)}`,
    });
    const fault = faultOfAnswer('refresh', answer(400, body), ['SECRET-1', '']);
    const description = String(fault?.detail.description);
    expect(description).toMatch(/^token \[redacted\] is bad\?\?ERROR forged line \?\[31m x+$/);
    expect(description.length).toBe(200);
  });
});

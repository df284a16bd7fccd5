import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { parseTokenQuestion } from './revocation.ts';

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

describe('parseTokenQuestion', () => {
  const ask = (fields: Record<string, string>) =>
    outcome(() => parseTokenQuestion(new URLSearchParams(fields)));

  it('reads the token, whatever the hint', () => {
    expect(ask({ token: 't', token_type_hint: 'refresh_token' })).toEqual({ token: 't' });
    expect(ask({ token: 't', token_type_hint: 'unknown' })).toEqual({ token: 't' });
    expect(ask({})).toBe('request.missing-parameter');
    expect(ask({ token: 't'.repeat(16_385) })).toBe('request.invalid-parameter');
  });

  it('refuses a token twice', () => {
    const form = new URLSearchParams({ token: 'a' });
    form.append('token', 'b');
    expect(outcome(() => parseTokenQuestion(form))).toBe('request.duplicate-parameter');
  });

  it('gives a token or refuses, for any form', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('token', 'token_type_hint', 'x'), fc.string({ unit: 'binary' })),
        (fields) => {
          const question = ask(fields);
          if (typeof question === 'string') {
            expect(question).toMatch(/^request\./);
            return;
          }
          expect(question.token).not.toBe('');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

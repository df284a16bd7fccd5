import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTransactionState, parseTransactionState } from './transaction-state.ts';

const ID = 'A'.repeat(22);
const TAG = 'b'.repeat(11);

describe('the state of a transaction', () => {
  it('names the transaction, and its cookie where there are several', () => {
    const purpose = 'authorization';
    expect(formatTransactionState({ transactionId: ID, cookieTag: '', purpose })).toBe(ID);
    expect(formatTransactionState({ transactionId: ID, cookieTag: TAG, purpose })).toBe(`${ID}.${TAG}`);
    for (const cookieTag of ['', TAG]) {
      for (const each of ['authorization', 'login-check'] as const) {
        const state = { transactionId: ID, cookieTag, purpose: each };
        expect(parseTransactionState(formatTransactionState(state))).toEqual(state);
      }
    }
  });

  it.each([
    '',
    '.',
    ID.slice(1),
    `${ID}A`,
    `${ID}.`,
    `${ID}.short`,
    `${ID}.${TAG}.`,
    `${ID}\n`,
    ` ${ID}`,
    `.${TAG}`,
    'check.',
    `check${ID}`,
    `check.check.${ID}`,
  ])('is not read out of %j', (text) => expect(parseTransactionState(text)).toBeUndefined());

  it('has one spelling, for any text', () => {
    const near = fc
      .tuple(fc.stringMatching(/^[A-Za-z0-9_.-]{20,24}$/), fc.stringMatching(/^[A-Za-z0-9_.-]{0,12}$/))
      .chain(([id, tag]) => fc.constantFrom(`${id}.${tag}`, `check.${id}.${tag}`, `check.${id}`));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
        const state = parseTransactionState(text);
        if (state) expect(formatTransactionState(state)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

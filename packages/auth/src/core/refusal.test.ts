import { describe, expect, it } from 'vitest';
import { Refusal } from './refusal.ts';

describe('a refusal', () => {
  it('keeps reason, detail, cause and the time to come back apart', () => {
    const cause = new Error('deeper');
    const refusal = new Refusal('store.unavailable', { seen: 1 }, { cause, retryAfterSeconds: 5 });
    expect(refusal).toMatchObject({
      name: 'Refusal',
      message: 'store.unavailable',
      reason: 'store.unavailable',
      detail: { seen: 1 },
      cause,
      retryAfterSeconds: 5,
    });
    expect('cause' in new Refusal('token.absent')).toBe(false);
  });
});

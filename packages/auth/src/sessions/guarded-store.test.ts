import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { RecordUnreadable } from '../store/collection.ts';
import { StoreUnavailable } from '../store/store.ts';
import { withStore } from './guarded-store.ts';

const refusalOf = async (error: unknown): Promise<Refusal> => {
  const caught: unknown = await withStore(async () => {
    throw error;
  }).catch((thrown: unknown) => thrown);
  if (!(caught instanceof Refusal)) throw new Error('no refusal');
  return caught;
};

describe('state that can not be read', () => {
  it('[S4] is 503 with a time to come back, whether the store is away or a record does not open', async () => {
    const away = await refusalOf(new StoreUnavailable('away'));
    const closed = await refusalOf(new RecordUnreadable('closed'));
    expect([away.reason, closed.reason]).toEqual(['store.unavailable', 'store.unreadable']);
    for (const refusal of [away, closed]) {
      expect(REFUSALS[refusal.reason]).toMatchObject({ status: 503, error: 'temporarily_unavailable' });
      expect(refusal.retryAfterSeconds).toBeGreaterThan(0);
      expect(refusal.cause).toBeInstanceOf(Error);
    }
  });

  it('leaves answers, refusals and faults as they are', async () => {
    expect(await withStore(async () => 7)).toBe(7);
    const refusal = new Refusal('grant.code-unknown');
    expect(await refusalOf(refusal)).toBe(refusal);
    const fault = new TypeError('ours');
    await expect(withStore(() => Promise.reject(fault))).rejects.toBe(fault);
  });
});

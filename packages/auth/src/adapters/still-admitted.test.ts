import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import type { RefusalReason } from '../core/refusal-reasons.ts';
import { stillAdmitted } from './still-admitted.ts';

const refused = (reason: RefusalReason) => [
  () => Promise.reject(new Refusal(reason)),
  () => {
    throw new Refusal(reason);
  },
];

describe('a stream that is open', () => {
  it('[G6] stays for whom the gate lets in, and for nobody else', async () => {
    expect(await stillAdmitted(() => 'caller')).toBe(true);
    expect(await stillAdmitted(async () => 'caller')).toBe(true);
    for (const reason of ['token.expired', 'token.revoked', 'token.session-ended'] as const)
      for (const admit of refused(reason)) expect(await stillAdmitted(admit)).toBe(false);
    expect(await stillAdmitted(() => Promise.reject(new Error('fault')))).toBe(false);
  });

  it('[S4] stays when nobody can tell', async () => {
    for (const admit of refused('store.unavailable')) expect(await stillAdmitted(admit)).toBe(true);
  });
});

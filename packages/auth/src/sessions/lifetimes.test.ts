import { describe, expect, it } from 'vitest';
import { DEFAULT_LIFETIMES } from './lifetimes.ts';

describe('lifetimes', () => {
  it('are what the documentation says', () => {
    expect(DEFAULT_LIFETIMES).toEqual({
      codeSeconds: 60,
      transactionSeconds: 10 * 60,
      consentSeconds: 30 * 24 * 60 * 60,
      accessTokenSeconds: 60 * 60,
      sessionIdleSeconds: 30 * 24 * 60 * 60,
      sessionAbsoluteSeconds: 90 * 24 * 60 * 60,
      sessionUncheckedSeconds: 24 * 60 * 60,
      refreshGraceSeconds: 60,
      livenessSeconds: 5,
      personCheckSeconds: 60 * 60,
    });
  });
});

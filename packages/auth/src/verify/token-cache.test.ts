import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { tokenCache } from './token-cache.ts';
import type { VerifiedToken } from './verifier.ts';

const token = (expiresAt: number): VerifiedToken => ({
  expiresAt,
  admit: () => {
    throw new Error('not asked');
  },
});

describe('tokens that were verified', () => {
  it('are remembered until they expire, and never beyond', () => {
    const clock = manualClock(0);
    const cache = tokenCache({ clock });
    const known = token(100);
    cache.set('a', known);
    clock.set(99_999);
    expect(cache.get('a')).toBe(known);
    clock.set(100_000);
    expect(cache.get('a')).toBeUndefined();
    clock.set(0);
    expect(cache.get('a')).toBeUndefined();
  });

  it('are bounded: the oldest goes first', () => {
    const cache = tokenCache({ clock: manualClock(0), maxTokens: 3 });
    for (const name of ['a', 'b', 'c', 'd']) cache.set(name, token(100));
    expect(['a', 'b', 'c', 'd'].map((name) => cache.get(name) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('are told apart to the last character, and forgotten when keys change', () => {
    const cache = tokenCache({ clock: manualClock(0) });
    cache.set('Bearer abc', token(100));
    for (const other of ['Bearer abd', 'Bearer ab', 'bearer abc', 'Bearer abc '])
      expect(cache.get(other)).toBeUndefined();
    cache.clear();
    expect(cache.get('Bearer abc')).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLive, remainingSeconds, type Session } from './session.ts';

const times = (idleSeconds: number, endsAt: number) => ({ idleSeconds, endsAt }) as Session;

describe('how long a session may stay', () => {
  it('is until it is idle too long or at its end, whichever comes first, and never below zero', () => {
    expect(remainingSeconds(times(60, 1_000_000), 0)).toBe(60);
    expect(remainingSeconds(times(3600, 1_000_000), 0)).toBe(1000);
    expect(remainingSeconds(times(3600, 1_000_000), 999_500)).toBe(0);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (idle, end, now) => {
        const seconds = remainingSeconds(times(idle, end), now);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(now + seconds * 1000).toBeLessThanOrEqual(Math.max(now, end));
        expect(seconds).toBeLessThanOrEqual(idle);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells a session from the note that it ended', () => {
    expect(isLive({ ended: 'revoked', at: 1 })).toBe(false);
    expect(isLive(times(1, 1))).toBe(true);
  });
});

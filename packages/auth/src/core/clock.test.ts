import { describe, expect, it } from 'vitest';
import { manualClock, nowSeconds, systemClock } from './clock.ts';

describe('clocks', () => {
  it('stand still until they are told to move, or go with the system', () => {
    const clock = manualClock(1500);
    expect([clock.now(), nowSeconds(clock)]).toEqual([1500, 1]);
    clock.advance(0.5);
    expect([clock.now(), nowSeconds(clock)]).toEqual([2000, 2]);
    clock.set(7);
    expect(clock.now()).toBe(7);
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});

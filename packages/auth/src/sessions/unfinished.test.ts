import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';
import { openUnfinished } from './unfinished.ts';

function open() {
  const clock = manualClock();
  const unfinished = openUnfinished({ clock, seconds: 600 });
  let made = 0;
  /** How many of `count` are let in. */
  const begin = (count: number, address: (i: number) => string | undefined): number => {
    let admitted = 0;
    for (let i = 0; i < count; i += 1) {
      try {
        unfinished.add(`id ${made}`, address(i));
        admitted += 1;
        made += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        expect(error).toMatchObject({ reason: 'request.rate-limited', retryAfterSeconds: 60 });
      }
    }
    return admitted;
  };
  return { clock, unfinished, begin };
}

describe('approvals that nobody finishes', () => {
  it('[G8] are 2,000 from one address, and shut nobody else out', () => {
    const { begin } = open();
    expect(begin(2500, () => '192.0.2.1')).toBe(2000);
    expect(begin(2500, () => '::ffff:192.0.2.1')).toBe(0);
    expect(begin(1, () => '192.0.2.2')).toBe(1);
    expect(begin(2500, () => undefined)).toBe(2000);
  });

  it('[G8] count a /64 of IPv6 as one address', () => {
    const { begin } = open();
    expect(begin(2500, (i) => `2001:db8:0:1::${i.toString(16)}`)).toBe(2000);
    expect(begin(1, () => '2001:db8:0:2::1')).toBe(1);
  });

  it('[G8] are 20,000 from everywhere', () => {
    const { begin } = open();
    expect(begin(25_000, (i) => `10.0.${i % 200}.1`)).toBe(20_000);
  });

  it('count no longer once they are finished, or have ended', () => {
    const { begin, unfinished, clock } = open();
    expect(begin(2000, () => '192.0.2.1')).toBe(2000);
    unfinished.remove('id 7');
    unfinished.remove('id 7');
    unfinished.remove('unknown');
    expect(begin(2, () => '192.0.2.1')).toBe(1);
    clock.advance(599);
    expect(begin(1, () => '192.0.2.1')).toBe(0);
    clock.advance(1);
    expect(begin(2001, () => '192.0.2.1')).toBe(2000);
  });
});

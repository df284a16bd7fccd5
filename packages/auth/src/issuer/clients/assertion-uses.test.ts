import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { Refusal } from '../../core/refusal.ts';
import { type AssertionSender, assertionUses } from './assertion-uses.ts';

function open() {
  const clock = manualClock();
  const uses = assertionUses(clock);
  let made = 0;
  /** How many of `count` are remembered. */
  const send = (count: number, sender: (i: number) => Partial<AssertionSender>, seconds = 91): number => {
    let admitted = 0;
    for (let i = 0; i < count; i += 1) {
      made += 1;
      const whole = { clientId: 'pc1.x', kind: 'registered', address: '192.0.2.1', ...sender(i) } as const;
      try {
        uses.add(`use ${made}`, whole, seconds);
        admitted += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        expect(error).toMatchObject({ reason: 'request.rate-limited', retryAfterSeconds: 60 });
      }
    }
    return admitted;
  };
  return { clock, uses, send };
}

const anywhere = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

describe('used assertions', () => {
  it('[G8] are 5,000 from one address, whichever clients it registers', () => {
    const { send } = open();
    expect(send(6000, (i) => ({ clientId: `pc1.${i}` }))).toBe(5000);
    expect(send(6000, (i) => ({ clientId: `pc1.${i}`, address: `2001:db8::${i.toString(16)}` }))).toBe(5000);
    expect(send(1, () => ({ address: '192.0.2.2' }))).toBe(1);
  });

  it('[G8] are 10,000 of one client, from wherever, and leave other clients theirs', () => {
    const { send } = open();
    expect(send(11_000, (i) => ({ address: anywhere(i) }))).toBe(10_000);
    expect(send(1, () => ({ clientId: 'pc1.y', address: anywhere(0) }))).toBe(1);
  });

  it('[G8] are 50,000 of registered clients, which take nothing from hosted ones, and nothing from those of the operator', () => {
    const { send } = open();
    expect(send(51_000, (i) => ({ clientId: `pc1.${i}`, address: anywhere(i) }))).toBe(50_000);
    const hosted = { clientId: 'https://app.example/client.json', kind: 'document' } as const;
    expect(send(5000, () => hosted)).toBe(5000);
    expect(send(60_000, () => ({ clientId: 'intranet', kind: 'static' }))).toBe(60_000);
  });

  it('count no longer once they are taken back, or have ended, and once only', () => {
    const { send, uses, clock } = open();
    const sender = { clientId: 'pc1.x', kind: 'registered', address: '192.0.2.1' } as const;
    const takeBack = uses.add('first', sender, 91);
    expect(send(5000, () => ({}))).toBe(4999);
    // It is there already: whoever sends it again neither adds one nor takes one away.
    uses.add('first', sender, 91)();
    expect(send(1, () => ({}))).toBe(0);
    takeBack();
    expect(send(2, () => ({}))).toBe(1);
    clock.advance(90);
    expect(send(1, () => ({}))).toBe(0);
    clock.advance(1);
    expect(send(6000, () => ({}))).toBe(5000);
  });

  it('that a client has no room for take none of its address', () => {
    const { send } = open();
    expect(send(10_000, (i) => ({ address: anywhere(i) }))).toBe(10_000);
    expect(send(100, () => ({}))).toBe(0);
    expect(send(6000, (i) => ({ clientId: `pc1.${i}` }))).toBe(5000);
  });
});

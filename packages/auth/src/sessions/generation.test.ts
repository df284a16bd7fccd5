import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmGeneration, decideRefresh } from './generation.ts';
import type { Session } from './session.ts';

const NOW = Date.UTC(2026, 0, 1);
const GRACE = 60;

function session(over: Partial<Session> = {}): Session {
  return {
    id: 's'.repeat(22),
    identity: { issuer: 'https://idp.example.com', subject: 'alice' },
    clientId: 'client',
    redirectUri: 'https://app.example.com/cb',
    resource: 'https://auth.example.com/mcp',
    scopes: ['mcp:read'],
    secret: 'c2VjcmV0',
    head: 5,
    confirmed: false,
    retired: [],
    revokedTokens: [],
    createdAt: NOW,
    lastUsedAt: NOW,
    idleSeconds: 3600,
    endsAt: NOW + 3_600_000,
    signInId: 'idp',
    checkable: true,
    personCheckedAt: NOW,
    ...over,
  };
}

const decide = (held: Session, presented: number, now = NOW) => decideRefresh(held, presented, now, GRACE);

describe('what to do with a presented generation', () => {
  it('moves on from the head, and retires the one before it', () => {
    const decision = decide(session(), 5);
    expect(decision).toMatchObject({
      kind: 'rotate',
      caughtUp: false,
      next: { head: 6, confirmed: false, retired: [{ generation: 4, at: NOW }] },
    });
  });

  it('retires the one before the head once: when the head was first seen', () => {
    const seen = confirmGeneration(session(), 5, NOW - 30_000, GRACE)!;
    expect(seen).toMatchObject({ head: 5, confirmed: true, retired: [{ generation: 4, at: NOW - 30_000 }] });
    const decision = decide(seen, 5);
    expect(decision).toMatchObject({
      kind: 'rotate',
      next: { retired: [{ generation: 4, at: NOW - 30_000 }] },
    });
  });

  it('retires nothing before the first generation', () => {
    expect(decide(session({ head: 1 }), 1)).toMatchObject({ kind: 'rotate', next: { head: 2, retired: [] } });
  });

  it('[S3] repeats for the one before a head that nobody has seen, however long ago', () => {
    expect(decide(session(), 4, NOW + 80 * 86_400_000)).toEqual({ kind: 'repeat' });
  });

  it('repeats for a retired one within the grace, however many rotations lie between', () => {
    const held = session({ head: 9, confirmed: true, retired: [{ generation: 2, at: NOW - 59_999 }] });
    expect(decide(held, 2)).toEqual({ kind: 'repeat' });
  });

  it('[S3] takes a retired one past the grace for reuse', () => {
    const held = session({ head: 5, confirmed: true, retired: [{ generation: 4, at: NOW - 60_000 }] });
    expect(decide(held, 4)).toEqual({ kind: 'reuse' });
    expect(decide(session({ confirmed: true }), 4)).toEqual({ kind: 'reuse' });
    expect(decide(session(), 3)).toEqual({ kind: 'reuse' });
  });

  it('counts a negative age as zero: a clock that was set back makes nobody a thief', () => {
    const held = session({ confirmed: true, retired: [{ generation: 4, at: NOW + 5_000_000 }] });
    expect(decide(held, 4)).toEqual({ kind: 'repeat' });
  });

  it('follows a client that is ahead of a store which lost a write', () => {
    expect(decide(session({ confirmed: true }), 8)).toMatchObject({
      kind: 'rotate',
      caughtUp: true,
      next: { head: 9, confirmed: false, retired: [{ generation: 7, at: NOW }] },
    });
  });

  it('confirms the head alone, and once', () => {
    expect(confirmGeneration(session(), 4, NOW, GRACE)).toBeUndefined();
    expect(confirmGeneration(session(), 6, NOW, GRACE)).toBeUndefined();
    expect(confirmGeneration(session({ confirmed: true }), 5, NOW, GRACE)).toBeUndefined();
  });

  it('forgets retired ones past the grace, and never keeps more than 64', () => {
    const old = { generation: 1, at: NOW - 61_000 };
    const many = Array.from({ length: 64 }, (_, i) => ({ generation: i + 2, at: NOW - 1000 }));
    const seen = confirmGeneration(session({ head: 70, retired: [old, ...many] }), 70, NOW, GRACE)!;
    expect(seen.retired).toHaveLength(64);
    expect(seen.retired.at(-1)).toEqual({ generation: 69, at: NOW });
    expect(seen.retired).not.toContainEqual(old);
  });
});

describe('for any session and any generation', () => {
  const sessions = fc
    .record({
      head: fc.integer({ min: 1, max: 200 }),
      confirmed: fc.boolean(),
      ages: fc.array(fc.integer({ min: -100_000, max: 200_000 }), { maxLength: 80 }),
    })
    .map(({ head, confirmed, ages }) =>
      session({
        head,
        confirmed,
        retired: ages
          .map((age, i) => ({ generation: head - 1 - (ages.length - i), at: NOW - age }))
          .filter(({ generation }) => generation > 0),
      }),
    );

  it('never moves back, never logs the newest token out, and changes nothing but the generations', () => {
    fc.assert(
      fc.property(sessions, fc.integer({ min: 1, max: 300 }), (held, presented) => {
        const decision = decide(held, presented);
        if (presented >= held.head) expect(decision.kind).toBe('rotate');
        if (decision.kind !== 'rotate') return;
        const { head, confirmed, retired, ...rest } = decision.next;
        expect(head).toBe(presented + 1);
        expect(confirmed).toBe(false);
        expect(retired.length).toBeLessThanOrEqual(64);
        expect(retired.every(({ generation }) => generation < head)).toBe(true);
        const { head: _h, confirmed: _c, retired: _r, ...before } = held;
        expect(rest).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import type { Store } from '../store/store.ts';
import { presentAccessToken } from './presence.ts';
import { headRefreshToken, type RefreshPresenter, refreshSession } from './refresh.ts';
import { makeRefreshToken, parseRefreshToken } from './refresh-token.ts';
import { ISSUER, newSession, openReplicas, outcome } from './replicas.contract.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

const present = (over: Partial<RefreshPresenter> = {}): RefreshPresenter => ({
  clientId: 'client-1',
  check() {},
  vouch: async (session) => session.personCheckedAt,
  ...over,
});

const refresh = (sessions: Sessions, token: string, over: Partial<RefreshPresenter> = {}) =>
  refreshSession(sessions, parseRefreshToken(token)!, present(over));

async function begin(options: Parameters<typeof openReplicas>[0] = {}) {
  const house = await openReplicas(options);
  const session = await house.first.sessions.start(newSession());
  const token = headRefreshToken(house.first.sessions, session);
  return { ...house, session, token };
}

const held = async (sessions: Sessions, id: string): Promise<Session> => {
  const found = await sessions.hold(id);
  if (typeof found === 'string') throw new Error(found);
  return found.session;
};

describe('refreshing a session', () => {
  it('[S2] gives 8 parallel racers on two replicas the same successor, whatever the order of their reads and writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { replicas, session, token } = await begin({ wrap: (store) => scheduled(scheduler, store) });
        const racers = Array.from({ length: 8 }, (_, i) => refresh(replicas[i % 2]!.sessions, token));
        const all = Promise.all(racers);
        await scheduler.waitFor(all);
        const answers = await all;
        expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
        expect(answers.every((answer) => answer.session.head === 2 && answer.session.id === session.id)).toBe(
          true,
        );
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('lets only a true MAC from the own client touch a session', async () => {
    const { first, session, token, clock } = await begin();
    const second = (await refresh(first.sessions, token)).refreshToken;
    await refresh(first.sessions, second);
    clock.advance(61);
    const before = await held(first.sessions, session.id);
    // The first token is reuse by now; wrong hands still end nothing with it.
    const forged = makeRefreshToken({ sessionId: session.id, secret: 'AAAA', issuer: ISSUER }, 1);
    const elsewhere = makeRefreshToken(
      { ...session, sessionId: session.id, issuer: 'https://other.example' },
      1,
    );
    expect(await outcome(refresh(first.sessions, forged))).toBe('grant.refresh-unknown');
    expect(await outcome(refresh(first.sessions, elsewhere))).toBe('grant.refresh-unknown');
    expect(await outcome(refresh(first.sessions, token, { clientId: 'client-2' }))).toBe(
      'grant.refresh-client',
    );
    expect(await held(first.sessions, session.id)).toEqual(before);
    expect(await outcome(refresh(first.sessions, token))).toBe('grant.refresh-reused');
  });

  it('[S3] ends the session of a reused token and no other of the same person and client', async () => {
    const { first, second, session, token, clock, events } = await begin();
    const other = await first.sessions.start(newSession());
    const next = (await refresh(first.sessions, token)).refreshToken;
    await refresh(first.sessions, next);
    clock.advance(60);
    expect(await outcome(refresh(second.sessions, token))).toBe('grant.refresh-reused');
    expect(events).toContainEqual({ type: 'session.ended', sessionId: session.id, why: 'refresh-reused' });
    expect(await outcome(refresh(first.sessions, next))).toBe('grant.session-ended');
    expect(await outcome(refresh(second.sessions, headRefreshToken(first.sessions, other)))).toBe('ok');
  });

  it('looks at the request and asks the provider before anything is written', async () => {
    const { first, session, token } = await begin();
    const before = await held(first.sessions, session.id);
    const no = new Refusal('grant.scope');
    const away = new Refusal('sign-in.provider-unavailable');
    expect(
      await outcome(
        refresh(first.sessions, token, {
          check: () => {
            throw no;
          },
        }),
      ),
    ).toBe('grant.scope');
    expect(await outcome(refresh(first.sessions, token, { vouch: () => Promise.reject(away) }))).toBe(
      'sign-in.provider-unavailable',
    );
    expect(await held(first.sessions, session.id)).toEqual(before);
  });

  it('writes down when the provider vouched, and when the session was used', async () => {
    const { first, clock, token } = await begin();
    clock.advance(100);
    const { session } = await refresh(first.sessions, token, { vouch: async () => 77 });
    expect(session).toMatchObject({
      personCheckedAt: 77,
      lastUsedAt: clock.now(),
      confirmed: false,
      head: 2,
    });
  });

  it('follows a client that is ahead: the store lost a write', async () => {
    const { first, session, events } = await begin();
    const { refreshToken } = await refresh(
      first.sessions,
      headRefreshToken(first.sessions, { ...session, head: 7 }),
    );
    expect(parseRefreshToken(refreshToken)!.generation).toBe(8);
    expect(events).toContainEqual(expect.objectContaining({ type: 'session.refreshed', how: 'caught-up' }));
  });

  it('tells the audit of repeats, with address and user agent', async () => {
    const { first, token, events } = await begin();
    const from = { address: '192.0.2.7', userAgent: 'client/1' };
    await refresh(first.sessions, token, from);
    await refresh(first.sessions, token, from);
    const seen = events.filter(({ type }) => type === 'session.refreshed');
    expect(seen).toMatchObject([
      { how: 'rotated', ...from },
      { how: 'repeated', ...from, generation: 2 },
    ]);
    expect(JSON.stringify(seen)).not.toContain('pcr.');
  });

  it('bounds repeats of one rotation, and logs nobody out by it', async () => {
    const { first, second, token, clock } = await begin();
    await refresh(first.sessions, token);
    for (let i = 0; i < 100; i += 1) await refresh(i % 2 ? first.sessions : second.sessions, token);
    const refused: unknown = await refresh(first.sessions, token).catch((error: unknown) => error);
    expect(refused).toMatchObject({ reason: 'request.rate-limited', retryAfterSeconds: 60 });
    clock.advance(61);
    expect(await outcome(refresh(first.sessions, token))).toBe('ok');
  });

  it('[S4] answers 503 while the store is away, at every single call, and goes on when it is back', async () => {
    for (const down of ['get session', 'update session', 'increment counter']) {
      const { first, token, control } = await begin();
      // Repeats are counted, rotations are not.
      if (down.startsWith('increment')) await refresh(first.sessions, token);
      control.outage = (method, kind) => `${method} ${String(kind)}` === down;
      expect(await outcome(refresh(first.sessions, token))).toBe('store.unavailable');
      control.outage = 'none';
      expect(await outcome(refresh(first.sessions, token))).toBe('ok');
    }
  });

  it('[S3] keeps a client logged in whose refresh was written although the store said nothing', async () => {
    const { first, second, token, control, clock } = await begin();
    control.when = 'after';
    control.outage = (method) => method === 'update';
    expect(await outcome(refresh(first.sessions, token))).toBe('store.unavailable');
    control.outage = 'none';
    clock.advance(20 * 86_400);
    const { refreshToken } = await refresh(second.sessions, token);
    expect(parseRefreshToken(refreshToken)!.generation).toBe(2);
  });

  it('does not revive a session that is revoked while it refreshes', async () => {
    const { first, second, session, token } = await begin();
    const vouch = async () => {
      await second.sessions.end(session.id, 'revoked');
      return 0;
    };
    expect(await outcome(refresh(first.sessions, token, { vouch }))).toBe('grant.session-ended');
    expect(await first.sessions.hold(session.id)).toBe('revoked');
    await expect(
      presentAccessToken(first.sessions, { sessionId: session.id, generation: 1, jti: 'j' }),
    ).rejects.toThrow('token.session-ended');
  });

  it('gives up with 503, not with a log-out, when others write faster than it can', async () => {
    const { first, second, session, token } = await begin();
    let writes = 0;
    const vouch = async () => {
      writes += 1;
      await second.sessions.change(session.id, (current) => ({ ...current, lastUsedAt: writes }));
      return 0;
    };
    expect(await outcome(refresh(first.sessions, token, { vouch }))).toBe('store.unavailable');
    expect(await outcome(refresh(first.sessions, token))).toBe('ok');
  });

  it('knows no session that never was, has ended, or is past its absolute end', async () => {
    const { first, token, clock, session } = await begin({ lifetimes: { sessionAbsoluteSeconds: 100 } });
    const nobody = makeRefreshToken({ ...session, sessionId: 'x'.repeat(22), issuer: ISSUER }, 1);
    expect(await outcome(refresh(first.sessions, nobody))).toBe('grant.refresh-unknown');
    clock.advance(99);
    expect(await outcome(refresh(first.sessions, token))).toBe('ok');
    clock.advance(1);
    expect(await outcome(refresh(first.sessions, token))).toBe('grant.refresh-unknown');
  });
});

/** Every answer of the store comes when the scheduler says so. */
function scheduled(scheduler: fc.Scheduler, store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || (name !== 'get' && name !== 'update' && name !== 'increment'))
        return member;
      return async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve());
        const done: unknown = await Reflect.apply(member, target, args);
        await scheduler.schedule(Promise.resolve());
        return done;
      };
    },
  });
}

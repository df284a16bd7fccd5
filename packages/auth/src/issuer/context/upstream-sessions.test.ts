import { describe, expect, it } from 'vitest';
import { scriptedSignIn } from '../../auth.contract.ts';
import { systemRandom } from '../../core/random.ts';
import { Refusal } from '../../core/refusal.ts';
import { DEFAULT_LIFETIMES, type Lifetimes } from '../../sessions/lifetimes.ts';
import { newSession, openReplicas, outcome } from '../../sessions/replicas.contract.ts';
import type { ProviderTokens } from '../../upstream/provider.ts';
import { UpstreamSessions } from './upstream-sessions.ts';

const HOUR = 3600;

async function begin(script: Parameters<typeof scriptedSignIn>[1] = {}, over: Partial<Lifetimes> = {}) {
  const lifetimes = { ...DEFAULT_LIFETIMES, ...over };
  const house = await openReplicas({ lifetimes });
  const idp = scriptedSignIn('idp', script);
  const { clock, events } = house;
  const waits: (() => void)[] = [];
  const upstreams = house.replicas.map(
    ({ records, sessions }) =>
      new UpstreamSessions({
        collection: records.collection('upstream-tokens'),
        leases: records.collection('lease'),
        sessions,
        signIns: [idp.signIn],
        lifetimes,
        clock,
        random: systemRandom,
        onEvent: (event) => events.push(event),
        wait: () =>
          new Promise((resolve) => {
            waits.push(resolve);
            setImmediate(resolve);
          }),
      }),
  );
  const session = await house.first.sessions.start(newSession());
  await upstreams[0]!.keep(session, { accessToken: 'a', refreshToken: 'r' }, 90 * 86_400);
  return { ...house, ...idp, upstreams, session, waits };
}

describe('the provider’s side of a session', () => {
  it('is not asked when it vouched lately, cannot be asked, or is not asked again soon', async () => {
    const { upstreams, session, asked, clock } = await begin();
    clock.advance(60);
    expect(await upstreams[0]!.vouch(session)).toBe(session.personCheckedAt);
    clock.advance(HOUR);
    expect(await upstreams[0]!.vouch({ ...session, checkable: false })).toBe(session.personCheckedAt);
    expect(await upstreams[0]!.vouch({ ...session, signInId: 'another' })).toBe(session.personCheckedAt);
    expect(asked.refreshes).toBe(0);
  });

  it('[S2] is asked once, however many wait on however many replicas', async () => {
    const { upstreams, session, asked, clock, waits } = await begin({
      refresh: async (tokens) => {
        for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
        return { ...tokens, refreshToken: 'rotated' };
      },
    });
    clock.advance(HOUR);
    const vouched = await Promise.all(Array.from({ length: 8 }, (_, i) => upstreams[i % 2]!.vouch(session)));
    expect(vouched).toEqual(Array(8).fill(clock.now()));
    expect(asked.refreshes).toBe(1);
    expect(waits.length).toBeGreaterThan(0);
  });

  it('[S9] is asked once for both, when a tool wants its token while the person is looked at', async () => {
    const until = (clock: { now(): number }) => Math.floor(clock.now() / 1000) + 300;
    const { upstreams, session, asked, clock } = await begin({
      refresh: async (tokens) => ({ ...tokens, accessToken: 'fresh', expiresAt: until(clock) }),
    });
    const ended: ProviderTokens = { accessToken: 'a', refreshToken: 'r', expiresAt: until(clock) };
    await upstreams[0]!.keep(session, ended, 90 * 86_400);
    clock.advance(HOUR);
    const found = await Promise.all(
      [0, 1, 0, 1].flatMap((i) => [upstreams[i]!.vouch(session), upstreams[i]!.tokens(session)]),
    );
    expect(new Set(found.map((each) => (typeof each === 'object' ? each.accessToken : each)))).toEqual(
      new Set([clock.now(), 'fresh']),
    );
    expect(asked.refreshes).toBe(1);
  });

  it('[S9] that says nothing of the end of a new token is believed, and not asked at every call', async () => {
    const { upstreams, session, asked, clock } = await begin({
      refresh: async () => ({ accessToken: 'fresh', refreshToken: 'r' }),
    });
    const expiresAt = Math.floor(clock.now() / 1000) + 10;
    await upstreams[0]!.keep(session, { accessToken: 'a', refreshToken: 'r', expiresAt }, 90 * 86_400);
    clock.advance(4);
    expect((await upstreams[0]!.tokens(session))?.accessToken).toBe('a');
    clock.advance(1);
    for (let call = 0; call < 3; call += 1) {
      expect((await upstreams[1]!.tokens(session))?.accessToken).toBe('fresh');
      clock.advance(HOUR);
    }
    expect(asked.refreshes).toBe(1);
  });

  it('[S4] that is away, misconfigured or a fault ends nothing, and is asked again', async () => {
    const faults: unknown[] = [
      new Refusal('sign-in.provider-unavailable'),
      new Refusal('sign-in.provider-misconfigured'),
      new Error('fault'),
    ];
    const { upstreams, session, clock, first } = await begin({
      refresh: async (tokens) => {
        const fault = faults.shift();
        if (fault) throw fault;
        return tokens;
      },
    });
    clock.advance(HOUR);
    await expect(upstreams[0]!.vouch(session)).rejects.toThrow('sign-in.provider-unavailable');
    await expect(upstreams[1]!.vouch(session)).rejects.toThrow('sign-in.provider-misconfigured');
    await expect(upstreams[0]!.vouch(session)).rejects.toThrow('fault');
    expect(await upstreams[1]!.vouch(session)).toBe(clock.now());
    expect(typeof (await first.sessions.hold(session.id))).toBe('object');
  });

  it('[S5] that says no ends the session, once, and is not asked again', async () => {
    const { upstreams, session, clock, first, asked, events } = await begin({
      refresh: () => Promise.reject(new Refusal('grant.upstream-ended')),
    });
    clock.advance(HOUR);
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('grant.upstream-ended');
    expect(await first.sessions.hold(session.id)).toBe('upstream-ended');
    expect(asked.refreshes).toBe(1);
    expect(events).toContainEqual({ type: 'session.ended', sessionId: session.id, why: 'upstream-ended' });
  });

  it('[S5] that says no to tokens which another process has replaced ends nothing', async () => {
    const stale: { replace?: () => Promise<void> } = {};
    const { upstreams, session, clock, first } = await begin({
      refresh: async () => {
        await stale.replace?.();
        throw new Refusal('grant.upstream-ended');
      },
    });
    const tokens: ProviderTokens = { accessToken: 'b', refreshToken: 'newer' };
    stale.replace = () => upstreams[1]!.keep(session, tokens, 1000);
    clock.advance(HOUR);
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('ok');
    expect(typeof (await first.sessions.hold(session.id))).toBe('object');
  });

  it('keeps its tokens as long as the session can live, also where sessions idle shorter than checks lie apart', async () => {
    const { upstreams, session, clock, first } = await begin(
      {},
      { sessionIdleSeconds: 600, accessTokenSeconds: 60, personCheckSeconds: HOUR },
    );
    let current = session;
    for (let i = 0; i < 40; i += 1) {
      clock.advance(300);
      const personCheckedAt = await upstreams[i % 2]!.vouch(current);
      const next = await first.sessions.change(current.id, (held) => ({ ...held, personCheckedAt }));
      expect(next).toBeDefined();
      current = next!;
    }
  });

  it('ends the session when its tokens are gone: nobody could vouch for the person any more', async () => {
    const { upstreams, session, clock, store, first } = await begin();
    clock.advance(HOUR);
    await store.delete('upstream-tokens', session.id);
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('grant.upstream-ended');
    expect(await first.sessions.hold(session.id)).toBe('upstream-ended');
  });

  it('[S4] is 503 while the store is away, and nothing ended', async () => {
    const { upstreams, session, clock, control, first } = await begin();
    clock.advance(HOUR);
    control.outage = 'all';
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('store.unavailable');
    expect(await outcome(upstreams[0]!.release(session.id))).toBe('store.unavailable');
    control.outage = 'none';
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('ok');
    expect(typeof (await first.sessions.hold(session.id))).toBe('object');
  });

  it('outlives a process that died while it was asking', async () => {
    const { upstreams, session, clock, first, asked } = await begin();
    clock.advance(HOUR);
    await first.records.collection('lease').create(session.id, { holder: 'dead' }, 30);
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('sign-in.provider-unavailable');
    clock.advance(30);
    expect(await outcome(upstreams[0]!.vouch(session))).toBe('ok');
    expect(asked.refreshes).toBe(1);
  });

  it('gets its tokens back once, when the session has ended', async () => {
    const { upstreams, session, asked, store, first } = await begin();
    await first.sessions.end(session.id, 'revoked');
    await Promise.all(upstreams.map((each) => each.release(session.id)));
    expect(asked.revoked).toEqual(['r']);
    expect((await store.list('upstream-tokens')).keys).toEqual([]);
  });

  it('keeps what the person allowed while another session of theirs hangs on it, and gives it back with the last', async () => {
    const { upstreams, session, asked, first } = await begin();
    const other = await first.sessions.start({ ...newSession(), id: 'other-session' });
    await upstreams[0]!.keep(other, { accessToken: 'b', refreshToken: 'r2' }, 90 * 86_400);
    await first.sessions.end(session.id, 'revoked');
    await upstreams[0]!.release(session.id);
    expect(asked.revoked).toEqual([]);
    await first.sessions.end(other.id, 'revoked');
    await upstreams[1]!.release(other.id);
    expect(asked.revoked.toSorted()).toEqual(['r', 'r2']);
  });
});

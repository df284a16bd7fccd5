import { describe, expect, it } from 'vitest';
import { personKey } from '../core/identity.ts';
import type { Store } from '../store/store.ts';
import { DEFAULT_LIFETIMES } from './lifetimes.ts';
import { presentAccessToken } from './presence.ts';
import { newSession, openReplicas, outcome } from './replicas.contract.ts';
import type { SessionRecord } from './session.ts';
import { absoluteSeconds, MAX_REVOKED_TOKENS } from './sessions.ts';

async function begin(options: Parameters<typeof openReplicas>[0] = {}) {
  const house = await openReplicas(options);
  const fresh = newSession();
  const session = await house.first.sessions.start(fresh);
  return { ...house, fresh, session };
}

/** A store that does every update at once, and answers when it is told to: all that wait, or one of them. */
function slowToAnswer() {
  const waiting: (() => void)[] = [];
  const wrap = (inner: Store): Store => ({
    ...inner,
    async update(...record) {
      const written = await inner.update(...record);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return written;
    },
  });
  const answerUpdates = (which?: number) => {
    for (const answer of which === undefined ? waiting.splice(0) : waiting.splice(which, 1)) answer();
  };
  return { wrap, answerUpdates };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}

describe('sessions', () => {
  it('are known to live by person and sign-in, for as long as they do', async () => {
    const { first, session, clock } = await begin();
    const { identity } = session;
    const lives = (who = identity, signInId = 'idp') => first.sessions.hasLive(who, signInId);
    expect(await lives()).toBe(true);
    expect(await lives(identity, 'other')).toBe(false);
    expect(await lives({ ...identity, issuer: 'https://other.example' })).toBe(false);
    // However many of others come first.
    for (let i = 0; i < 150; i += 1) await first.sessions.start(newSession({ signInId: 'other' }));
    expect(await lives()).toBe(true);
    await first.sessions.end(session.id, 'revoked');
    expect([await lives(), await lives(identity, 'other')]).toEqual([false, true]);
    clock.advance(DEFAULT_LIFETIMES.sessionIdleSeconds);
    expect(await lives(identity, 'other')).toBe(false);
  });

  it('start unconfirmed at generation 1 with 256 random bits of their own', async () => {
    const { session, clock, events, first } = await begin();
    const other = await first.sessions.start(newSession());
    expect(session).toMatchObject({ head: 1, confirmed: false, retired: [], createdAt: clock.now() });
    expect(session.secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(other.secret).not.toBe(session.secret);
    expect(events[0]).toMatchObject({ type: 'session.started', sessionId: session.id, subject: 'alice' });
    expect(JSON.stringify(events)).not.toContain(session.secret);
  });

  it('start once: the same session can not be started over', async () => {
    const { second, fresh, session } = await begin();
    expect(await outcome(second.sessions.start(fresh))).toBe('grant.code-spent');
    expect(await second.sessions.hold(session.id)).toMatchObject({ session: { secret: session.secret } });
  });

  it('can be listed by person and by client', async () => {
    const { first, second, session } = await begin();
    await first.sessions.start(
      newSession({ clientId: 'client-2', identity: { issuer: 'https://other.example', subject: 'alice' } }),
    );
    const collection = second.records.collection<SessionRecord>('session');
    const person = await collection.list({ index: { name: 'person', value: personKey(session.identity) } });
    const client = await collection.list({ index: { name: 'client', value: 'client-1' } });
    expect(person.records.map(({ key }) => key)).toEqual([session.id]);
    expect(client.records.map(({ key }) => key)).toEqual([session.id]);
  });

  it('end once and for all: no write that comes late revives one', async () => {
    const { first, second, session } = await begin();
    const found = await second.sessions.hold(session.id);
    await first.sessions.end(session.id, 'revoked');
    await first.sessions.end(session.id, 'revoked');
    if (typeof found === 'string') throw new Error(found);
    expect(await second.sessions.write(found.held, { ...found.session, head: 2 })).toBe(false);
    expect(await second.sessions.change(session.id, (current) => ({ ...current, head: 9 }))).toBeUndefined();
    expect(await second.sessions.hold(session.id)).toBe('revoked');
  });

  it('can be ended before they begin', async () => {
    const { first, second } = await begin();
    const fresh = newSession();
    await first.sessions.end(fresh.id, 'code-replayed');
    expect(await outcome(second.sessions.start(fresh))).toBe('grant.code-spent');
  });

  it('keep every change of 20 writers on two replicas', async () => {
    const { replicas, session, first } = await begin();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        replicas[i % 2]!.sessions.change(session.id, (current) => ({
          ...current,
          lastUsedAt: current.lastUsedAt + 1,
        })),
      ),
    );
    expect(await first.sessions.hold(session.id)).toMatchObject({
      session: { lastUsedAt: session.lastUsedAt + 20 },
    });
  });

  it('end when they are idle too long, and use prolongs them up to the absolute end', async () => {
    const { first, clock, session } = await begin({
      lifetimes: { sessionIdleSeconds: 100, sessionAbsoluteSeconds: 250 },
    });
    const use = () =>
      first.sessions.change(session.id, (current) => ({ ...current, lastUsedAt: clock.now() }));
    clock.advance(99);
    expect(await use()).toBeDefined();
    clock.advance(99);
    expect(await use()).toBeDefined();
    clock.advance(52);
    expect(await use()).toBeUndefined();
    const other = await first.sessions.start(newSession());
    clock.advance(100);
    expect(await first.sessions.hold(other.id)).toBe('unknown');
  });

  it('live shorter where nobody can ask the provider again', () => {
    expect(absoluteSeconds({ checkable: true }, DEFAULT_LIFETIMES)).toBe(90 * 86_400);
    expect(absoluteSeconds({ checkable: false }, DEFAULT_LIFETIMES)).toBe(86_400);
    expect(absoluteSeconds({ checkable: false }, { ...DEFAULT_LIFETIMES, sessionAbsoluteSeconds: 60 })).toBe(
      60,
    );
  });

  it('forget a revoked token when it would have expired by itself', async () => {
    const { first, clock, session } = await begin();
    const nowSeconds = clock.now() / 1000;
    await first.sessions.revokeAccessToken(session.id, 'old', nowSeconds + 10);
    clock.advance(10);
    await first.sessions.revokeAccessToken(session.id, 'new', nowSeconds + 100);
    await first.sessions.revokeAccessToken(session.id, 'new', nowSeconds + 100);
    expect(await first.sessions.hold(session.id)).toMatchObject({
      session: { revokedTokens: [{ jti: 'new', expiresAt: nowSeconds + 100 }] },
    });
  });

  it('end when a client revokes more tokens of one than a record should hold: nothing revoked comes back, nothing grows', async () => {
    const { first, clock, session } = await begin();
    const expiresAt = clock.now() / 1000 + 3600;
    for (let i = 0; i < MAX_REVOKED_TOKENS; i += 1)
      await first.sessions.revokeAccessToken(session.id, `t${i}`, expiresAt);
    expect(typeof (await first.sessions.hold(session.id))).toBe('object');
    await first.sessions.revokeAccessToken(session.id, 'one more', expiresAt);
    expect(await first.sessions.hold(session.id)).toBe('revoked');
  });

  it('[S4] throw 503 at every call while the store is away', async () => {
    const { first, session, control } = await begin();
    control.outage = 'all';
    const { sessions } = first;
    for (const work of [
      () => sessions.start(newSession()),
      () => sessions.hold(session.id),
      () => sessions.change(session.id, (current) => current),
      () => sessions.look(session.id),
      () => sessions.end(session.id, 'revoked'),
      () => sessions.revokeAccessToken(session.id, 'j', 1),
    ]) {
      expect(await outcome(work())).toBe('store.unavailable');
    }
  });

  it('[G6] know of an end in this process even when the store could not be told', async () => {
    const { first, session, control } = await begin();
    control.outage = 'all';
    await outcome(first.sessions.end(session.id, 'revoked'));
    expect(first.sessions.peek(session.id)).toMatchObject({ ended: 'revoked' });
  });

  it('[G6] stay ended in this process, although a write that came before is told later', async () => {
    const { wrap, answerUpdates } = slowToAnswer();
    const { first, session } = await begin({ count: 1, wrap });
    const used = first.sessions.change(session.id, (current) => ({ ...current, lastUsedAt: 1 }));
    await turns();
    await first.sessions.end(session.id, 'revoked');
    answerUpdates();
    await used;
    expect(first.sessions.peek(session.id)).toMatchObject({ ended: 'revoked' });
    expect(await first.sessions.look(session.id)).toMatchObject({ ended: 'revoked' });
  });

  it('[G6] keep a revoked token revoked in this process, although a write that came before is told later', async () => {
    const { wrap, answerUpdates } = slowToAnswer();
    const { first, session, clock } = await begin({ count: 1, wrap });
    const { sessions } = first;
    const token = { sessionId: session.id, generation: 1, jti: 'j' };
    // The first sight of a generation is written down; the store has it, and takes its time to say so.
    const seen = outcome(presentAccessToken(sessions, token));
    await turns();
    const revoked = sessions.revokeAccessToken(session.id, 'j', clock.now() / 1000 + 3600);
    await turns();
    answerUpdates(1);
    await revoked;
    answerUpdates();
    await seen;
    expect(await outcome(presentAccessToken(sessions, token))).toBe('token.revoked');
  });

  it('are sealed: the store sees neither people nor secrets', async () => {
    const { store, session } = await begin();
    const bytes = (await store.get('session', session.id))!.bytes;
    const text = Buffer.from(bytes).toString('latin1');
    for (const word of ['alice', session.secret, 'mcp:read', 'client-1']) expect(text).not.toContain(word);
  });
});

import { describe, expect, it } from 'vitest';
import { presentAccessToken, presentAtOnce } from './presence.ts';
import { newSession, openReplicas, outcome } from './replicas.contract.ts';

async function begin(options: Parameters<typeof openReplicas>[0] = {}) {
  const house = await openReplicas(options);
  const session = await house.first.sessions.start(newSession());
  const token = { sessionId: session.id, generation: 1, jti: 'jti-1' };
  return { ...house, session, token };
}

describe('the session behind an access token', () => {
  it('is confirmed at the first sight of its generation, by one write', async () => {
    const { first, second, token, session, control } = await begin();
    expect(presentAtOnce(first.sessions, token)).toBeUndefined();
    expect(await presentAccessToken(first.sessions, token)).toMatchObject({
      id: session.id,
      confirmed: true,
    });
    control.calls.length = 0;
    expect(presentAtOnce(first.sessions, token)).toMatchObject({ confirmed: true });
    await presentAccessToken(second.sessions, token);
    await presentAccessToken(second.sessions, token);
    expect(control.calls).toEqual(['get session']);
  });

  it('reads no store and waits for nothing inside the liveness window', async () => {
    const { first, token, control, clock } = await begin();
    await presentAccessToken(first.sessions, token);
    control.outage = 'all';
    clock.advance(4.9);
    expect(presentAtOnce(first.sessions, token)).toBeDefined();
    clock.advance(0.1);
    expect(presentAtOnce(first.sessions, token)).toBeUndefined();
    expect(await outcome(presentAccessToken(first.sessions, token))).toBe('store.unavailable');
    control.outage = 'none';
    expect(await outcome(presentAccessToken(first.sessions, token))).toBe('ok');
  });

  it('[G6] is gone at once in the process that ended it, and within 5 seconds in the other', async () => {
    const { first, second, token, session, clock } = await begin();
    await presentAccessToken(first.sessions, token);
    await presentAccessToken(second.sessions, token);
    await first.sessions.end(session.id, 'revoked');
    expect(() => presentAtOnce(first.sessions, token)).toThrow('token.session-ended');
    clock.advance(5);
    expect(await outcome(presentAccessToken(second.sessions, token))).toBe('token.session-ended');
  });

  it('[G6] refuses one revoked token and takes its sister', async () => {
    const { first, second, token, session, clock } = await begin();
    await first.sessions.revokeAccessToken(session.id, 'jti-1', clock.now() / 1000 + 3600);
    const sister = { ...token, jti: 'jti-2' };
    for (const { sessions } of [first, second]) {
      expect(await outcome(presentAccessToken(sessions, token))).toBe('token.revoked');
      expect(await outcome(presentAccessToken(sessions, sister))).toBe('ok');
      expect(() => presentAtOnce(sessions, token)).toThrow('token.revoked');
    }
  });

  it('does not live when its client, sign-in or resource is no longer configured', async () => {
    let configured = true;
    const { first, token } = await begin({ isConfigured: () => configured });
    expect(await outcome(presentAccessToken(first.sessions, token))).toBe('ok');
    configured = false;
    expect(() => presentAtOnce(first.sessions, token)).toThrow('token.session-ended');
    expect(await outcome(presentAccessToken(first.sessions, token))).toBe('token.session-ended');
  });

  it('takes a token of a generation that the store lost, and one of an earlier generation', async () => {
    const { first, token } = await begin();
    expect(await outcome(presentAccessToken(first.sessions, { ...token, generation: 9 }))).toBe('ok');
    expect(await presentAccessToken(first.sessions, { ...token, generation: 9 })).toMatchObject({ head: 1 });
  });

  it('ends at the absolute end of the session, also inside the window', async () => {
    const { first, token, clock } = await begin({ lifetimes: { sessionAbsoluteSeconds: 3 } });
    await presentAccessToken(first.sessions, token);
    clock.advance(3);
    expect(() => presentAtOnce(first.sessions, token)).toThrow('token.session-ended');
  });

  it('is unknown when it never was', async () => {
    const { first } = await begin();
    const nobody = { sessionId: 'n'.repeat(22), generation: 1, jti: 'j' };
    expect(await outcome(presentAccessToken(first.sessions, nobody))).toBe('token.session-ended');
  });
});

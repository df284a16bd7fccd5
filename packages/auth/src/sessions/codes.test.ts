import { describe, expect, it } from 'vitest';
import { systemRandom } from '../core/random.ts';
import { codeChallenge } from '../protocol/pkce.ts';
import { type CodeRecord, type CodeRedemption, type IssuedCode, openCodes } from './codes.ts';
import { newSession, openReplicas, outcome } from './replicas.contract.ts';

const VERIFIER = 'v'.repeat(43);

async function begin() {
  const house = await openReplicas();
  const ended: string[] = [];
  const codesOf = (replica: (typeof house.replicas)[number]) =>
    openCodes({
      collection: replica.records.collection<CodeRecord>('code'),
      clock: house.clock,
      random: systemRandom,
      codeSeconds: 60,
      endSession: async (id) => {
        ended.push(id);
        await replica.sessions.end(id, 'code-replayed');
      },
    });
  const [a, b] = house.replicas.map(codesOf) as [ReturnType<typeof openCodes>, ReturnType<typeof openCodes>];
  const issued: IssuedCode = {
    session: newSession(),
    challenge: codeChallenge(VERIFIER),
    upstream: { accessToken: 'up' },
  };
  const code = await a.issue(issued);
  const right: CodeRedemption = {
    code,
    clientId: issued.session.clientId,
    redirectUri: issued.session.redirectUri,
    verifier: VERIFIER,
    resource: issued.session.resource,
  };
  return { ...house, a, b, issued, code, right, ended };
}

describe('an authorization code', () => {
  it('gives what was approved, with all parameters or with those that OAuth 2.1 keeps', async () => {
    const { a, right, issued } = await begin();
    expect(await a.redeem(right)).toEqual(issued);
    const again = await begin();
    const { redirectUri: _r, resource: _s, ...least } = again.right;
    expect(await again.b.redeem(least)).toEqual(again.issued);
  });

  it('[AS-8] is 256 random bits', async () => {
    const { a, issued, code } = await begin();
    expect(code).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await a.issue(issued)).not.toBe(code);
  });

  it('[S1] is redeemed by exactly one of 8 at once over two replicas, and the losers revoke nothing', async () => {
    const { a, b, right, ended } = await begin();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => outcome((i % 2 ? a : b).redeem(right))),
    );
    expect(outcomes.filter((each) => each === 'ok')).toHaveLength(1);
    expect(outcomes.filter((each) => each === 'grant.code-spent')).toHaveLength(7);
    expect(ended).toEqual([]);
  });

  it('[S1] spares the session from a retry of the right client within 10 seconds, and not after', async () => {
    const { a, b, right, ended, clock, issued } = await begin();
    await a.redeem(right);
    clock.advance(9.999);
    expect(await outcome(b.redeem(right))).toBe('grant.code-spent');
    expect(ended).toEqual([]);
    clock.advance(0.001);
    expect(await outcome(b.redeem(right))).toBe('grant.code-spent');
    expect(ended).toEqual([issued.session.id]);
  });

  it('[S1] ends the session when the replay comes from another client or without the verifier', async () => {
    for (const wrong of [{ clientId: 'other' }, { verifier: 'w'.repeat(43) }]) {
      const { a, right, ended, issued } = await begin();
      await a.redeem(right);
      expect(await outcome(a.redeem({ ...right, ...wrong }))).toBe('grant.code-spent');
      expect(ended).toEqual([issued.session.id]);
    }
  });

  it('[S1] a replay ends even a session that is written a moment later', async () => {
    const { a, b, right, first, issued } = await begin();
    await a.redeem(right);
    await outcome(b.redeem({ ...right, clientId: 'thief' }));
    expect(await outcome(first.sessions.start(issued.session))).toBe('grant.code-spent');
    expect(await first.sessions.hold(issued.session.id)).toBe('code-replayed');
  });

  it('[AS-8] is checked before it is touched: a wrong guess does not spend it', async () => {
    const { a, right, issued, ended } = await begin();
    const wrong: [Partial<CodeRedemption>, string][] = [
      [{ clientId: 'other' }, 'grant.code-client'],
      [{ redirectUri: 'https://evil.example/callback' }, 'grant.code-redirect-uri'],
      [{ redirectUri: `${issued.session.redirectUri}/` }, 'grant.code-redirect-uri'],
      [{ verifier: 'w'.repeat(43) }, 'grant.code-verifier'],
      [{ verifier: '' }, 'grant.code-verifier'],
      [{ verifier: issued.challenge }, 'grant.code-verifier'],
      [{ resource: 'https://auth.example.com/other' }, 'grant.resource'],
      [{ code: 'x'.repeat(43) }, 'grant.code-unknown'],
    ];
    for (const [over, reason] of wrong) expect(await outcome(a.redeem({ ...right, ...over }))).toBe(reason);
    expect(ended).toEqual([]);
    expect(await outcome(a.redeem(right))).toBe('ok');
  });

  it('takes the spelling of a resource that clients really send', async () => {
    const { a, right } = await begin();
    expect(await outcome(a.redeem({ ...right, resource: 'HTTPS://AUTH.example.com/mcp' }))).toBe('ok');
  });

  it('lives for 60 seconds', async () => {
    const { a, right, clock } = await begin();
    clock.advance(60);
    expect(await outcome(a.redeem(right))).toBe('grant.code-unknown');
    const young = await begin();
    young.clock.advance(59);
    expect(await outcome(young.a.redeem(young.right))).toBe('ok');
  });

  it('is remembered as spent for 10 minutes past its expiry', async () => {
    const { a, b, right, clock, ended } = await begin();
    await a.redeem(right);
    clock.advance(659);
    expect(await outcome(b.redeem(right))).toBe('grant.code-spent');
    expect(ended).toHaveLength(1);
    clock.advance(2);
    expect(await outcome(b.redeem(right))).toBe('grant.code-unknown');
  });

  it('drops identity and tokens of the provider once it is spent', async () => {
    const { a, right, code, first } = await begin();
    await a.redeem(right);
    const record = await first.records.collection<CodeRecord>('code').get(code);
    expect(Object.keys(record!.value).sort()).toEqual(['challenge', 'clientId', 'sessionId', 'spentAt']);
  });

  it('counts a negative age as zero', async () => {
    const { a, right, clock, ended } = await begin();
    await a.redeem(right);
    clock.advance(-50);
    expect(await outcome(a.redeem(right))).toBe('grant.code-spent');
    expect(ended).toEqual([]);
  });

  it('[S4] is 503 while the store is away, and unspent when it comes back', async () => {
    const { a, issued, right, control } = await begin();
    for (const method of ['get', 'update']) {
      control.outage = (called) => called === method;
      expect(await outcome(a.redeem(right))).toBe('store.unavailable');
    }
    control.outage = 'all';
    expect(await outcome(a.issue(issued))).toBe('store.unavailable');
    control.outage = 'none';
    expect(await outcome(a.redeem(right))).toBe('ok');
  });
});

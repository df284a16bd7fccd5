import { describe, expect, it } from 'vitest';
import { systemRandom } from '../core/random.ts';
import { openReplicas, outcome } from './replicas.contract.ts';
import { hashBrowser, openTransactions, type Transaction } from './transactions.ts';

const COOKIE = 'c'.repeat(22);

async function begin() {
  const house = await openReplicas();
  const [a, b] = house.replicas.map(({ records }) =>
    openTransactions({
      collection: records.collection<Transaction>('transaction'),
      clock: house.clock,
      random: systemRandom,
      transactionSeconds: 600,
    }),
  ) as [ReturnType<typeof openTransactions>, ReturnType<typeof openTransactions>];
  const transaction: Transaction = {
    purpose: 'authorization',
    request: {
      clientId: 'client-1',
      redirectUri: 'https://app.example.com/cb',
      challenge: 'x'.repeat(43),
      scopes: ['mcp:read'],
      resource: 'https://auth.example.com/mcp',
    },
    browser: hashBrowser(COOKIE),
    signInId: 'idp',
    secrets: { verifier: 'secret' },
  };
  const id = a.newId();
  await a.begin(id, transaction);
  return { ...house, a, b, id, transaction };
}

describe('an approval on its way through sign-in', () => {
  it('[PX-5] is consumed once, by the browser that approved, on any replica', async () => {
    const { a, b, id, transaction } = await begin();
    expect(await b.take(id, COOKIE, 'authorization')).toEqual(transaction);
    expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('authorization.expired');
  });

  it('[PX-5] is consumed by one of 8 callbacks at once', async () => {
    const { a, b, id } = await begin();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => outcome((i % 2 ? a : b).take(id, COOKIE, 'authorization'))),
    );
    expect(outcomes.filter((each) => each === 'ok')).toHaveLength(1);
    expect(outcomes.filter((each) => each === 'authorization.expired')).toHaveLength(7);
  });

  it("[G3] can not be used up by a stranger's browser", async () => {
    const { a, id } = await begin();
    for (const cookie of [undefined, '', 'd'.repeat(22), hashBrowser(COOKIE)]) {
      expect(await outcome(a.take(id, cookie, 'authorization'))).toBe('authorization.wrong-browser');
    }
    expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('ok');
  });

  it('[G8] is refused when too many are begun and not finished, and nothing is written then', async () => {
    const { a, id, transaction, store } = await begin();
    const others = Array.from({ length: 2000 }, () => a.newId());
    for (const other of others) await a.begin(other, transaction, '192.0.2.1');
    expect(await outcome(a.begin(a.newId(), transaction, '192.0.2.1'))).toBe('request.rate-limited');
    const count = async (cursor?: string): Promise<number> => {
      const page = await store.list('transaction', { cursor, limit: 1000 });
      return page.keys.length + (page.cursor === undefined ? 0 : await count(page.cursor));
    };
    expect(await count()).toBe(2001);
    // Who signs in makes room, and nobody else is kept out.
    expect(await outcome(a.take(others[0]!, COOKIE, 'authorization'))).toBe('ok');
    expect(await outcome(a.begin(a.newId(), transaction, '192.0.2.1'))).toBe('ok');
    expect(await outcome(a.begin(a.newId(), transaction, '192.0.2.2'))).toBe('ok');
    expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('ok');
  });

  it('[PX-5] is for what it was begun for, and another use does not use it up', async () => {
    const { a, id } = await begin();
    expect(await outcome(a.take(id, COOKIE, 'login-check'))).toBe('authorization.expired');
    expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('ok');
    const check = a.newId();
    const browser = hashBrowser(COOKIE);
    await a.begin(check, { purpose: 'login-check', browser, signInId: 'idp', secrets: {} });
    expect(await outcome(a.take(check, COOKIE, 'authorization'))).toBe('authorization.expired');
    expect(await outcome(a.take(check, COOKIE, 'login-check'))).toBe('ok');
  });

  it('ends after 10 minutes', async () => {
    const { a, id, clock } = await begin();
    clock.advance(600);
    expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('authorization.expired');
  });

  it('has an id of 128 random bits', async () => {
    const { a } = await begin();
    expect(a.newId()).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(a.newId()).not.toBe(a.newId());
  });

  it('[S4] is 503 while the store is away, and still there afterwards', async () => {
    const { a, id, control, transaction } = await begin();
    for (const method of ['get', 'take']) {
      control.outage = (called) => called === method;
      expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('store.unavailable');
    }
    control.outage = 'all';
    expect(await outcome(a.begin(a.newId(), transaction))).toBe('store.unavailable');
    control.outage = 'none';
    expect(await outcome(a.take(id, COOKIE, 'authorization'))).toBe('ok');
  });
});

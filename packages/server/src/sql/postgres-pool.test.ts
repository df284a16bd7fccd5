import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActingAs } from './database.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { type PoolOptions, postgresPool } from './postgres-pool.ts';

const person = (username: string): ActingAs => ({ kind: 'person', username });
const [alice, bob, carol] = [person('alice'), person('bob'), person('carol')];

interface Opened extends PostgresConnection {
  readonly as: ActingAs;
  ended: boolean;
  lost: boolean;
  tellLost: () => void;
}

/** Connections that do nothing but be there, so that only the pool is looked at. */
function begin(options: Partial<PoolOptions> = {}) {
  const opened: Opened[] = [];
  const pool = postgresPool({
    maxConnections: 4,
    connect: async (as) => {
      const connection = {
        as,
        user: 'service',
        lost: false,
        ended: false,
        tellLost: () => {},
        onLost: (listener: () => void) => {
          connection.tellLost = listener;
        },
        end: async () => {
          connection.ended = true;
        },
        destroy: () => {
          connection.lost = true;
        },
      } as unknown as Opened;
      opened.push(connection);
      return connection;
    },
    ...options,
  });
  const take = (as: ActingAs, signal = new AbortController().signal) =>
    pool.acquire(as, signal) as Promise<Opened>;
  /** Settled now, or waiting? */
  const isWaiting = async (work: Promise<unknown>) => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
    return (await Promise.race([work, Promise.resolve('waiting')])) === 'waiting';
  };
  return { pool, opened, take, isWaiting };
}

const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { kind?: string }).kind,
  );

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a connection', () => {
  it('is used again by its owner, the one used last first', async () => {
    const { pool, opened, take } = begin();
    const [first, second] = [await take(alice), await take(alice)];
    pool.release(first);
    pool.release(second);
    expect(await take(alice)).toBe(second);
    expect(opened).toHaveLength(2);
  });

  it('is never handed to somebody else, not even to a person called as the service is', async () => {
    const { pool, take } = begin();
    const seen = new Map<Opened, string>();
    for (let i = 0; i < 60; i += 1) {
      const as: ActingAs = i % 4 === 3 ? { kind: 'service' } : [alice, bob, person('service')][i % 3]!;
      const connection = await take(as);
      const owner = JSON.stringify(as);
      expect(seen.get(connection) ?? owner).toBe(owner);
      expect(connection.as).toEqual(as);
      seen.set(connection, owner);
      pool.release(connection);
    }
  });

  it('of somebody else that is idle makes room, the one idle longest first', async () => {
    const { pool, opened, take } = begin({ maxConnections: 2 });
    const first = await take(alice);
    const second = await take(bob);
    pool.release(first);
    pool.release(second);
    await take(carol);
    expect(opened.map(({ ended }) => ended)).toEqual([true, false, false]);
  });

  it('that was lost is not used again', async () => {
    const { pool, opened, take } = begin();
    const first = await take(alice);
    first.lost = true;
    pool.release(first);
    expect(await take(alice)).not.toBe(first);
    expect(opened).toHaveLength(2);
  });

  it('that is lost while it is idle leaves', async () => {
    const { pool, take } = begin();
    const first = await take(alice);
    pool.release(first);
    first.lost = true;
    first.tellLost();
    expect(await take(alice)).not.toBe(first);
    expect(first.ended).toBe(false);
  });

  it('is closed after it was idle for its time, and not before', async () => {
    const { pool, take } = begin({ idleSeconds: 5 });
    const first = await take(alice);
    await vi.advanceTimersByTimeAsync(60_000);
    pool.release(first);
    await vi.advanceTimersByTimeAsync(4999);
    expect(await take(alice)).toBe(first);
    pool.release(first);
    await vi.advanceTimersByTimeAsync(5000);
    expect(first.ended).toBe(true);
    expect(await take(alice)).not.toBe(first);
  });

  it('that comes back twice, or from elsewhere, changes nothing', async () => {
    const { pool, opened, take } = begin();
    const first = await take(alice);
    pool.release(first);
    pool.release(first);
    pool.release({ ...first } as Opened);
    const [a, b] = [await take(alice), await take(alice)];
    expect(a).not.toBe(b);
    expect(opened).toHaveLength(2);
  });
});

describe('a call that waits', () => {
  it('gets its turn as soon as there is one, first come, first served', async () => {
    const { pool, take, isWaiting } = begin({ maxConnections: 2 });
    const [first] = [await take(alice), await take(bob)];
    const [early, late] = [take(carol), take(person('dave'))];
    expect(await isWaiting(early)).toBe(true);
    pool.release(first);
    expect((await early).as).toEqual(carol);
    expect(await isWaiting(late)).toBe(true);
    pool.release(await early);
    expect((await late).as).toEqual(person('dave'));
  });

  it('of one person leaves half of the room to others', async () => {
    const { take, isWaiting } = begin();
    await take(alice);
    await take(alice);
    expect(await isWaiting(take(alice))).toBe(true);
    expect(await isWaiting(take(bob))).toBe(false);
  });

  it('of one person does not hold up those behind', async () => {
    const { pool, take, isWaiting } = begin({ maxConnections: 2 });
    const mine = await take(alice);
    const other = await take(bob);
    const blocked = take(alice);
    const behind = take(carol);
    pool.release(other);
    expect(await isWaiting(behind)).toBe(false);
    expect(await isWaiting(blocked)).toBe(true);
    pool.release(mine);
    expect(await blocked).toBe(mine);
  });

  it('is told that the database is busy, and is forgotten', async () => {
    const { pool, take } = begin({ maxConnections: 1, waitSeconds: 2 });
    const first = await take(alice);
    const waiting = kindOf(take(bob));
    await vi.advanceTimersByTimeAsync(2000);
    expect(await waiting).toBe('unavailable');
    pool.release(first);
    expect(await take(alice)).toBe(first);
  });

  it('may go away, and is not served then', async () => {
    const { pool, opened, take } = begin({ maxConnections: 1 });
    const abort = new AbortController();
    const first = await take(alice);
    const waiting = kindOf(take(bob, abort.signal));
    abort.abort();
    expect(await waiting).toBe('cancelled');
    pool.release(first);
    expect(opened).toHaveLength(1);
    expect(await kindOf(take(alice, AbortSignal.abort()))).toBe('cancelled');
  });

  it('is one of a thousand at most', async () => {
    const { pool, take } = begin({ maxConnections: 1 });
    await take(alice);
    const waiting = Array.from({ length: 1000 }, () => kindOf(take(bob)));
    expect(await kindOf(take(bob))).toBe('unavailable');
    await pool.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
  });

  it('is served when a connection for somebody else can not be made', async () => {
    const refuse = async (): Promise<PostgresConnection> => {
      throw new Error('refused');
    };
    const { take } = begin({ maxConnections: 1, connect: refuse });
    const works = [alice, bob, carol].map((as) => take(as).catch((error: Error) => error.message));
    expect(await Promise.all(works)).toEqual(['refused', 'refused', 'refused']);
  });
});

describe('a pool that is closed', () => {
  it('ends what is idle and what is busy, and gives nothing more', async () => {
    const { pool, opened, take } = begin();
    const [idle, busy] = [await take(alice), await take(bob)];
    pool.release(idle);
    await pool.close();
    expect(opened.map(({ ended }) => ended)).toEqual([true, true]);
    pool.release(busy);
    expect(await kindOf(take(alice))).toBe('unavailable');
  });
});

import type { ConnectionSource } from './connection.ts';
import type { ActingAs } from './database.ts';
import { DatabaseError } from './database-error.ts';
import type { PostgresConnection } from './postgres-connection.ts';

export interface PoolOptions {
  /** Opens a connection for whoever a call acts as. */
  readonly connect: (as: ActingAs) => Promise<PostgresConnection>;
  /** Connections at most. Default 10. */
  readonly maxConnections?: number;
  /** Seconds that an idle connection is kept. Default 60. */
  readonly idleSeconds?: number;
  /** Seconds that a call waits for a connection. Default 10. */
  readonly waitSeconds?: number;
}

export interface PostgresPool extends ConnectionSource {
  close(): Promise<void>;
}

interface Member {
  readonly owner: string;
  readonly connection: PostgresConnection;
  idleTimer?: NodeJS.Timeout;
}

interface Waiter {
  readonly owner: string;
  readonly as: ActingAs;
  readonly settle: (member: Promise<Member>) => void;
}

/** More than this many calls waiting is a server that can not keep up; the next one is told so at once. */
const MAX_WAITING = 1000;

/**
 * Connections that serve one person each. A reset clears what the server knows of; it does not clear what an extension keeps in the
 * process (an open link to elsewhere, a procedural language's memory). So a connection is never handed from one person to another: when
 * there is no room for a new one, somebody else's idle one is closed.
 */
export function postgresPool(options: PoolOptions): PostgresPool {
  const pool = new Pool(options);
  return {
    acquire: (as, signal) => pool.acquire(as, signal),
    release: (connection) => pool.release(connection as PostgresConnection),
    close: () => pool.close(),
  };
}

const ownerOf = (as: ActingAs) => (as.kind === 'service' ? 'service' : `person ${as.username}`);

class Pool {
  private readonly options: PoolOptions;
  private readonly maxConnections: number;
  private readonly maxPerOwner: number;
  private readonly idle: Member[] = [];
  private readonly busy = new Map<PostgresConnection, Member>();
  private readonly counts = new Map<string, number>();
  private readonly waiting: Waiter[] = [];
  private total = 0;
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.maxConnections = options.maxConnections ?? 10;
    // One person who asks much leaves room for the others.
    this.maxPerOwner = Math.max(1, Math.ceil(this.maxConnections / 2));
  }

  async acquire(as: ActingAs, signal: AbortSignal): Promise<PostgresConnection> {
    if (this.closed) throw new DatabaseError('unavailable', 'The database is closed.');
    if (signal.aborted) throw new DatabaseError('cancelled', 'The call was cancelled.');
    const owner = ownerOf(as);
    const member = await (this.serve(owner, as) ?? this.wait(owner, as, signal));
    this.busy.set(member.connection, member);
    return member.connection;
  }

  release(connection: PostgresConnection): void {
    const member = this.busy.get(connection);
    if (!member) return;
    this.busy.delete(connection);
    if (connection.lost || this.closed) {
      this.forget(member);
      if (!connection.lost) connection.end().catch(() => {});
    } else this.rest(member);
    this.serveWaiting();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { settle } of this.waiting.splice(0))
      settle(Promise.reject(new DatabaseError('unavailable', 'The database is closed.')));
    const members = [...this.idle.splice(0), ...this.busy.values()];
    await Promise.allSettled(
      members.map(({ connection, idleTimer }) => {
        clearTimeout(idleTimer);
        return connection.end();
      }),
    );
  }

  /** A connection for the owner, if there is one or there can be one now. */
  private serve(owner: string, as: ActingAs): Promise<Member> | undefined {
    const mine = this.idle.findLastIndex((member) => member.owner === owner);
    if (mine >= 0) {
      const [member] = this.idle.splice(mine, 1) as [Member];
      clearTimeout(member.idleTimer);
      return Promise.resolve(member);
    }
    if ((this.counts.get(owner) ?? 0) >= this.maxPerOwner) return undefined;
    if (this.total >= this.maxConnections && !this.evict()) return undefined;
    return this.open(owner, as);
  }

  private async open(owner: string, as: ActingAs): Promise<Member> {
    this.count(owner, 1);
    try {
      return { owner, connection: await this.options.connect(as) };
    } catch (error) {
      this.count(owner, -1);
      this.serveWaiting();
      throw error;
    }
  }

  /** Waits for a turn, first come, first served, as far as the limit for one person allows. */
  private wait(owner: string, as: ActingAs, signal: AbortSignal): Promise<Member> {
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(tooBusy());
    return new Promise((resolve, reject) => {
      const stop = (error: Error) => {
        const place = this.waiting.indexOf(waiter);
        if (place >= 0) this.waiting.splice(place, 1);
        end();
        reject(error);
      };
      const cancel = () => stop(new DatabaseError('cancelled', 'The call was cancelled.'));
      const timer = setTimeout(() => stop(tooBusy()), (this.options.waitSeconds ?? 10) * 1000);
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      };
      signal.addEventListener('abort', cancel, { once: true });
      const waiter: Waiter = {
        owner,
        as,
        settle: (member) => {
          end();
          member.then(resolve, reject);
        },
      };
      this.waiting.push(waiter);
    });
  }

  private serveWaiting(): void {
    for (let i = 0; i < this.waiting.length; ) {
      const waiter = this.waiting[i] as Waiter;
      const member = this.serve(waiter.owner, waiter.as);
      if (!member) {
        i++;
        continue;
      }
      this.waiting.splice(i, 1);
      waiter.settle(member);
    }
  }

  private rest(member: Member): void {
    const leave = () => {
      const place = this.idle.indexOf(member);
      if (place < 0) return;
      this.idle.splice(place, 1);
      clearTimeout(member.idleTimer);
      this.forget(member);
      if (!member.connection.lost) member.connection.end().catch(() => {});
      this.serveWaiting();
    };
    member.connection.onLost(leave);
    member.idleTimer = setTimeout(leave, (this.options.idleSeconds ?? 60) * 1000);
    member.idleTimer.unref();
    this.idle.push(member);
  }

  /** Closes the connection that has been idle longest. */
  private evict(): boolean {
    const oldest = this.idle.shift();
    if (!oldest) return false;
    clearTimeout(oldest.idleTimer);
    this.forget(oldest);
    oldest.connection.end().catch(() => {});
    return true;
  }

  private forget(member: Member): void {
    this.count(member.owner, -1);
  }

  private count(owner: string, change: 1 | -1): void {
    this.total += change;
    const left = (this.counts.get(owner) ?? 0) + change;
    if (left > 0) this.counts.set(owner, left);
    else this.counts.delete(owner);
  }
}

function tooBusy(): DatabaseError {
  return new DatabaseError('unavailable', 'The database is busy. Try again later.');
}

import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import { type Identity, personKey } from '../core/identity.ts';
import { type Random, randomToken } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import type { Collection, Held } from '../store/collection.ts';
import { withStore } from './guarded-store.ts';
import type { Lifetimes } from './lifetimes.ts';
import { type Liveness, openLiveness } from './liveness.ts';
import { isLive, remainingSeconds, type Session, type SessionEnd, type SessionRecord } from './session.ts';

/** How often a write is tried again when others write the same session; each try starts from what they wrote. */
export const MAX_WRITE_TRIES = 50;
/** Revoked tokens that one session remembers. A client that revokes more of them than it can use has no use for the session either. */
export const MAX_REVOKED_TOKENS = 200;
/** How long the note that a session ended is kept: longer than any write that was on its way. */
const ENDED_SECONDS = 3600;

export interface SessionsOptions {
  /** Where sessions are kept. */
  readonly collection: Collection<SessionRecord>;
  /** Adds one to a counter in the store and returns the sum: for repeats of a refresh. */
  readonly count: (key: string, ttlSeconds: number) => Promise<number>;
  /** Our issuer: part of every refresh token. */
  readonly issuer: string;
  /** How long things live, in seconds. */
  readonly lifetimes: Lifetimes;
  /** Is everything the session came from still part of the configuration? Asked whenever a session is looked at; does no I/O. */
  readonly isConfigured: (session: Session) => boolean;
  /** Called when a session has ended: what else hangs on it goes too. Default: nothing does. */
  readonly onEnded?: (id: string) => Promise<void>;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Where randomness comes from. */
  readonly random: Random;
  /** Told of every decision; must not throw. */
  readonly onEvent: EventSink;
}

export interface NewSession {
  readonly id: string;
  readonly identity: Identity;
  readonly clientId: string;
  readonly clientName?: string;
  readonly redirectUri: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly signInId: string;
  /** Can the provider be asked about the person again? Where it can not, the session ends sooner. */
  readonly checkable: boolean;
}

/** The sessions of one issuer: start, find, change, end. Every change is written on top of what others wrote, or not at all. */
export class Sessions {
  readonly options: SessionsOptions;
  readonly #liveness: Liveness;

  constructor(options: SessionsOptions) {
    this.options = options;
    this.#liveness = openLiveness({
      read: (id) => withStore(() => options.collection.get(id)),
      clock: options.clock,
      livenessSeconds: options.lifetimes.livenessSeconds,
    });
  }

  /** Starts the session that a code stands for. @throws Refusal `grant.code-spent` when it was ended before it began */
  async start(fresh: NewSession): Promise<Session> {
    const { lifetimes, clock, random, collection, onEvent } = this.options;
    const now = clock.now();
    const session: Session = {
      ...fresh,
      secret: randomToken(random),
      head: 1,
      confirmed: false,
      retired: [],
      revokedTokens: [],
      createdAt: now,
      lastUsedAt: now,
      idleSeconds: lifetimes.sessionIdleSeconds,
      endsAt: now + absoluteSeconds(fresh, lifetimes) * 1000,
      personCheckedAt: now,
    };
    const index = { person: personKey(session.identity), client: session.clientId };
    const made = await withStore(() =>
      collection.create(session.id, session, remainingSeconds(session, now), index),
    );
    if (!made) throw new Refusal('grant.code-spent', { session: session.id });
    const { id: sessionId, clientId, resource, scopes, identity } = session;
    const { issuer, subject } = identity;
    onEvent({ type: 'session.started', sessionId, clientId, issuer, subject, resource, scopes });
    return session;
  }

  /** The session as the store has it now, with the version to write on top of; or why it does not live. */
  async hold(
    id: string,
  ): Promise<{ readonly held: Held<SessionRecord>; readonly session: Session } | SessionEnd | 'unknown'> {
    const held = await withStore(() => this.options.collection.get(id));
    if (!held) return 'unknown';
    const session = this.judge(held.value);
    return typeof session === 'string' ? session : { held, session };
  }

  judge(record: SessionRecord): Session | SessionEnd {
    if (!isLive(record)) return record.ended;
    if (record.endsAt <= this.options.clock.now()) return 'expired';
    return this.options.isConfigured(record) ? record : 'no-longer-configured';
  }

  /** Does a person have a session that lives and came through that sign-in? */
  async hasLive(identity: Pick<Identity, 'issuer' | 'subject'>, signInId: string): Promise<boolean> {
    const index = { name: 'person', value: personKey(identity) };
    let cursor: string | undefined;
    do {
      const page = await withStore(() => this.options.collection.list({ index, cursor }));
      const sessions = page.records.map(({ value }) => this.judge(value));
      if (sessions.some((each) => typeof each !== 'string' && each.signInId === signInId)) return true;
      ({ cursor } = page);
    } while (cursor !== undefined);
    return false;
  }

  /** Writes `next` in place of what was held; `false` when somebody else was faster. */
  async write(held: Held<SessionRecord>, next: Session): Promise<boolean> {
    const seconds = remainingSeconds(next, this.options.clock.now());
    const before = this.#liveness.mark(next.id);
    const written = await withStore(() => this.options.collection.update(next.id, held, next, seconds));
    if (written) this.#liveness.remember(next.id, next, before);
    return written;
  }

  /** Applies a change to a live session until it is written on top of what others wrote. `undefined` when it does not live. */
  async change(id: string, apply: (session: Session) => Session | undefined): Promise<Session | undefined> {
    for (let attempt = 0; attempt < MAX_WRITE_TRIES; attempt += 1) {
      const before = this.#liveness.mark(id);
      const found = await this.hold(id);
      if (typeof found === 'string') return undefined;
      const next = apply(found.session);
      if (!next) {
        this.#liveness.remember(id, found.session, before);
        return found.session;
      }
      if (await this.write(found.held, next)) return next;
    }
    throw contention(id);
  }

  /** The session as it was within the liveness window. */
  async look(id: string): Promise<SessionRecord | undefined> {
    return this.#liveness.peek(id) ?? (await this.#liveness.look(id));
  }

  /** As `look`, without asking the store: for the path on which every microsecond counts. */
  peek(id: string): SessionRecord | undefined {
    return this.#liveness.peek(id);
  }

  /** Ends a session now, even one that is about to be written. Ending twice is ending once. */
  async end(id: string, why: SessionEnd): Promise<void> {
    const record: SessionRecord = { ended: why, at: this.options.clock.now() };
    this.#liveness.remember(id, record);
    await withStore(() => this.options.collection.put(id, record, ENDED_SECONDS));
    // Again: the store may have taken longer than what was remembered counts, and told others meanwhile what it had before.
    this.#liveness.remember(id, record);
    this.options.onEvent({ type: 'session.ended', sessionId: id, why });
    await this.options.onEnded?.(id);
  }

  /** Revokes one access token of a session until it would have expired by itself (`expiresAt`: seconds since 1970). */
  async revokeAccessToken(id: string, jti: string, expiresAt: number): Promise<void> {
    const nowSeconds = Math.floor(this.options.clock.now() / 1000);
    const changed = await this.change(id, (session) => {
      const kept = session.revokedTokens.filter(
        (revoked) => revoked.expiresAt > nowSeconds && revoked.jti !== jti,
      );
      return { ...session, revokedTokens: [...kept, { jti, expiresAt }] };
    });
    // Forgetting one would bring it back to life, and remembering all would let the record grow without bound.
    if (changed && changed.revokedTokens.length > MAX_REVOKED_TOKENS) await this.end(id, 'revoked');
    this.options.onEvent({ type: 'token.revoked', sessionId: id, jti });
  }
}

/** How long a session may live however much it is used. */
export function absoluteSeconds({ checkable }: Pick<NewSession, 'checkable'>, lifetimes: Lifetimes): number {
  const { sessionAbsoluteSeconds, sessionUncheckedSeconds } = lifetimes;
  return checkable ? sessionAbsoluteSeconds : Math.min(sessionAbsoluteSeconds, sessionUncheckedSeconds);
}

/** Others write the same session faster than we do: nobody is to blame, and nobody is logged out. */
export function contention(sessionId: string): Refusal {
  return new Refusal(
    'store.unavailable',
    { session: sessionId, why: 'contention' },
    { retryAfterSeconds: 1 },
  );
}

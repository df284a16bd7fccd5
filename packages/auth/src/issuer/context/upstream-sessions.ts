import type { Clock } from '../../core/clock.ts';
import type { EventSink } from '../../core/events.ts';
import { type Identity, personKey } from '../../core/identity.ts';
import { type Random, randomToken } from '../../core/random.ts';
import { Refusal } from '../../core/refusal.ts';
import { REFUSALS } from '../../core/refusal-reasons.ts';
import { singleFlight } from '../../core/single-flight.ts';
import { withStore } from '../../sessions/guarded-store.ts';
import type { Lifetimes } from '../../sessions/lifetimes.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { Collection, Held } from '../../store/collection.ts';
import type { ProviderTokens } from '../../upstream/provider.ts';

/** Longer than any request to a provider may take, so that a lease outlives the request it is for. */
const LEASE_SECONDS = 30;
/** A check so short ago counts as now: racing refreshes, and clients in a loop, do not each cost the provider a request. */
const RECENT_SECONDS = 60;
/** An access token is replaced so long before it ends, and one that lives for less than two minutes at half its life. */
const RENEW_BEFORE_SECONDS = 60;
const WAIT_MILLISECONDS = 100;
const MAX_WAITS = 100;

/** The provider's tokens of a session, with when they were last refreshed (milliseconds since 1970). */
export interface KeptTokens {
  readonly tokens: ProviderTokens;
  readonly refreshedAt: number;
  /** The sign-in they came from, which knows how to give them back. */
  readonly signInId: string;
  /** Whose they are. Absent in records of version 0.1.0. */
  readonly person?: Pick<Identity, 'issuer' | 'subject'>;
}

export interface UpstreamSessionsOptions {
  /** Where they are kept, sealed. */
  readonly collection: Collection<KeptTokens>;
  /** Who may refresh at the moment, over all processes. */
  readonly leases: Collection<{ readonly holder: string }>;
  /** The sessions that tokens belong to. */
  readonly sessions: Sessions;
  /** The ways to sign in that are configured. */
  readonly signIns: readonly SignIn[];
  /** How long things live, in seconds. */
  readonly lifetimes: Lifetimes;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Where randomness comes from. */
  readonly random: Random;
  /** Told of every decision; must not throw. */
  readonly onEvent: EventSink;
  /** Resolves later; for tests. Default: a timer. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** The provider's side of sessions: kept sealed, refreshed by one for all, and asked whether the person is still there. */
export class UpstreamSessions {
  readonly #options: UpstreamSessionsOptions;
  readonly #flights = singleFlight<KeptTokens>();

  constructor(options: UpstreamSessionsOptions) {
    this.#options = options;
  }

  /** Keeps the tokens of a new session. Before the session is there: one without them could not be checked again. */
  async keep(
    session: Pick<Session, 'id' | 'signInId' | 'identity'>,
    tokens: ProviderTokens,
    ttlSeconds: number,
  ): Promise<void> {
    const { id, signInId, identity } = session;
    const person = { issuer: identity.issuer, subject: identity.subject };
    const kept = { tokens, refreshedAt: this.#options.clock.now(), signInId, person };
    const index = { person: personKey(person) };
    await withStore(() => this.#options.collection.put(id, kept, ttlSeconds, index));
  }

  /**
   * When the provider last vouched for the person (milliseconds since 1970), asking it again when the next access token would otherwise
   * outlive `personCheckSeconds` (by more than a minute). However many requests wait, in however many processes, the provider is asked once.
   */
  async vouch(session: Session): Promise<number> {
    const signIn = this.#options.signIns.find(({ id }) => id === session.signInId);
    if (!session.checkable || !signIn?.refresh || this.#isRecent(session.personCheckedAt))
      return session.personCheckedAt;
    const { refreshedAt } = await this.#flights.run(`vouch ${session.id}`, () =>
      this.#askOnce(session, signIn, (kept) => this.#isRecent(kept.refreshedAt)),
    );
    return refreshedAt;
  }

  /**
   * The provider's tokens of a session, with an access token that is good for a while yet: refreshed before it ends, once for all who wait.
   * `undefined`: nobody signed in at a provider. Ends the session, and throws `grant.upstream-ended`, when there will never be a good one
   * again. A token that is still good is answered with also while the provider is away.
   */
  async tokens(session: Session): Promise<ProviderTokens | undefined> {
    const signIn = this.#options.signIns.find(({ id }) => id === session.signInId);
    const held = await withStore(() => this.#options.collection.get(session.id));
    const renewable = session.checkable && signIn?.refresh !== undefined;
    if (held && !this.#endsSoon(held.value)) return held.value.tokens;
    if (!held && !renewable) return undefined;
    try {
      if (!signIn || !renewable) {
        if (this.#isGood(held?.value)) return held.value.tokens;
        return await this.#over(session, 'the access token of the provider ended, and can not be renewed');
      }
      const kept = await this.#flights.run(`tokens ${session.id}`, () =>
        this.#askOnce(session, signIn, (current) => !this.#endsSoon(current)),
      );
      return kept.tokens;
    } catch (error) {
      const away = error instanceof Refusal && REFUSALS[error.reason].status === 503;
      if (away && this.#isGood(held?.value)) return held.value.tokens;
      throw error;
    }
  }

  #isGood(kept: KeptTokens | undefined): kept is KeptTokens {
    const ends = kept?.tokens.expiresAt;
    return kept !== undefined && (ends === undefined || ends * 1000 > this.#options.clock.now());
  }

  /** A token whose end the provider did not tell is believed to be good. */
  #endsSoon({ tokens, refreshedAt }: KeptTokens): boolean {
    if (tokens.expiresAt === undefined) return false;
    const ends = tokens.expiresAt * 1000;
    const before = Math.min(RENEW_BEFORE_SECONDS * 1000, (ends - refreshedAt) / 2);
    return ends - before <= this.#options.clock.now();
  }

  #isRecent(checkedAt: number): boolean {
    const { lifetimes, clock } = this.#options;
    const goodForSeconds = lifetimes.personCheckSeconds + RECENT_SECONDS;
    return checkedAt + goodForSeconds * 1000 >= clock.now() + lifetimes.accessTokenSeconds * 1000;
  }

  /**
   * Gives back the tokens of a session that ended, where the provider can be told. They are kept while another session of the person hangs
   * on the same sign-in: providers may take a revocation for all that the person allowed this server (RFC 7009 §2.1), and would log out
   * clients that nobody meant. With the last session all are given back. The provider is not waited for: the session has ended already.
   */
  async release(sessionId: string): Promise<void> {
    const { collection, signIns, sessions } = this.#options;
    const held = await withStore(() => collection.get(sessionId));
    if (!held) return;
    const { signInId, person } = held.value;
    const signIn = signIns.find(({ id }) => id === signInId);
    if (person && (await sessions.hasLive(person, signInId))) return;
    const left = person ? await this.#keptFor(person, signInId) : [];
    for (const key of new Set([sessionId, ...left])) {
      const kept = await withStore(() => collection.take(key));
      if (kept && signIn?.revoke) signIn.revoke(kept.tokens).catch(() => undefined);
    }
  }

  /** Sessions, ended or not, whose tokens of that sign-in are still here. */
  async #keptFor(person: Pick<Identity, 'issuer' | 'subject'>, signInId: string): Promise<readonly string[]> {
    const index = { name: 'person', value: personKey(person) };
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await withStore(() => this.#options.collection.list({ index, cursor }));
      keys.push(...page.records.filter(({ value }) => value.signInId === signInId).map(({ key }) => key));
      ({ cursor } = page);
    } while (cursor !== undefined);
    return keys;
  }

  /** With the lease the provider is asked; without it, somebody else is asking, and their answer is waited for. */
  async #askOnce(
    session: Session,
    signIn: SignIn,
    isFresh: (kept: KeptTokens) => boolean,
  ): Promise<KeptTokens> {
    const { leases, random } = this.#options;
    const wait =
      this.#options.wait ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
    for (let waits = 0; waits < MAX_WAITS; waits += 1) {
      const held = await this.#read(session);
      if (isFresh(held.value)) return held.value;
      const holder = randomToken(random, 128);
      if (await withStore(() => leases.create(session.id, { holder }, LEASE_SECONDS))) {
        try {
          return await this.#ask(session, signIn, isFresh);
        } finally {
          // When this fails the lease ends by itself.
          await leases.delete(session.id).catch(() => undefined);
        }
      }
      await wait(WAIT_MILLISECONDS);
    }
    throw new Refusal('sign-in.provider-unavailable', {
      session: session.id,
      why: 'another process is asking the provider',
    });
  }

  async #ask(session: Session, signIn: SignIn, isFresh: (kept: KeptTokens) => boolean): Promise<KeptTokens> {
    const { collection, clock, onEvent } = this.#options;
    const held = await this.#read(session);
    if (isFresh(held.value)) return held.value;
    const fresh = await this.#refresh(session, signIn, held);
    // The end of the old access token says nothing of the new one.
    const tokens = { ...held.value.tokens, expiresAt: undefined, ...fresh };
    const kept = { ...held.value, tokens, refreshedAt: clock.now() };
    // Written before anybody is answered. A lost race means that the lease ran out on us and another wrote: theirs are the newer ones.
    // Kept as long as the session can live at most: an idle limit shorter than the time between two checks must not lose them.
    const seconds = Math.max(1, Math.ceil((session.endsAt - clock.now()) / 1000));
    await withStore(() => collection.update(session.id, held, kept, seconds));
    onEvent({ type: 'upstream.refreshed', sessionId: session.id, signIn: signIn.id });
    return kept;
  }

  /** A provider that refused our token ends the session only when nobody else has refreshed it in the meantime. */
  async #refresh(session: Session, signIn: SignIn, used: Held<KeptTokens>): Promise<ProviderTokens> {
    try {
      return await signIn.refresh!(used.value.tokens);
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'grant.upstream-ended') throw error;
      const now = await this.#read(session);
      if (now.value.tokens.refreshToken !== used.value.tokens.refreshToken) return now.value.tokens;
      await this.#options.sessions.end(session.id, 'upstream-ended');
      throw error;
    }
  }

  async #read(session: Session): Promise<Held<KeptTokens>> {
    const held = await withStore(() => this.#options.collection.get(session.id));
    return held ?? this.#over(session, 'the tokens of the provider are gone');
  }

  async #over(session: Session, why: string): Promise<never> {
    await this.#options.sessions.end(session.id, 'upstream-ended');
    throw new Refusal('grant.upstream-ended', { session: session.id, why });
  }
}

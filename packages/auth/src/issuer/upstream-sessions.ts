import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import { Refusal } from '../core/refusal.ts';
import { withStore } from '../sessions/guarded-store.ts';
import type { Lifetimes } from '../sessions/lifetimes.ts';
import { remainingSeconds, type Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SignIn, UpstreamTokens } from '../sign-in/sign-in.ts';
import type { Collection, Held } from '../store/collection.ts';

export interface UpstreamSessionsOptions {
  readonly tokens: Collection<UpstreamTokens>;
  readonly sessions: Sessions;
  readonly signIns: readonly SignIn[];
  readonly lifetimes: Lifetimes;
  readonly clock: Clock;
  readonly onEvent: EventSink;
}

/** The provider's side of sessions: kept sealed, refreshed by one for all, and asked whether the person is still there. */
export class UpstreamSessions {
  readonly #options: UpstreamSessionsOptions;
  readonly #running = new Map<string, Promise<number>>();

  constructor(options: UpstreamSessionsOptions) {
    this.#options = options;
  }

  /** Keeps the tokens of a new session. Before anyone is answered: a session without them could not be checked again. */
  async keep(sessionId: string, tokens: UpstreamTokens, ttlSeconds: number): Promise<void> {
    await withStore(() => this.#options.tokens.put(sessionId, tokens, ttlSeconds));
  }

  /**
   * When the provider last vouched for the person (milliseconds since 1970), asking it again when the next access token would otherwise
   * outlive `personCheckSeconds`. However many requests wait, the provider is asked once.
   */
  async vouch(session: Session): Promise<number> {
    const { lifetimes, clock } = this.#options;
    const signIn = this.#signInOf(session);
    const vouchedUntil = session.personCheckedAt + lifetimes.personCheckSeconds * 1000;
    const due = vouchedUntil < clock.now() + lifetimes.accessTokenSeconds * 1000;
    if (!session.checkable || !signIn?.refresh || !due) return session.personCheckedAt;
    let running = this.#running.get(session.id);
    if (!running) {
      running = this.#ask(session, signIn).finally(() => this.#running.delete(session.id));
      this.#running.set(session.id, running);
    }
    return running;
  }

  /** Forgets the tokens of a session that ended, and tells the provider where it can be told. Never fails: the session has ended already. */
  async release(sessionId: string, signInId: string | undefined): Promise<void> {
    const tokens = await this.#options.tokens.take(sessionId).catch(() => undefined);
    const signIn = this.#options.signIns.find((each) => each.id === signInId);
    if (tokens && signIn?.revoke) await signIn.revoke(tokens).catch(() => undefined);
  }

  async #ask(session: Session, signIn: SignIn): Promise<number> {
    const { tokens, clock, onEvent } = this.#options;
    const held = await withStore(() => tokens.get(session.id));
    if (!held) {
      await this.#options.sessions.end(session.id, 'upstream-ended');
      throw new Refusal('grant.upstream-ended', {
        session: session.id,
        why: 'the tokens of the provider are gone',
      });
    }
    try {
      const fresh = await signIn.refresh!(held.value);
      const seconds = remainingSeconds(session, clock.now());
      await withStore(() => tokens.update(session.id, held, { ...held.value, ...fresh }, seconds));
      onEvent({ type: 'upstream.refreshed', sessionId: session.id, signIn: signIn.id });
      return clock.now();
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'grant.upstream-ended')
        await this.#ended(session, held, error);
      else throw error;
      return clock.now();
    }
  }

  /** The provider refused our token. That ends the session only when nobody else refreshed it in the meantime. */
  async #ended(session: Session, used: Held<UpstreamTokens>, refusal: Refusal): Promise<void> {
    const now = await withStore(() => this.#options.tokens.get(session.id));
    if (now && now.value.refreshToken !== used.value.refreshToken) return;
    await this.#options.sessions.end(session.id, 'upstream-ended');
    await withStore(() => this.#options.tokens.delete(session.id));
    throw refusal;
  }

  #signInOf(session: Session): SignIn | undefined {
    return this.#options.signIns.find((signIn) => signIn.id === session.signInId);
  }
}

// OAuth 2.1 §4.3: the refresh token grant, as far as sessions go.
import { Refusal } from '../core/refusal.ts';
import { decideRefresh } from './generation.ts';
import { withStore } from './guarded-store.ts';
import { isRefreshTokenOf, makeRefreshToken, type RefreshTokenParts } from './refresh-token.ts';
import type { Session } from './session.ts';
import { contention, MAX_WRITE_TRIES, type Sessions } from './sessions.ts';

/** Answers to one and the same retired token, for each rotation; more is a client in a loop. */
const MAX_REPEATS = 100;

/** Who presents a refresh token, beside the token itself. */
export interface RefreshPresenter {
  /** The authenticated client. */
  readonly clientId: string;
  /** For the audit. */
  readonly address?: string;
  readonly userAgent?: string;
  /** Looks at the request (scope, resource) before anything is written; throws to leave the session as it is. */
  readonly check: (session: Session) => void;
  /** Asks the provider about the person when that is due; answers when it vouched, milliseconds since 1970. Throws to leave the session as it is. */
  readonly vouch: (session: Session) => Promise<number>;
}

/** The session after the token was used, and the refresh token to answer with: the same for every racer. */
export async function refreshSession(
  sessions: Sessions,
  parts: RefreshTokenParts,
  presenter: RefreshPresenter,
): Promise<{ readonly session: Session; readonly refreshToken: string }> {
  const { clock, lifetimes, onEvent } = sessions.options;
  const id = parts.sessionId;
  for (let attempt = 0; attempt < MAX_WRITE_TRIES; attempt += 1) {
    const { held, session } = await holdForRefresh(sessions, parts, presenter);
    const decision = decideRefresh(session, parts.generation, clock.now(), lifetimes.refreshGraceSeconds);
    if (decision.kind === 'reuse') {
      await sessions.end(id, 'refresh-reused');
      throw new Refusal('grant.refresh-reused', {
        session: id,
        presented: parts.generation,
        head: session.head,
      });
    }
    let how: 'rotated' | 'repeated' | 'caught-up' = 'repeated';
    let current = session;
    if (decision.kind === 'rotate') {
      const personCheckedAt = await presenter.vouch(session);
      current = { ...decision.next, lastUsedAt: clock.now(), personCheckedAt };
      if (!(await sessions.write(held, current))) continue;
      how = decision.caughtUp ? 'caught-up' : 'rotated';
    } else {
      await boundRepeats(sessions, session);
    }
    const { address, userAgent } = presenter;
    onEvent({ type: 'session.refreshed', sessionId: id, generation: current.head, how, address, userAgent });
    return { session: current, refreshToken: headRefreshToken(sessions, current) };
  }
  throw contention(id);
}

/** The refresh token of the head generation: always the same text. */
export function headRefreshToken(sessions: Sessions, session: Session): string {
  const { id: sessionId, secret, head } = session;
  return makeRefreshToken({ sessionId, secret, issuer: sessions.options.issuer }, head);
}

/** Only a true MAC from the session's own client gets past this point, and so only that can end a session. */
async function holdForRefresh(sessions: Sessions, parts: RefreshTokenParts, presenter: RefreshPresenter) {
  const id = parts.sessionId;
  const found = await sessions.hold(id);
  if (found === 'unknown') throw new Refusal('grant.refresh-unknown', { session: id });
  if (typeof found === 'string') throw new Refusal('grant.session-ended', { session: id, why: found });
  const { secret, clientId } = found.session;
  if (!isRefreshTokenOf({ sessionId: id, secret, issuer: sessions.options.issuer }, parts)) {
    throw new Refusal('grant.refresh-unknown', { session: id, mac: 'wrong' });
  }
  if (clientId !== presenter.clientId) {
    throw new Refusal('grant.refresh-client', { session: id, expected: clientId, seen: presenter.clientId });
  }
  presenter.check(found.session);
  return found;
}

async function boundRepeats(sessions: Sessions, session: Session): Promise<void> {
  const { refreshGraceSeconds } = sessions.options.lifetimes;
  const repeats = await withStore(() =>
    sessions.options.count(`repeats:${session.id}:${session.head}`, refreshGraceSeconds),
  );
  if (repeats <= MAX_REPEATS) return;
  const retryAfterSeconds = refreshGraceSeconds;
  throw new Refusal('request.rate-limited', { session: session.id, repeats }, { retryAfterSeconds });
}

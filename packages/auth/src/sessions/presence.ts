import { Refusal } from '../core/refusal.ts';
import { confirmGeneration } from './generation.ts';
import { isLive, type Session, type SessionRecord } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What an access token of ours says about its session. */
export interface PresentedToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly jti: string;
}

/** When the session is known and the token brings no news, the answer needs no wait: `undefined` says that it does. */
export function presentAtOnce(sessions: Sessions, token: PresentedToken): Session | undefined {
  const record = sessions.peek(token.sessionId);
  if (!record || (isLive(record) && bringsNews(record, token))) return undefined;
  return admit(sessions, record, token);
}

/**
 * The session behind an access token, known to live within the liveness window. The first sight of a generation is written down: then the
 * answer that carried it has arrived, and the refresh token before it may retire.
 */
export async function presentAccessToken(sessions: Sessions, token: PresentedToken): Promise<Session> {
  const { clock, lifetimes } = sessions.options;
  let record: SessionRecord | undefined = await sessions.look(token.sessionId);
  if (record && isLive(record) && bringsNews(record, token)) {
    record = await sessions.change(token.sessionId, (current) =>
      confirmGeneration(current, token.generation, clock.now(), lifetimes.refreshGraceSeconds),
    );
  }
  return admit(sessions, record, token);
}

function bringsNews(session: Session, token: PresentedToken): boolean {
  return token.generation > session.head || (token.generation === session.head && !session.confirmed);
}

function admit(sessions: Sessions, record: SessionRecord | undefined, token: PresentedToken): Session {
  const session = record ? sessions.judge(record) : 'unknown';
  if (typeof session === 'string')
    throw new Refusal('token.session-ended', { session: token.sessionId, why: session });
  if (session.revokedTokens.some((revoked) => revoked.jti === token.jti)) {
    throw new Refusal('token.revoked', { session: token.sessionId });
  }
  return session;
}

import type { Identity } from '../core/identity.ts';

/** One approval that lives on. Kept sealed under its id; nothing of it leaves the server but through tokens. */
export interface Session {
  readonly id: string;
  readonly identity: Identity;
  readonly clientId: string;
  /** As the client calls itself, for lists. */
  readonly clientName?: string;
  /** Where the code of this session went: the redirect rules are looked at again at every refresh. */
  readonly redirectUri: string;
  /** The one resource the tokens of this session are for. */
  readonly resource: string;
  readonly scopes: readonly string[];
  /** 256 random bits, base64url: what refresh tokens are made with. */
  readonly secret: string;
  /** The newest refresh generation that was given out. */
  readonly head: number;
  /** Has a token of the head generation been seen? Then the answer that carried it arrived. */
  readonly confirmed: boolean;
  /** Generations whose successor was confirmed lately, with when (milliseconds since 1970). */
  readonly retired: readonly { readonly generation: number; readonly at: number }[];
  /** Access tokens that were revoked before they expired (seconds since 1970). */
  readonly revokedTokens: readonly { readonly jti: string; readonly expiresAt: number }[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Seconds without use after which the session ends. */
  readonly idleSeconds: number;
  /** When it ends whatever happens, milliseconds since 1970. */
  readonly endsAt: number;
  /** The sign-in the person came through, and the authority behind it: when one is no longer configured, the session does not live. */
  readonly signInId: string;
  /** Can the provider be asked about the person again? Then its tokens are kept beside the session, and without them it does not live on. */
  readonly checkable: boolean;
  /** When the provider last vouched for the person, milliseconds since 1970. */
  readonly personCheckedAt: number;
}

export type SessionEnd =
  | 'revoked'
  | 'refresh-reused'
  | 'code-replayed'
  | 'upstream-ended'
  | 'expired'
  | 'no-longer-configured';

/** What is left of a session that ended: so that a write that comes late does not bring it back. */
export interface EndedSession {
  readonly ended: SessionEnd;
  readonly at: number;
}

export type SessionRecord = Session | EndedSession;

export function isLive(record: SessionRecord): record is Session {
  return !('ended' in record);
}

/** Seconds the record of a session may stay: until it is idle too long or at its absolute end, whichever comes first. */
export function remainingSeconds(session: Session, nowMilliseconds: number): number {
  const untilEnd = Math.floor((session.endsAt - nowMilliseconds) / 1000);
  return Math.max(0, Math.min(session.idleSeconds, untilEnd));
}

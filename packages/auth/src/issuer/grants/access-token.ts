// RFC 9068 §2: the access tokens we issue.
import { nowSeconds } from '../../core/clock.ts';
import { randomToken } from '../../core/random.ts';
import { ACCESS_TOKEN_TYPE, buildAccessTokenClaims } from '../../protocol/access-token-claims.ts';
import type { Session } from '../../sessions/session.ts';
import type { IssuerContext } from '../context/issuer-context.ts';

/** A fresh access token for the head generation of a session. `scopes` may be narrower than the session's. */
export function mintAccessToken(
  context: Pick<IssuerContext, 'issuer' | 'keyRing' | 'clock' | 'random' | 'lifetimes'>,
  session: Session,
  scopes: readonly string[],
): { readonly accessToken: string; readonly expiresInSeconds: number } {
  const issuedAt = nowSeconds(context.clock);
  const untilEnd = Math.max(1, Math.floor(session.endsAt / 1000) - issuedAt);
  const expiresInSeconds = Math.min(context.lifetimes.accessTokenSeconds, untilEnd);
  const claims = buildAccessTokenClaims({
    issuer: context.issuer,
    subject: subjectOf(session),
    clientId: session.clientId,
    audience: [session.resource],
    scopes,
    issuedAt,
    expiresAt: issuedAt + expiresInSeconds,
    tokenId: randomToken(context.random, 128),
    sessionId: session.id,
    generation: session.head,
  });
  return { accessToken: context.keyRing.sign(ACCESS_TOKEN_TYPE, claims), expiresInSeconds };
}

/** `sub` of our tokens: unique within our issuer (RFC 9068 §2.2), although two providers may use the same subject for two people. */
export function subjectOf(session: Pick<Session, 'identity'>): string {
  const { issuer, subject } = session.identity;
  return `${issuer}|${subject}`;
}

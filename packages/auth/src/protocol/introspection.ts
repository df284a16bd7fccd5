// RFC 7662 §2.2: what is said of a token to somebody who may ask.
import type { AccessTokenClaims } from './access-token-claims.ts';
import { formatScope } from './scope.ts';

/** The one answer for a token that is bad, ended, unknown, or none of the asker's business: it says nothing else. */
export const INACTIVE: Readonly<Record<string, unknown>> = { active: false };

export interface ActiveToken extends Omit<AccessTokenClaims, 'generation'> {
  /** A name to show; the asker may know the person under it. */
  readonly username?: string;
}

export function introspectionResponse(token: ActiveToken | undefined): Readonly<Record<string, unknown>> {
  if (token === undefined) return INACTIVE;
  const [resource] = token.audience;
  const body: Record<string, unknown> = {
    active: true,
    token_type: 'Bearer',
    iss: token.issuer,
    sub: token.subject,
    aud: token.audience.length === 1 ? resource : token.audience,
    client_id: token.clientId,
    scope: formatScope(token.scopes),
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.tokenId,
    sid: token.sessionId,
  };
  if (token.username !== undefined) body.username = token.username;
  return body;
}

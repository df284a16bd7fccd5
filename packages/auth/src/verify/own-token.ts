// RFC 9068 §4: access tokens of our own issuer: signature, claims, and the session behind them.
import { type Clock, nowSeconds } from '../core/clock.ts';
import type { Caller } from '../core/identity.ts';
import { Refusal } from '../core/refusal.ts';
import type { RefusalReason } from '../core/refusal-reasons.ts';
import type { JwsFault, KeyRing } from '../keys/key-ring.ts';
import {
  ACCESS_TOKEN_TYPE,
  type AccessTokenClaims,
  checkAccessTokenClaims,
} from '../protocol/access-token-claims.ts';
import { missingScopes, type ScopeHierarchy } from '../protocol/scope.ts';
import { withStore } from '../sessions/guarded-store.ts';
import { presentAccessToken, presentAtOnce } from '../sessions/presence.ts';
import { isLikeRefreshToken } from '../sessions/refresh-token.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { issuerOf } from './token-form.ts';
import type { Verifier } from './verifier.ts';

const FAULTS: Record<JwsFault, RefusalReason> = {
  malformed: 'token.malformed',
  algorithm: 'token.algorithm',
  type: 'token.type',
  'key-unknown': 'token.key-unknown',
  signature: 'token.signature',
};

export interface OwnTokenOptions {
  /** Our issuer, byte for byte. */
  readonly issuer: string;
  /** The keys that seal and sign. */
  readonly keyRing: KeyRing;
  /** The sessions that tokens belong to. */
  readonly sessions: Sessions;
  /** Broader scope → the narrower ones it implies: a token may carry those in its place. Default: none. */
  readonly scopeHierarchy?: ScopeHierarchy;
  /** Where the time comes from. */
  readonly clock: Clock;
}

/** The verifier of our own tokens, and its two halves for the endpoints at which clients ask about their tokens. */
export interface AccessTokenVerifier extends Verifier {
  /** The claims of a token of ours for any of our resources; used where the holder asks about its own token (RFC 7009, RFC 7662). */
  read(token: string, resource: string): Promise<AccessTokenClaims>;
  /** The caller behind claims that were read before, at once when the session is known, else after a look into the store. */
  admit(claims: AccessTokenClaims): Caller | Promise<Caller>;
}

export function ownTokenVerifier(options: OwnTokenOptions): AccessTokenVerifier {
  const { issuer, keyRing, sessions, scopeHierarchy, clock } = options;

  async function read(token: string, resource: string): Promise<AccessTokenClaims> {
    let verified = keyRing.verify(ACCESS_TOKEN_TYPE, token);
    if (verified === 'key-unknown' && (await withStore(() => keyRing.reload())))
      verified = keyRing.verify(ACCESS_TOKEN_TYPE, token);
    if (typeof verified === 'string') throw new Refusal(FAULTS[verified], { fault: verified });
    return checkAccessTokenClaims(verified.claims, { issuer, resource, nowSeconds: nowSeconds(clock) });
  }

  function admission(claims: AccessTokenClaims): () => Caller | Promise<Caller> {
    const presented = { sessionId: claims.sessionId, generation: claims.generation, jti: claims.tokenId };
    let last: { readonly session: Session; readonly caller: Caller } | undefined;
    return () => {
      const session = presentAtOnce(sessions, presented);
      if (!session)
        return presentAccessToken(sessions, presented).then((found) =>
          callerOf(claims, found, scopeHierarchy),
        );
      // The same session as at the request before makes the same caller.
      if (last?.session !== session) last = { session, caller: callerOf(claims, session, scopeHierarchy) };
      return last.caller;
    };
  }

  return {
    name: 'own tokens',
    // A refresh token that somebody shows in the wrong place is shown to no provider that is asked about opaque tokens.
    recognizes: (token) => isLikeRefreshToken(token) || issuerOf(token) === issuer,
    read,
    admit: (claims) => admission(claims)(),
    async verify(token, resource) {
      if (isLikeRefreshToken(token))
        throw new Refusal('token.type', { seen: 'a refresh token', expected: ACCESS_TOKEN_TYPE });
      const claims = await read(token, resource);
      return { expiresAt: claims.expiresAt, admit: admission(claims) };
    },
  };
}

/** Client, resource and scopes of the token agree with the session: what was signed and what is kept are two things, and both must say it. */
function callerOf(claims: AccessTokenClaims, session: Session, hierarchy?: ScopeHierarchy): Caller {
  const excess = missingScopes(claims.scopes, session.scopes, hierarchy);
  if (
    claims.clientId !== session.clientId ||
    !claims.audience.includes(session.resource) ||
    excess.length > 0
  ) {
    throw new Refusal('token.claims', { session: session.id, why: 'the token and its session disagree' });
  }
  return {
    identity: session.identity,
    clientId: session.clientId,
    scopes: claims.scopes,
    resource: session.resource,
    expiresAt: claims.expiresAt,
    sessionId: session.id,
  };
}

/** The claims of a token of ours for whichever of the resources it is for. @throws Refusal `token.*` when it is for none of them */
export async function readForAny(
  verifier: AccessTokenVerifier,
  token: string,
  resources: readonly string[],
): Promise<AccessTokenClaims> {
  for (const resource of resources) {
    try {
      return await verifier.read(token, resource);
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'token.audience') throw error;
    }
  }
  throw new Refusal('token.audience', { expected: resources });
}

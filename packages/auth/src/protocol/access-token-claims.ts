// RFC 9068 §2.2 and §4: the claims of an access token of ours, made and checked.
import { Refusal } from '../core/refusal.ts';
import { sameResource } from '../core/url.ts';
import { formatScope, parseScope } from './scope.ts';

/** §2.1: the `typ` of the header, so that no other token passes for one. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

export interface AccessTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  /** One resource in ours; checked as a list, since §4 allows several. */
  readonly audience: readonly string[];
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Seconds since 1970, as all times here. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** `jti`: by which one token can be revoked. */
  readonly tokenId: string;
  /** `sid`: the session behind the token. */
  readonly sessionId: string;
  /** `gen`: the generation of the session the token was made with. */
  readonly generation: number;
}

export function buildAccessTokenClaims(token: AccessTokenClaims): Record<string, unknown> {
  const [resource] = token.audience;
  return {
    iss: token.issuer,
    sub: token.subject,
    aud: token.audience.length === 1 ? resource : token.audience,
    client_id: token.clientId,
    scope: formatScope(token.scopes),
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.tokenId,
    sid: token.sessionId,
    gen: token.generation,
  };
}

export interface ExpectedToken {
  /** Compared byte for byte. */
  readonly issuer: string;
  /** The resource that must be among the audience. */
  readonly resource: string;
  readonly nowSeconds: number;
  /** How far clocks may differ, in seconds. Default: 30; never more than 300. */
  readonly leewaySeconds?: number;
}

const DEFAULT_LEEWAY_SECONDS = 30;
const MAX_LEEWAY_SECONDS = 300;
const MAX_TEXT_LENGTH = 2000;

type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token whose signature is good, or a refusal `token.*` that says what was seen and what was expected. */
export function checkAccessTokenClaims(claims: Claims, expected: ExpectedToken): AccessTokenClaims {
  const token = readClaims(claims);
  if (token.issuer !== expected.issuer)
    throw new Refusal('token.issuer', { seen: token.issuer, expected: expected.issuer });
  if (
    !token.audience.some(
      (audience) => audience === expected.resource || sameResource(audience, expected.resource),
    )
  )
    throw new Refusal('token.audience', { seen: token.audience, expected: expected.resource });
  checkTimes(claims, token, expected);
  return token;
}

function checkTimes(claims: Claims, token: AccessTokenClaims, expected: ExpectedToken): void {
  const { nowSeconds } = expected;
  const leeway = Math.min(Math.max(expected.leewaySeconds ?? DEFAULT_LEEWAY_SECONDS, 0), MAX_LEEWAY_SECONDS);
  const notBefore = claims.nbf === undefined ? token.issuedAt : numericDate(claims, 'nbf');
  if (nowSeconds >= token.expiresAt + leeway)
    throw new Refusal('token.expired', { expiresAt: token.expiresAt, now: nowSeconds, leeway });
  if (Math.max(notBefore, token.issuedAt) > nowSeconds + leeway)
    throw new Refusal('token.not-yet-valid', {
      notBefore,
      issuedAt: token.issuedAt,
      now: nowSeconds,
      leeway,
    });
}

function readClaims(claims: Claims): AccessTokenClaims {
  const { gen } = claims;
  if (typeof gen !== 'number' || !Number.isSafeInteger(gen) || gen < 0) throw bad('gen');
  const scopes = typeof claims.scope === 'string' ? parseScope(claims.scope) : undefined;
  if (scopes === undefined) throw bad('scope');
  return {
    issuer: text(claims, 'iss'),
    subject: text(claims, 'sub'),
    audience: audienceOf(claims.aud),
    clientId: text(claims, 'client_id'),
    scopes,
    issuedAt: numericDate(claims, 'iat'),
    expiresAt: numericDate(claims, 'exp'),
    tokenId: text(claims, 'jti'),
    sessionId: text(claims, 'sid'),
    generation: gen,
  };
}

function audienceOf(claim: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const audience = list.filter(
    (each): each is string => typeof each === 'string' && each.length <= MAX_TEXT_LENGTH,
  );
  if (audience.length === 0 || audience.length !== list.length || list.length > 20) throw bad('aud');
  return audience;
}

function text(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT_LENGTH) throw bad(name);
  return value;
}

/** RFC 7519 §2: seconds since 1970; a fraction is allowed. */
function numericDate(claims: Claims, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw bad(name);
  return value;
}

function bad(claim: string): Refusal {
  return new Refusal('token.claims', { claim });
}

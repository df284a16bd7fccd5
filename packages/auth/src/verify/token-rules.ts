// RFC 7519 §4.1, RFC 9068 §4: the rules that the claims of somebody else's token have to keep.
import { Refusal } from '../core/refusal.ts';
import { sameResource } from '../core/url.ts';
import { claimAt } from '../upstream/claim-path.ts';
import type { Claims } from '../upstream/claims.ts';
import { shownValue } from '../upstream/provider-fault.ts';

/** What a claim must be, or one of what it may be. Of a claim that is a list, one entry must fit. */
export type ClaimRule = ClaimValue | readonly ClaimValue[];
export type ClaimValue = string | number | boolean;

/** Whom a token must be for: one of these audiences, to the letter; the resource itself; or `none`, when that is not asked. */
export type AudienceRule = string | readonly string[] | undefined;

export const DEFAULT_LEEWAY_SECONDS = 30;
export const MAX_LEEWAY_SECONDS = 300;

/** Beyond this it was written in milliseconds. */
const MAX_NUMERIC_DATE = 100_000_000_000;
const MAX_AUDIENCES = 100;

/** `exp`, after `exp`, `nbf` and `iat` were found right; `undefined` when there is none. @throws Refusal */
export function checkTimes(
  claims: Claims,
  { nowSeconds, leewaySeconds }: { readonly nowSeconds: number; readonly leewaySeconds: number },
): number | undefined {
  const [expiresAt, notBefore, issuedAt] = ['exp', 'nbf', 'iat'].map((name) => numericDate(claims, name));
  if (expiresAt !== undefined && nowSeconds >= expiresAt + leewaySeconds)
    throw new Refusal('token.expired', { expiresAt, now: nowSeconds, leeway: leewaySeconds });
  if (Math.max(notBefore ?? 0, issuedAt ?? 0) > nowSeconds + leewaySeconds)
    throw new Refusal('token.not-yet-valid', {
      notBefore,
      issuedAt,
      now: nowSeconds,
      leeway: leewaySeconds,
    });
  return expiresAt;
}

/** @throws Refusal `token.audience` */
export function checkAudience(claim: unknown, rule: AudienceRule, resource: string): void {
  if (rule === 'none') return;
  const seen = audiences(claim);
  const expected = rule === undefined ? [resource] : typeof rule === 'string' ? [rule] : rule;
  const isMeant = (audience: string) =>
    rule === undefined
      ? sameResource(audience, resource) || audience === resource
      : expected.includes(audience);
  if (!seen.some(isMeant))
    throw new Refusal('token.audience', {
      seen: seen.slice(0, 5).map(shownValue),
      expected,
    });
}

/** @throws Refusal `token.claims` naming the claim, never what is in it. */
export function checkClaimRules(claims: Claims, rules: Readonly<Record<string, ClaimRule>>): void {
  for (const [name, rule] of Object.entries(rules)) {
    const accepted: readonly unknown[] = Array.isArray(rule) ? rule : [rule];
    const value = claimAt(claims, name);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!values.some((each) => accepted.includes(each))) throw new Refusal('token.claims', { claim: name });
  }
}

/**
 * What says of itself that it is another kind of token: an ID token, a refresh token, a security event. Also a token that is bound to a key
 * (RFC 7800 §3.1), since whoever presents it would have to prove that they hold it.
 * @throws Refusal
 */
export function checkKind(claims: Claims): void {
  const kind = otherKind(claims);
  if (kind !== undefined) throw new Refusal('token.type', { seen: kind });
  if (claims.cnf !== undefined && claims.cnf !== null)
    throw new Refusal('token.claims', { claim: 'cnf', why: 'the token is bound to a key' });
}

const ACCESS_TOKEN_USES: ReadonlySet<unknown> = new Set(['access', 'access_token']);
const OTHER_TYPES: ReadonlySet<unknown> = new Set(['id', 'refresh', 'offline', 'logout']);
const ID_TOKEN_CLAIMS = ['at_hash', 'c_hash', 's_hash'];
const GRANT_CLAIMS = ['scope', 'scp', 'permissions', 'client_id'];

function otherKind(claims: Claims): string | undefined {
  const has = (name: string) => claims[name] !== undefined && claims[name] !== null;
  if (has('token_use') && !ACCESS_TOKEN_USES.has(claims.token_use)) return 'a token for another use';
  if (typeof claims.typ === 'string' && OTHER_TYPES.has(claims.typ.toLowerCase()))
    return `a token of type ${claims.typ}`;
  if (has('events')) return 'a security event';
  if (ID_TOKEN_CLAIMS.some(has) || (has('nonce') && !GRANT_CLAIMS.some(has))) return 'an ID token';
  return undefined;
}

/** RFC 7519 §2: seconds since 1970; a fraction is allowed. */
function numericDate(claims: Claims, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined) return undefined;
  const isDate = typeof value === 'number' && value >= 0 && value <= MAX_NUMERIC_DATE;
  if (!isDate) throw new Refusal('token.claims', { claim: name });
  return value;
}

function audiences(claim: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const texts = list.filter((each): each is string => typeof each === 'string' && each !== '');
  if (texts.length !== list.length || list.length > MAX_AUDIENCES)
    throw new Refusal('token.audience', { seen: claim === undefined ? 'none' : 'no list of texts' });
  return texts;
}

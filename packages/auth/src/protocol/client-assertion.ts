// RFC 7523 §3, RFC 7521 §5.2, OpenID Connect Core §9, RFC 8725 §3: a token with which a client shows who it is.
import { Refusal } from '../core/refusal.ts';
import { MAX_CLIENT_ID_LENGTH } from './authorization-request.ts';
import { CLIENT_ASSERTION_ALGORITHMS } from './client-keys.ts';
import { headerFault, readCompactJwt, typeName } from './compact-jwt.ts';

/** RFC 7523 §2.2. */
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Longest assertion: room for a signature of 8192 bits, and claims of any sensible size. In characters. */
export const MAX_CLIENT_ASSERTION_LENGTH = 8192;
/** How far ahead an assertion may expire: for so long its `jti` is remembered. In seconds. */
export const MAX_CLIENT_ASSERTION_SECONDS = 600;
/** How far the clock of a client may be off, in seconds. */
export const CLIENT_ASSERTION_LEEWAY_SECONDS = 30;
const MAX_JTI_LENGTH = 256;
const MAX_AUDIENCES = 10;

/**
 * The types that are taken. Most clients write `JWT` or nothing; the two others are the names that drafts give to exactly this
 * (draft-ietf-oauth-rfc7523bis, draft-ietf-oauth-client-id-metadata-document). Access tokens, ID tokens of a type and logout tokens are not.
 */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'client-authentication+jwt', 'oauth-client-auth+jwt'];

/** What an assertion says. Nothing is proven before its signature is. */
export interface ClientAssertion {
  readonly token: string;
  /** `iss` and `sub`, which are the same. */
  readonly clientId: string;
  readonly algorithm: string;
  readonly kid?: string;
  readonly tokenId: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970, as the next three. */
  readonly expiresAt: number;
  readonly notBefore?: number;
  readonly issuedAt?: number;
}

/** Takes an assertion apart. @throws Refusal `client.assertion` */
export function readClientAssertion(token: string): ClientAssertion {
  const jwt = readCompactJwt(token, MAX_CLIENT_ASSERTION_LENGTH);
  if (typeof jwt === 'string') throw refused(jwt);
  const { header, claims } = jwt;
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !CLIENT_ASSERTION_ALGORITHMS.includes(alg))
    throw refused('its algorithm is not supported');
  const fault = headerFault(header);
  if (fault !== undefined) throw refused(fault);
  if (!TYPES.includes(typeName(header))) throw refused('it is of another type');
  const { iss, sub, jti, exp } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_CLIENT_ID_LENGTH)
    throw refused('its sub is no client id');
  if (iss !== sub) throw refused('its iss is not its sub');
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH)
    throw refused(`its jti is not a text of 1 to ${MAX_JTI_LENGTH} characters`);
  if (!isMoment(exp)) throw refused('its exp is no time');
  return {
    token,
    clientId: sub,
    algorithm: alg,
    ...(typeof kid === 'string' ? { kid } : {}),
    tokenId: jti,
    audiences: audiencesOf(claims.aud),
    expiresAt: exp,
    notBefore: optionalMoment('nbf', claims.nbf),
    issuedAt: optionalMoment('iat', claims.iat),
  };
}

/** RFC 7523 §3, points 3 to 6: is it meant for us, and for now? `ours`: our names, of which one is enough. @throws Refusal `client.assertion` */
export function checkClientAssertion(
  assertion: ClientAssertion,
  { ours, nowSeconds }: { readonly ours: readonly string[]; readonly nowSeconds: number },
): void {
  const { audiences, expiresAt, notBefore, issuedAt } = assertion;
  if (!audiences.some((audience) => ours.includes(audience)))
    throw refused('it is for somebody else', {
      seen: audiences.map((audience) => audience.slice(0, 200)),
      expected: ours,
    });
  const leeway = CLIENT_ASSERTION_LEEWAY_SECONDS;
  const times = { expiresAt, notBefore, issuedAt, nowSeconds };
  if (expiresAt <= nowSeconds - leeway) throw refused('it has expired', times);
  if (expiresAt > nowSeconds + MAX_CLIENT_ASSERTION_SECONDS + leeway)
    throw refused(`it expires more than ${MAX_CLIENT_ASSERTION_SECONDS} seconds ahead`, times);
  if (notBefore !== undefined && notBefore > nowSeconds + leeway) throw refused('it is not valid yet', times);
  if (issuedAt !== undefined && issuedAt > nowSeconds + leeway)
    throw refused('it was issued in the future', times);
}

function refused(why: string, more: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal('client.assertion', { why, ...more });
}

/** RFC 7519 §4.1.3: one name, or a list of them. */
function audiencesOf(aud: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (list.length === 0 || list.length > MAX_AUDIENCES || list.some((each) => typeof each !== 'string'))
    throw refused('its aud is no name and no list of names');
  return list as readonly string[];
}

function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function optionalMoment(claim: string, value: unknown): number | undefined {
  if (value === undefined || isMoment(value)) return value;
  throw refused(`its ${claim} is no time`);
}

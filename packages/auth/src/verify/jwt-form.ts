// RFC 7515 §4 and §5.2, RFC 8725 §3: what a signed token must look like before anything in it is weighed.
import { fromBase64Url, fromUtf8 } from '../core/encoding.ts';
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';
import { Refusal } from '../core/refusal.ts';
import { MAX_BEARER_TOKEN_LENGTH } from '../protocol/bearer-challenge.ts';
import type { Claims } from '../upstream/claims.ts';

export interface JwtParts {
  readonly algorithm: string;
  readonly kid?: string;
  readonly claims: Claims;
}

/**
 * `at+jwt`: only what says it is an access token (RFC 9068 §2.1). `jwt`: also `JWT`, or no type at all, as most providers write it. Any other
 * type is refused in both.
 */
export type JwtType = 'at+jwt' | 'jwt';

/** Where a key comes from is never the token's to say; extensions that must be understood are not. */
const REFUSED_MEMBERS = ['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c'];
const MAX_KID_LENGTH = 1000;

/** The header's members that count, and the claims; nothing of it is proven yet. @throws Refusal */
export function readJwt(
  token: string,
  expected: { readonly algorithms: readonly string[]; readonly type: JwtType },
): JwtParts {
  if (token.length > MAX_BEARER_TOKEN_LENGTH) throw malformed('it is too long');
  const parts = token.split('.', 4);
  if (parts.length !== 3) throw malformed('it has not three parts');
  const header = jsonObject(parts[0]!);
  const claims = jsonObject(parts[1]!);
  if (!fromBase64Url(parts[2]!)?.byteLength) throw malformed('its signature can not be read');
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !expected.algorithms.includes(alg))
    throw new Refusal('token.algorithm', {
      seen: typeof alg === 'string' ? alg.slice(0, 40) : 'none',
      expected: expected.algorithms,
    });
  const refused = REFUSED_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) throw malformed(`its header has ${refused}`);
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH))
    throw malformed('its kid is no text');
  checkType(header.typ, expected.type);
  return { algorithm: alg, claims, ...(kid === undefined ? {} : { kid }) };
}

/** RFC 7515 §4.1.9: a media type, of which `application/` may be left out; its name knows no case. */
function checkType(typ: unknown, expected: JwtType): void {
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ;
  if (name === 'at+jwt') return;
  if (expected === 'jwt' && (name === undefined || name === 'jwt')) return;
  throw new Refusal('token.type', {
    seen: typeof typ === 'string' ? typ.slice(0, 40) : 'none',
    expected: expected === 'jwt' ? 'at+jwt, JWT, or none' : 'at+jwt',
  });
}

function jsonObject(part: string): Readonly<Record<string, unknown>> {
  const text = decoded(part);
  const value = text === undefined ? undefined : parseJson(text);
  if (text === undefined || !isObject(value)) throw malformed('a part of it is no JSON object');
  if (hasDuplicateMembers(text)) throw malformed('it has a member twice');
  return value;
}

function decoded(part: string): string | undefined {
  const bytes = fromBase64Url(part);
  try {
    return bytes && fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

function malformed(why: string): Refusal {
  return new Refusal('token.malformed', { why });
}

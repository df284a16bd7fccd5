// RFC 7515 §3.1 and §7.1, RFC 7519 §7.2: a signed token cut into its parts; nothing of it is proven yet.
import { fromBase64Url, fromUtf8 } from '../core/encoding.ts';
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';

export interface CompactJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Why a text is no such token, for the log. */
export type CompactJwtFault = string;

/** Where a key comes from is never the token's to say; extensions that must be understood are not. */
const REFUSED_MEMBERS = ['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c'];
const MAX_KID_LENGTH = 1000;

/** Header and claims, or what is wrong with the form. A member that stands twice is refused, so that two readers never see two tokens. */
export function readCompactJwt(token: string, maxLength: number): CompactJwt | CompactJwtFault {
  if (token.length > maxLength) return 'it is too long';
  const parts = token.split('.', 4);
  if (parts.length !== 3) return 'it has not three parts';
  const header = jsonObject(parts[0]!);
  if (typeof header === 'string') return header;
  const claims = jsonObject(parts[1]!);
  if (typeof claims === 'string') return claims;
  if (!fromBase64Url(parts[2]!)?.byteLength) return 'its signature can not be read';
  return { header, claims };
}

/** What a header must not have, or has in another form than text; `undefined` when it may be used. */
export function headerFault(header: CompactJwt['header']): CompactJwtFault | undefined {
  const refused = REFUSED_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) return `its header has ${refused}`;
  const { kid } = header;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH))
    return 'its kid is no text';
  return undefined;
}

/** RFC 7515 §4.1.9: a media type, of which `application/` may be left out; its name knows no case. */
export function typeName(header: CompactJwt['header']): unknown {
  const { typ } = header;
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ;
}

function jsonObject(part: string): Readonly<Record<string, unknown>> | CompactJwtFault {
  const text = decoded(part);
  const value = text === undefined ? undefined : parseJson(text);
  if (text === undefined || !isObject(value)) return 'a part of it is no JSON object';
  return hasDuplicateMembers(text) ? 'it has a member twice' : value;
}

function decoded(part: string): string | undefined {
  const bytes = fromBase64Url(part);
  try {
    return bytes && fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

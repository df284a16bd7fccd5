// RFC 7515 §3.1 and §5: compact JWS, ES256 (RFC 7518 §3.4) only.
import { type KeyObject, sign, verify } from 'node:crypto';
import type { JwsFault, VerifiedJws } from './key-ring.ts';

const ALGORITHM = 'ES256';
const SIGNATURE_BYTES = 64;
/** Characters; far above what this server issues, and a bound on the work a stranger can cause. */
const MAX_TOKEN_LENGTH = 16_384;
/** Headers that are remembered: one for each key and `typ` in use. */
const MAX_REMEMBERED_HEADERS = 64;

export interface JwsSignKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Signs for one key; the header of each `typ` is made once. */
export function createSigner(
  key: JwsSignKey,
): (typ: string, claims: Readonly<Record<string, unknown>>) => string {
  const headers = new Map<string, string>();
  const signKey = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return (typ, claims) => {
    let header = headers.get(typ);
    if (header === undefined) {
      header = base64Url(JSON.stringify({ alg: ALGORITHM, typ, kid: key.kid }));
      headers.set(typ, header);
    }
    const input = `${header}.${base64Url(JSON.stringify(claims))}`;
    const signature = sign('sha256', Buffer.from(input, 'latin1'), signKey);
    return `${input}.${signature.toString('base64url')}`;
  };
}

interface KnownHeader {
  readonly header: Readonly<Record<string, unknown>>;
  readonly typ: string;
  readonly key: VerifyKey;
}

interface VerifyKey {
  readonly key: KeyObject;
  readonly dsaEncoding: 'ieee-p1363';
}

/**
 * Verifies against the given keys. What a header says is worked out once for each spelling of it, and remembered only after a signature
 * under it was good, so that a stranger can not fill the memory.
 */
export function createVerifier(
  keys: ReadonlyMap<string, KeyObject>,
): (typ: string, token: string) => VerifiedJws | JwsFault {
  const verifyKeys = new Map<string, VerifyKey>(
    Array.from(keys, ([kid, key]) => [kid, { key, dsaEncoding: 'ieee-p1363' }]),
  );
  const known = new Map<string, KnownHeader>();

  return (typ, token) => {
    if (token.length > MAX_TOKEN_LENGTH) return 'malformed';
    const firstDot = token.indexOf('.');
    const lastDot = token.lastIndexOf('.');
    if (firstDot <= 0 || lastDot - firstDot < 2 || token.indexOf('.', firstDot + 1) !== lastDot) {
      return 'malformed';
    }
    const headerText = token.slice(0, firstDot);
    const remembered = known.get(headerText);
    const entry = remembered ?? readHeader(headerText, verifyKeys);
    if (typeof entry === 'string') return entry;
    if (entry.typ !== typ) return 'type';

    const signature = decodeCanonical(token.slice(lastDot + 1));
    if (signature?.byteLength !== SIGNATURE_BYTES) return 'malformed';
    if (!verify('sha256', Buffer.from(token.slice(0, lastDot), 'latin1'), entry.key, signature)) {
      return 'signature';
    }
    if (remembered === undefined && known.size < MAX_REMEMBERED_HEADERS) known.set(headerText, entry);
    const claims = parseObject(token.slice(firstDot + 1, lastDot));
    return claims === undefined ? 'malformed' : { header: entry.header, claims };
  };
}

function readHeader(text: string, keys: ReadonlyMap<string, VerifyKey>): KnownHeader | JwsFault {
  const header = parseObject(text);
  if (header === undefined) return 'malformed';
  if (header.alg !== ALGORITHM) return 'algorithm';
  // No other member is ever ours: `crit`, `b64`, `jku`, `jwk`, `x5u`, `x5c` and all that may come after them.
  if (Object.keys(header).length !== 3 || typeof header.typ !== 'string' || typeof header.kid !== 'string') {
    return 'malformed';
  }
  const key = keys.get(header.kid);
  return key === undefined ? 'key-unknown' : { header: Object.freeze(header), typ: header.typ, key };
}

/**
 * A JSON object in canonical base64url. The text must be what `JSON.stringify` makes of it, as ours always is: that refuses a member that is
 * there twice, spare white space and every other second spelling.
 */
function parseObject(text: string): Record<string, unknown> | undefined {
  const json = decodeCanonical(text)?.toString('utf8');
  if (json === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return JSON.stringify(value) === json ? (value as Record<string, unknown>) : undefined;
}

/** RFC 4648 §5 and §3.5: no padding, no foreign character, no spare bit that is not zero. */
function decodeCanonical(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function base64Url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

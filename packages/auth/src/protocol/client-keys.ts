// RFC 7591 §2, RFC 7517 §4 and §5, RFC 7518 §6: the public keys a client signs its assertions with, as it publishes them.
import { isObject } from '../core/json-text.ts';
import { ASYMMETRIC_ALGORITHMS } from './signature-algorithms.ts';
import { parseStrictUrl } from './strict-url.ts';

/** The public half of a key pair: what verifying needs, and nothing else that stood beside it. */
export interface PublicJwk {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly kid?: string;
  readonly alg?: string;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** Where the keys of a client are, in one of two ways, and the one algorithm it said it signs with. */
export type ClientKeys = (
  | { readonly jwks: readonly PublicJwk[]; readonly jwksUri?: undefined }
  | { readonly jwksUri: string; readonly jwks?: undefined }
) & { readonly algorithm?: string };

/** What an assertion may be signed with. */
export const CLIENT_ASSERTION_ALGORITHMS = ASYMMETRIC_ALGORITHMS;

export const MAX_CLIENT_KEYS = 20;
export const MAX_JWKS_URI_LENGTH = 1000;
/** Longest key set that is taken in a registration, in characters of JSON: such a registration may have to be stored. */
export const MAX_REGISTERED_JWKS_LENGTH = 8192;
/** What is wrong with a set that gives away what has to stay secret. */
export const HOLDS_SECRET = 'it holds a private or symmetric key';
export const NO_KEY_SET = 'it is no key set';
const MAX_KID_LENGTH = 200;

/** RFC 7518 §6: members that only the owner of a key may have, and the key of a symmetric one. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** RSA: 2048 to 8192 bits, so that no stranger makes a check expensive. */
const RSA_MODULUS = /^[A-Za-z0-9_-]{342,1366}$/;
const RSA_EXPONENT = /^[A-Za-z0-9_-]{2,8}$/;
const COORDINATE = /^[A-Za-z0-9_-]{40,90}$/;

const RSA_ALGORITHMS = CLIENT_ASSERTION_ALGORITHMS.filter((name) => /^[RP]S/.test(name));
const CURVES: Readonly<Record<string, { readonly kty: string; readonly algorithms: readonly string[] }>> = {
  'P-256': { kty: 'EC', algorithms: ['ES256'] },
  'P-384': { kty: 'EC', algorithms: ['ES384'] },
  'P-521': { kty: 'EC', algorithms: ['ES512'] },
  Ed25519: { kty: 'OKP', algorithms: ['EdDSA', 'Ed25519'] },
};

/** What a client says of its keys, before it is looked at. */
export interface SaidOfKeys {
  readonly jwks?: unknown;
  readonly jwksUri?: unknown;
  readonly algorithm?: unknown;
}

/** What is wrong: the member, and why. Quotes nothing of what was said. */
export interface KeysFault {
  readonly member: 'jwks' | 'jwks_uri' | 'token_endpoint_auth_signing_alg';
  readonly why: string;
}

/** The keys a client published, in exactly one of the two ways; or what is wrong with them. */
export function readClientKeys(said: SaidOfKeys): ClientKeys | KeysFault {
  const algorithm = said.algorithm ?? undefined;
  if (algorithm !== undefined && !isAlgorithm(algorithm))
    return { member: 'token_endpoint_auth_signing_alg', why: 'the algorithm is not supported' };
  const { jwks, jwksUri } = said;
  const hasUri = jwksUri !== undefined && jwksUri !== null;
  if (jwks === undefined || jwks === null) {
    if (!hasUri) return { member: 'jwks', why: 'either jwks or jwks_uri is needed' };
    if (!isKeySetUri(jwksUri)) return { member: 'jwks_uri', why: 'it has to be a plain https URL' };
    return { jwksUri, ...(algorithm === undefined ? {} : { algorithm }) };
  }
  if (hasUri) return { member: 'jwks_uri', why: 'jwks and jwks_uri exclude each other' };
  const keys = readKeySet(jwks);
  if (typeof keys === 'string') return { member: 'jwks', why: keys };
  if (algorithm !== undefined && !keys.some((key) => fitsAlgorithm(key, algorithm)))
    return { member: 'token_endpoint_auth_signing_alg', why: 'no key fits the algorithm' };
  return { jwks: keys, ...(algorithm === undefined ? {} : { algorithm }) };
}

export function isKeysFault(read: ClientKeys | KeysFault): read is KeysFault {
  return 'member' in read;
}

/** The keys of a set that can verify an assertion; or why there is none. §5: what is not understood is left out. */
export function readKeySet(set: unknown): readonly PublicJwk[] | string {
  if (!isObject(set) || !Array.isArray(set.keys)) return NO_KEY_SET;
  if (set.keys.length > MAX_CLIENT_KEYS) return `it has more than ${MAX_CLIENT_KEYS} keys`;
  const keys: PublicJwk[] = [];
  for (const key of set.keys as readonly unknown[]) {
    if (!isObject(key)) return NO_KEY_SET;
    if (key.kty === 'oct' || SECRET_MEMBERS.some((member) => Object.hasOwn(key, member))) return HOLDS_SECRET;
    const usable = publicJwk(key);
    if (usable) keys.push(usable);
  }
  return keys.length > 0 ? keys : 'it has no key that could be used';
}

/** May this key verify what was signed with this algorithm? RFC 8725 §3.1: the key decides, never the token. */
export function fitsAlgorithm(key: PublicJwk, algorithm: string): boolean {
  if (key.alg !== undefined && !sameAlgorithm(key.alg, algorithm)) return false;
  const possible = key.kty === 'RSA' ? RSA_ALGORITHMS : (CURVES[key.crv ?? '']?.algorithms ?? []);
  return possible.includes(algorithm);
}

/** RFC 9864 §2.2: two names of one algorithm. */
export function sameAlgorithm(one: string, other: string): boolean {
  const plain = (name: string) => (name === 'Ed25519' ? 'EdDSA' : name);
  return plain(one) === plain(other);
}

function isAlgorithm(value: unknown): value is string {
  return typeof value === 'string' && CLIENT_ASSERTION_ALGORITHMS.includes(value);
}

function isKeySetUri(value: unknown): value is string {
  if (typeof value !== 'string' || !value.startsWith('https://')) return false;
  const url = parseStrictUrl(value, MAX_JWKS_URI_LENGTH);
  return typeof url !== 'string' && url.host !== undefined;
}

function publicJwk(key: Readonly<Record<string, unknown>>): PublicJwk | undefined {
  const { kty, kid, alg, use, key_ops: operations } = key;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return undefined;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH)) return undefined;
  if (alg !== undefined && !isAlgorithm(alg)) return undefined;
  const named = { ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }) };
  const read = kty === 'RSA' ? rsaKey(key, named) : curveKey(key, named);
  return read && (alg === undefined || fitsAlgorithm(read, alg)) ? read : undefined;
}

type Named = Pick<PublicJwk, 'kid' | 'alg'>;

function rsaKey({ n, e }: Readonly<Record<string, unknown>>, named: Named): PublicJwk | undefined {
  if (typeof n !== 'string' || typeof e !== 'string') return undefined;
  return RSA_MODULUS.test(n) && RSA_EXPONENT.test(e) ? { kty: 'RSA', ...named, n, e } : undefined;
}

function curveKey(
  { kty, crv, x, y }: Readonly<Record<string, unknown>>,
  named: Named,
): PublicJwk | undefined {
  if (typeof crv !== 'string' || !Object.hasOwn(CURVES, crv) || CURVES[crv]!.kty !== kty) return undefined;
  if (typeof x !== 'string' || !COORDINATE.test(x)) return undefined;
  if (kty === 'OKP') return { kty: 'OKP', ...named, crv, x };
  return typeof y === 'string' && COORDINATE.test(y) ? { kty: 'EC', ...named, crv, x, y } : undefined;
}

// RFC 7468 §10 and §13, RFC 7517 §4: public keys in the forms in which they are handed around.
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';

export interface PublicKey {
  readonly key: KeyObject;
  /** Algorithms that this key can verify. */
  readonly algorithms: readonly string[];
  /** Of a JWK that has one: then a token that names another key is not for this one. */
  readonly kid?: string;
}

/** Why a text is no public key; for the operator, without the text itself. */
export class PublicKeyFault extends Error {
  override readonly name = 'PublicKeyFault';
}

const MAX_TEXT_LENGTH = 100_000;
const MAX_KEYS = 20;
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 16_384;

const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const EC_ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
};

/**
 * The keys in a text: PEM as written, with `\n` for line ends, or joined to one line; the bare base64 that consoles show; a certificate (of
 * a chain the first one counts, and of that only its key: no date, no issuer); a JWK or a set of them, as JSON or as an object.
 * @throws PublicKeyFault
 */
export function readPublicKeys(source: string | Readonly<Record<string, unknown>>): readonly PublicKey[] {
  const keys = typeof source === 'string' ? fromText(source) : fromJson(source);
  if (keys.length === 0) throw new PublicKeyFault('It holds no key.');
  return keys;
}

/** Does a text hold, in any of these forms, half of a key pair? Then it is no secret that two parties share. */
export function holdsAsymmetricKey(text: string): boolean {
  if (/-----BEGIN |ssh-(rsa|ed25519)|ecdsa-sha2-/.test(text)) return true;
  try {
    return readPublicKeys(text).length > 0;
  } catch {
    const json = parseJson(text);
    return isObject(json) && ('keys' in json || ('kty' in json && json.kty !== 'oct'));
  }
}

function fromText(source: string): readonly PublicKey[] {
  if (source.length > MAX_TEXT_LENGTH) throw new PublicKeyFault('It is too long.');
  const text = unquoted(source.replace(/^\uFEFF/, '').trim());
  const json = text.startsWith('{') ? parseJson(text) : undefined;
  if (isObject(json)) {
    if (hasDuplicateMembers(text)) throw new PublicKeyFault('It is JSON with a member twice.');
    return fromJson(json);
  }
  const pem = text.replaceAll(/\\r|\\n/g, '\n');
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----/g)];
  if (blocks.length > MAX_KEYS) throw new PublicKeyFault(`It holds more than ${MAX_KEYS} blocks.`);
  if (blocks.length === 0) return [fromDer('PUBLIC KEY', bytesOf(pem))];
  const isChain = blocks.every(([, label]) => label === 'CERTIFICATE');
  const counted = isChain ? blocks.slice(0, 1) : blocks;
  return counted.map(([, label = '', body = '']) => fromDer(label, bytesOf(body)));
}

/** Quotation marks that a settings file or a shell left standing. */
function unquoted(text: string): string {
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote)
    ? text.slice(1, -1).trim()
    : text;
}

function bytesOf(body: string): Buffer {
  const base64 = body.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new PublicKeyFault('It is neither PEM, nor base64, nor a JWK.');
  return Buffer.from(base64, 'base64');
}

function fromDer(label: string, der: Buffer): PublicKey {
  if (/PRIVATE KEY$/.test(label))
    throw new PublicKeyFault('It is a private key; only its public half belongs here.');
  try {
    if (label === 'CERTIFICATE') return checked(new X509Certificate(der).publicKey);
    if (label === 'PUBLIC KEY') return checked(createPublicKey({ key: der, format: 'der', type: 'spki' }));
    if (label === 'RSA PUBLIC KEY')
      return checked(createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));
  } catch (error) {
    if (error instanceof PublicKeyFault) throw error;
    throw new PublicKeyFault(`What it holds as ${label} can not be read.`);
  }
  throw new PublicKeyFault(`It holds a block ${label}, which is no public key.`);
}

function fromJson(json: Readonly<Record<string, unknown>>): readonly PublicKey[] {
  if (!Array.isArray(json.keys)) return [fromJwk(json)];
  if (json.keys.length > MAX_KEYS) throw new PublicKeyFault(`It holds more than ${MAX_KEYS} keys.`);
  return json.keys.filter((key) => !isObject(key) || key.use !== 'enc').map(fromJwk);
}

function fromJwk(jwk: unknown): PublicKey {
  if (!isObject(jwk) || typeof jwk.kty !== 'string') throw new PublicKeyFault('It is JSON, and no JWK.');
  if (jwk.kty === 'oct') throw new PublicKeyFault('It is a shared secret, not a public key.');
  if (jwk.d !== undefined)
    throw new PublicKeyFault('It is a private key; only its public half belongs here.');
  if (jwk.use !== undefined && jwk.use !== 'sig') throw new PublicKeyFault('It is no key for signatures.');
  let known: PublicKey;
  try {
    known = checked(createPublicKey({ key: { ...jwk }, format: 'jwk' }));
  } catch (error) {
    if (error instanceof PublicKeyFault) throw error;
    throw new PublicKeyFault('It is a JWK that can not be read.');
  }
  const { alg, kid } = jwk;
  if (alg !== undefined && !(typeof alg === 'string' && known.algorithms.includes(alg)))
    throw new PublicKeyFault('Its alg does not fit the key.');
  return {
    key: known.key,
    algorithms: alg === undefined ? known.algorithms : sameAlgorithm(alg),
    ...(typeof kid === 'string' ? { kid } : {}),
  };
}

/** RFC 9864 §2.2: two names of one algorithm. */
function sameAlgorithm(name: string): readonly string[] {
  return name === 'EdDSA' || name === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [name];
}

function checked(key: KeyObject): PublicKey {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa') {
    const bits = details?.modulusLength ?? 0;
    if (bits < MIN_RSA_BITS) throw new PublicKeyFault(`It is an RSA key of ${bits} bits, less than 2048.`);
    if (bits > MAX_RSA_BITS) throw new PublicKeyFault('It is an RSA key of more than 16,384 bits.');
    return { key, algorithms: RSA_ALGORITHMS };
  }
  if (type === 'ed25519') return { key, algorithms: sameAlgorithm('EdDSA') };
  const algorithms = type === 'ec' ? EC_ALGORITHMS[details?.namedCurve ?? ''] : undefined;
  if (!algorithms) throw new PublicKeyFault(`It is a key of type ${type}, which is not supported.`);
  return { key, algorithms };
}

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../core/encoding.ts';
import type { Random } from '../core/random.ts';
import { deriveKey, LABELS } from './derive.ts';
import { macRoot } from './mac-keys.ts';
import type { MasterSecret } from './master-secret.ts';
import { KID_BYTES, openWith, type SealKey, sealedWithKid, sealWith } from './seal.ts';

export type KeyPurpose = 'sign' | 'seal';
export const KEY_PURPOSES: readonly KeyPurpose[] = ['sign', 'seal'];

/** `next`: accepted everywhere, not yet used for new values. `current`: one for each purpose. `accepted`: on its way out. */
export type KeyState = 'next' | 'current' | 'accepted';

interface RingKeyCommon {
  /** Eight random bytes in base64url. */
  readonly kid: string;
  readonly state: KeyState;
  /** Seconds since 1970. */
  readonly created: number;
}

/** A key as the ring document holds it. */
export type RingKey =
  | (RingKeyCommon & { readonly purpose: 'seal'; readonly secret: string })
  | (RingKeyCommon & { readonly purpose: 'sign'; readonly jwk: JsonWebKey });

/** All keys in use. Lives in the store, wrapped by the master secret. */
export interface RingDocument {
  readonly version: 1;
  readonly keys: readonly RingKey[];
  /**
   * What the MAC keys of earlier master secrets come from, the newest first, in base64url: ids of clients that registered under them stay
   * good when the secret itself is gone. Nothing is made with these any more.
   */
  readonly formerMacRoots?: readonly string[];
}

/** A secret changes once in a while; more than this is a mistake in a loop. */
const MAX_FORMER_ROOTS = 50;

/** The document as it goes on under a new master secret: what the old one was good for besides wrapping is kept in it. */
export function withFormerSecret(document: RingDocument, former: MasterSecret): RingDocument {
  const root = toBase64Url(macRoot(former));
  const others = (document.formerMacRoots ?? []).filter((each) => each !== root);
  return { ...document, formerMacRoots: [root, ...others].slice(0, MAX_FORMER_ROOTS) };
}

/** The master secret does not open the ring: another secret wrapped it, or the bytes are damaged. */
export type UnwrapFault = 'other-secret' | 'damaged';

export function newRingKey(purpose: KeyPurpose, state: KeyState, created: number, random: Random): RingKey {
  const common = { kid: toBase64Url(random.bytes(KID_BYTES)), state, created };
  if (purpose === 'seal') return { ...common, purpose, secret: toBase64Url(random.bytes(32)) };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...common, purpose, jwk: privateKey.export({ format: 'jwk' }) };
}

export function newRingDocument(created: number, random: Random): RingDocument {
  return { version: 1, keys: KEY_PURPOSES.map((purpose) => newRingKey(purpose, 'current', created, random)) };
}

/** The document, sealed under a key that only the master secret gives. The name of that key tells one secret from another. */
export function wrapRing(
  document: RingDocument,
  secret: MasterSecret,
  deployment: string,
  random: Random,
): Uint8Array {
  return sealWith(wrapKey(secret), random, wrapContext(deployment), utf8(JSON.stringify(document)));
}

export function unwrapRing(
  wrapped: Uint8Array,
  secret: MasterSecret,
  deployment: string,
): RingDocument | UnwrapFault {
  const key = wrapKey(secret);
  const kid = sealedWithKid(wrapped);
  if (kid === undefined) return 'damaged';
  if (kid !== toBase64Url(key.kid)) return 'other-secret';
  const plain = openWith(key.bytes, wrapContext(deployment), wrapped);
  // Whoever could seal this holds the master secret: the content needs no further proof than that it is ours.
  return plain === undefined ? 'damaged' : (JSON.parse(fromUtf8(plain)) as RingDocument);
}

export function privateKeyOf(key: RingKey & { purpose: 'sign' }): KeyObject {
  return createPrivateKey({ key: key.jwk, format: 'jwk' });
}

export function publicKeyOf(key: RingKey & { purpose: 'sign' }): KeyObject {
  return createPublicKey(privateKeyOf(key));
}

export function sealKeyOf(key: RingKey & { purpose: 'seal' }): SealKey {
  const kid = fromBase64Url(key.kid);
  const bytes = fromBase64Url(key.secret);
  if (kid?.byteLength !== KID_BYTES || bytes?.byteLength !== 32) throw new TypeError('Not a ring key');
  return { kid, bytes };
}

function wrapKey(secret: MasterSecret): SealKey {
  return {
    kid: deriveKey(secret.bytes, LABELS.ringName, KID_BYTES),
    bytes: deriveKey(secret.bytes, LABELS.ringWrap),
  };
}

function wrapContext(deployment: string): readonly string[] {
  return [deployment, 'ring'];
}

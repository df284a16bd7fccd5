// NIST SP 800-38D: AES-256-GCM. RFC 5116 §2.1: the context travels as associated data, not in the sealed bytes.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { lengthPrefixed, toBase64Url } from '../core/encoding.ts';
import type { Random } from '../core/random.ts';
import { hkdf, LABELS } from './derive.ts';

const VERSION = 1;
const VERSION_TEXT = 'portcullis-seal-1';
export const KID_BYTES = 8;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KID_BYTES + SALT_BYTES;
/** How many bytes a sealed value is longer than what it holds. */
export const SEAL_OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

/** A fresh key for each value leaves nothing for the nonce to do: it may stand still. */
const NONCE = new Uint8Array(12);

/** A key that seals: 32 bytes, and the name that sealed values carry. */
export interface SealKey {
  readonly kid: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Version, kid, salt, ciphertext, tag. */
export function sealWith(
  key: SealKey,
  random: Random,
  context: readonly string[],
  plaintext: Uint8Array,
): Uint8Array {
  const sealed = new Uint8Array(SEAL_OVERHEAD_BYTES + plaintext.byteLength);
  sealed[0] = VERSION;
  sealed.set(key.kid, 1);
  const salt = random.bytes(SALT_BYTES);
  sealed.set(salt, 1 + KID_BYTES);
  const cipher = createCipheriv('aes-256-gcm', hkdf(key.bytes, salt, LABELS.seal), NONCE);
  cipher.setAAD(associatedData(context));
  const body = cipher.update(plaintext);
  sealed.set(body, HEADER_BYTES);
  sealed.set(cipher.final(), HEADER_BYTES + body.byteLength);
  sealed.set(cipher.getAuthTag(), HEADER_BYTES + plaintext.byteLength);
  return sealed;
}

/** The name of the key a value was sealed with (base64url); `undefined` when this is no sealed value. */
export function sealedWithKid(sealed: Uint8Array): string | undefined {
  if (sealed.byteLength < SEAL_OVERHEAD_BYTES || sealed[0] !== VERSION) return undefined;
  return toBase64Url(sealed.subarray(1, 1 + KID_BYTES));
}

/** The caller has found the key by `sealedWithKid`. `undefined`: damaged, or sealed for another place. */
export function openWith(
  key: Uint8Array,
  context: readonly string[],
  sealed: Uint8Array,
): Uint8Array | undefined {
  const salt = sealed.subarray(1 + KID_BYTES, HEADER_BYTES);
  const end = sealed.byteLength - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', hkdf(key, salt, LABELS.seal), NONCE, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(HEADER_BYTES, end));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}

function associatedData(context: readonly string[]): Uint8Array {
  return lengthPrefixed([VERSION_TEXT, ...context]);
}

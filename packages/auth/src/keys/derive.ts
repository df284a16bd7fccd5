// RFC 5869 §2: HKDF with SHA-256, written with two HMAC calls because the one-shot of the runtime is slower for short outputs.
import { createHmac, type KeyObject } from 'node:crypto';

const HASH_BYTES = 32;

function hmac(key: KeyObject | Uint8Array, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** HKDF-SHA-256 with at most 64 bytes of output: one or two blocks. */
export function hkdf(
  inputKey: Uint8Array,
  salt: Uint8Array,
  info: string,
  lengthBytes: number = HASH_BYTES,
): Uint8Array {
  if (lengthBytes > 2 * HASH_BYTES) throw new RangeError('hkdf: at most 64 bytes');
  const pseudorandomKey = hmac(salt, inputKey);
  const first = hmac(pseudorandomKey, info, '\x01');
  if (lengthBytes <= HASH_BYTES) return first.subarray(0, lengthBytes);
  const second = hmac(pseudorandomKey, first, info, '\x02');
  return Buffer.concat([first, second]).subarray(0, lengthBytes);
}

/**
 * Every key that comes from the master secret has a label of its own, so that what one key does says nothing about another. A label is
 * part of the format: to change one is to change every key made with it.
 */
export const LABELS = {
  ringWrap: 'portcullis v1 ring wrap',
  ringName: 'portcullis v1 ring name',
  seal: 'portcullis v1 seal',
  macRoot: 'portcullis v1 mac root',
  mac: 'portcullis v1 mac ',
} as const;

const NO_SALT = new Uint8Array(HASH_BYTES);

/** A key from the master secret, under a label. */
export function deriveKey(masterBytes: Uint8Array, label: string, lengthBytes?: number): Uint8Array {
  return hkdf(masterBytes, NO_SALT, label, lengthBytes);
}

import { createHash, timingSafeEqual } from 'node:crypto';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws TypeError when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** RFC 4648 §5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * RFC 4648 §5, canonical only: no padding, no other alphabet, no spare bits that are not zero, so that one value has one spelling.
 * Returns `undefined` for anything else.
 */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : undefined;
}

export function sha256(data: Uint8Array | string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(data).digest());
}

/** SHA-256 in base64url: how secrets become look-up keys. */
export function sha256Text(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('base64url');
}

/** Compares in a time that does not depend on where the two differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/** As `equalBytes`, for text of any length: hashes first, so that not even the length shows. */
export function equalText(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** Each part preceded by its length in four bytes: two different lists never join to the same bytes. */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const buffers = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
  const out = new Uint8Array(buffers.reduce((sum, b) => sum + 4 + b.byteLength, 0));
  const view = new DataView(out.buffer);
  let offset = 0;
  for (const b of buffers) {
    view.setUint32(offset, b.byteLength);
    out.set(b, offset + 4);
    offset += 4 + b.byteLength;
  }
  return out;
}

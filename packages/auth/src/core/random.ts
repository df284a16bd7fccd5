import { randomBytes } from 'node:crypto';
import { toBase64Url } from './encoding.ts';

/** Where randomness comes from. Injected, so that a test can repeat a run. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

/** A random value of `bits` (default 256) in base64url: for codes, ids and secrets. */
export function randomToken(random: Random, bits = 256): string {
  return toBase64Url(random.bytes(bits / 8));
}

import { randomFillSync } from 'node:crypto';
import { toBase64Url } from './encoding.ts';

/** Where randomness comes from. Injected, so that a test can repeat a run. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
}

/** So much is asked of the system at once: each question costs far more than the bytes. */
const POOL_BYTES = 4096;
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

export const systemRandom: Random = {
  bytes(length) {
    if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length));
    if (used + length > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const taken = pool.slice(used, used + length);
    // Nothing that was given out stays here.
    pool.fill(0, used, used + length);
    used += length;
    return taken;
  },
};

/** A random value of `bits` (default 256) in base64url: for codes, ids and secrets. */
export function randomToken(random: Random, bits = 256): string {
  return toBase64Url(random.bytes(bits / 8));
}

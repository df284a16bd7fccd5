import type { Random } from './random.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A short id that a person can read out: ten characters of Crockford's base 32, fifty bits. */
export function newIncidentId(random: Random): string {
  return Array.from(random.bytes(10), (byte) => ALPHABET[byte & 31]).join('');
}

// RFC 7914 §2: scrypt, for a master secret that is a passphrase.
import { scryptSync } from 'node:crypto';
import { toBase64Url } from '../core/encoding.ts';
import { OperatorError } from '../core/operator-error.ts';
import type { Random } from '../core/random.ts';
import { estimatePassphraseBits } from './passphrase-strength.ts';

/** What every key is derived from or wrapped with. Made by this file only; never printed. */
export interface MasterSecret {
  readonly bytes: Uint8Array;
}

/** Where a secret was read, for the message when it is not fit. */
export interface SecretOrigin {
  /** The setting by the name the operator used. */
  readonly setting: string;
  /** `environment`, or the file. */
  readonly source: string;
}

const MIN_BYTES = 32;
const MAX_TEXT_LENGTH = 4096;
/** Of the bytes of a random secret at least this many differ; 32 random bytes have fewer only once in more than 10^9 secrets. */
const MIN_DIFFERENT_BYTES = 16;
/** Bits, before stretching. Stretching adds about as much work as 17 more. */
const MIN_PASSPHRASE_BITS = 60;
/** Bits by the same estimate above which base64 text is taken as random bytes; running text of the same length stays below. */
const MIN_RANDOM_TEXT_BITS = 80;
/**
 * N = 2^17, r = 8, p = 1 takes 128 MiB and under a second, once at start. The salt is the same for all, so that every replica finds the same
 * key with nothing but the passphrase; the strength that is asked for stands in for it.
 */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const SCRYPT_SALT = 'portcullis v1 master secret';

const REMEDY = 'Give 32 random bytes in hex or base64, as `openssl rand -hex 32` prints them.';

/**
 * Reads a master secret: 32 random bytes or more in hex, base64 or base64url, or a passphrase that is hard to guess.
 * @throws OperatorError when it is neither.
 */
export function parseMasterSecret(text: string, origin: SecretOrigin): MasterSecret {
  const bytes = checkMasterSecret(text, origin);
  if (bytes !== undefined) return { bytes };
  return {
    bytes: new Uint8Array(scryptSync(text.trim().normalize('NFKC'), SCRYPT_SALT, MIN_BYTES, SCRYPT)),
  };
}

/**
 * Whether `parseMasterSecret` takes a text, without the work of stretching it. Its bytes, when they are random themselves.
 * @throws OperatorError when it does not.
 */
export function checkMasterSecret(text: string, origin: SecretOrigin): Uint8Array | undefined {
  const fail = (message: string): never => {
    throw new OperatorError([{ ...origin, message, remedy: REMEDY }]);
  };
  const trimmed = text.trim();
  if (trimmed === '') return fail('The master secret is empty.');
  if (trimmed.length > MAX_TEXT_LENGTH) {
    return fail(`The master secret is longer than ${MAX_TEXT_LENGTH} characters.`);
  }
  const bytes = fromHex(trimmed) ?? fromRandomBase64(trimmed);
  if (bytes !== undefined) {
    if (new Set(bytes).size < MIN_DIFFERENT_BYTES) return fail('The master secret is not random.');
    return bytes;
  }
  if (estimatePassphraseBits(trimmed) < MIN_PASSPHRASE_BITS) {
    return fail('The master secret is too short or too easy to guess.');
  }
  return undefined;
}

/** A new master secret, as text that `parseMasterSecret` reads. */
export function newMasterSecretText(random: Random): string {
  return Buffer.from(random.bytes(MIN_BYTES)).toString('hex');
}

function fromHex(text: string): Uint8Array | undefined {
  if (text.length < 2 * MIN_BYTES || text.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Words written without a space are base64 too: such text goes the way of a passphrase. */
function fromRandomBase64(text: string): Uint8Array | undefined {
  const unpadded = text
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  const bytes = new Uint8Array(Buffer.from(unpadded, 'base64url'));
  if (bytes.byteLength < MIN_BYTES || toBase64Url(bytes) !== unpadded) return undefined;
  return estimatePassphraseBits(text) < MIN_RANDOM_TEXT_BITS ? undefined : bytes;
}

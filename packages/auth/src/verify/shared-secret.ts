// RFC 7518 §3.2: a key for HMAC is at least as long as the hash, and RFC 8725 §3.5: it is random, not a password.
import { holdsAsymmetricKey } from './public-key.ts';

export type SecretEncoding = 'text' | 'base64' | 'base64url' | 'hex';

/** Least bytes of a secret. */
const HASH_BYTES = { HS256: 32, HS384: 48, HS512: 64 } as const;
export type HmacAlgorithm = keyof typeof HASH_BYTES;

export const HMAC_ALGORITHMS = Object.keys(HASH_BYTES) as readonly HmacAlgorithm[];

const ENCODED: Readonly<Record<Exclude<SecretEncoding, 'text'>, RegExp>> = {
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
  hex: /^(?:[0-9a-fA-F]{2})+$/,
};

/** Why a text can not be a shared secret; for the operator, without the text itself. */
export class SharedSecretFault extends Error {
  override readonly name = 'SharedSecretFault';
}

/**
 * The bytes of a secret that is long enough for every one of the algorithms.
 * @throws SharedSecretFault also for a public key: everybody knows it, and so everybody could sign with it.
 */
export function readSharedSecret(
  text: string,
  encoding: SecretEncoding,
  algorithms: readonly HmacAlgorithm[],
): Uint8Array {
  if (holdsAsymmetricKey(text))
    throw new SharedSecretFault(
      'It is a key or certificate of a key pair, which is no secret of two parties.',
    );
  if (encoding !== 'text' && !ENCODED[encoding].test(text))
    throw new SharedSecretFault(`It is not ${encoding}.`);
  const secret = new Uint8Array(Buffer.from(text, encoding === 'text' ? 'utf8' : encoding));
  const needed = Math.max(...algorithms.map((name) => HASH_BYTES[name]));
  if (secret.byteLength < needed)
    throw new SharedSecretFault(
      `It has ${secret.byteLength} bytes; ${algorithms.join(', ')} needs at least ${needed}.`,
    );
  return secret;
}

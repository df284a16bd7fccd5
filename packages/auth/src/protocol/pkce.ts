// RFC 7636 §4.1, §4.2 and §4.6: proof key for code exchange, with the S256 method only.
import { equalText, fromBase64Url, sha256, toBase64Url } from '../core/encoding.ts';

const SHA256_BYTES = 32;

/** §4.1: 43 to 128 unreserved characters. */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9\-._~]{43,128}$/.test(text);
}

/** §4.2: a SHA-256 in base64url. Any other text could never be matched by a verifier. */
export function isCodeChallenge(text: string): boolean {
  return text.length === 43 && fromBase64Url(text)?.byteLength === SHA256_BYTES;
}

/** §4.2: the S256 challenge of a verifier. */
export function codeChallenge(verifier: string): string {
  return toBase64Url(sha256(verifier));
}

/** §4.6: does the verifier belong to the challenge? Takes the same time wherever the two differ. */
export function verifyPkce(verifier: string, challenge: string): boolean {
  return (
    isCodeVerifier(verifier) && isCodeChallenge(challenge) && equalText(codeChallenge(verifier), challenge)
  );
}

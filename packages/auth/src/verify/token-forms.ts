// RFC 6750 §1.2: a bearer token may have any form. What one looks like decides who may see it; nothing here is proven.
import { fromBase64Url, fromUtf8 } from '../core/encoding.ts';
import { isObject, parseJson } from '../core/json-text.ts';
import { issuerOf } from './token-form.ts';

/** The tokens that a verifier takes. */
export interface TokenForms {
  /** Opaque tokens: all of them, those with one of these prefixes (such as `gho_`), or none. */
  readonly opaque: boolean | readonly string[];
  /** JWTs that name one of these issuers, to the letter. `any`: all JWTs. */
  readonly issuers: readonly string[] | 'any';
}

/**
 * Is this a token that only its maker can read? A token that begins as a JWS does and is broken further on is not: it was somebody's JWT,
 * and is nobody else's business.
 */
export function isOpaque(token: string): boolean {
  const parts = token.split('.', 6);
  if (parts.length === 1) return true;
  const header = headerOf(parts[0]!);
  if (!header || !('alg' in header)) return issuerOf(token) === undefined;
  // RFC 7516 §3.1: an encrypted token has five parts, and only its maker can read it.
  return parts.length === 5 && 'enc' in header;
}

/** The rule of `recognizes` for these forms. */
export function recognizeForms(forms: TokenForms): (token: string) => boolean {
  const { opaque, issuers } = forms;
  const takesOpaque = (token: string) =>
    typeof opaque === 'boolean' ? opaque : opaque.some((prefix) => token.startsWith(prefix));
  return (token) => {
    if (isOpaque(token)) return takesOpaque(token);
    const issuer = issuerOf(token);
    if (issuer === undefined) return false;
    return issuers === 'any' || (issuer !== null && issuers.includes(issuer));
  };
}

function headerOf(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = fromBase64Url(part);
  try {
    const header = bytes && parseJson(fromUtf8(bytes));
    return isObject(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

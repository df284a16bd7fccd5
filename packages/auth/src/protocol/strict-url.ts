// RFC 3986 §3: an absolute URI split to the letter, and accepted only where a browser reads the same out of it.
import { parseUrl } from '../core/url.ts';

/** The parts as written. Nothing is decoded, folded or filled in. */
export interface StrictUrl {
  readonly text: string;
  /** Lower case, without the colon. */
  readonly scheme: string;
  /** As written; absent when there is no `//`. */
  readonly authority?: string;
  /** Lower case; a literal IPv6 address in its brackets; absent where `authority` is absent or empty. */
  readonly host?: string;
  /** As written, without the colon; absent when the text names none. */
  readonly port?: string;
  /** As written, may be empty. */
  readonly path: string;
  /** As written, with its question mark; empty when there is none. */
  readonly query: string;
}

export type UrlFault = 'length' | 'characters' | 'syntax' | 'fragment' | 'user-info' | 'host' | 'dot-segment';

/** What RFC 3986 §2 allows, less the fragment mark. Leaves out white space, controls, backslashes, quotes, braces and all beyond ASCII. */
const CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?]*))?([^?]*)(\?.*)?$/;
const AUTHORITY = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?::(\d{1,5}))?$/;

/** Splits an absolute URI, or says why it is not one that can be trusted to mean one thing. */
export function parseStrictUrl(text: string, maxLength: number): StrictUrl | UrlFault {
  if (text.length === 0 || text.length > maxLength) return 'length';
  if (text.includes('#')) return 'fragment';
  if (!CHARACTERS.test(text)) return 'characters';
  const [, scheme, authority, path, query] = PARTS.exec(text) ?? [];
  if (scheme === undefined || path === undefined) return 'syntax';
  if (authority?.includes('@')) return 'user-info';
  if (hasDotSegment(path)) return 'dot-segment';
  const [, host, port] = AUTHORITY.exec(authority ?? '') ?? [];
  if (authority && host === undefined) return 'host';
  const parts = { text, scheme: scheme.toLowerCase(), authority, host: host?.toLowerCase(), port };
  const url: StrictUrl = { ...parts, path, query: query ?? '' };
  return browserAgrees(url) ? url : 'host';
}

/** §3.3: `.` and `..` as segments, also where a server would only see them after decoding. */
function hasDotSegment(path: string): boolean {
  const decoded = path.replace(/%2e/gi, '.').replace(/%(?:2f|5c)/gi, '/');
  return decoded.split('/').some((segment) => segment === '.' || segment === '..');
}

/**
 * A browser rewrites numeric host names (`0x7f.1`), international names and paths. Whatever it would rewrite is refused, so that the
 * host which is shown and compared is the host the browser goes to.
 */
function browserAgrees(strict: StrictUrl): boolean {
  const url = parseUrl(strict.text);
  if (!url || url.protocol !== `${strict.scheme}:`) return false;
  if (strict.scheme !== 'http' && strict.scheme !== 'https') return true;
  return url.hostname === strict.host && url.pathname === (strict.path || '/');
}

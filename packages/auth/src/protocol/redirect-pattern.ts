// RFC 9700 §4.1.3: patterns by which an operator narrows the redirect URIs that clients registered; they never widen them.
import { isLoopbackHost } from '../core/url.ts';
import { checkRedirectUri, MAX_REDIRECT_URI_LENGTH } from './redirect-uri.ts';
import { parseStrictUrl } from './strict-url.ts';

/**
 * What an operator wrote, understood: `https://app.example.com/callback`, `https://*.example.com`, `https://preview-*.example.com/auth/*`,
 * `http://localhost:*`, `cursor://*`. A star stands for part of one host label; alone as the first label for one or more labels; as the
 * last character for the rest of path and query; as the port for any port. No path means any path.
 */
export interface RedirectPattern {
  readonly text: string;
  readonly matches: (uri: string) => boolean;
}

export type RedirectPatternFault = 'syntax' | 'scheme' | 'host' | 'port' | 'path';

const PATTERN = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^/?#:@[\]]+)(?::([^/?#:@]*))?([/?].*)?$/i;

/** Understands a pattern, or says which part of it is wrong. An operator's mistake must stop the start: a deny rule that is skipped is open. */
export function parseRedirectPattern(text: string): RedirectPattern | RedirectPatternFault {
  if (text.length > MAX_REDIRECT_URI_LENGTH || /[\s\\#]/.test(text)) return 'syntax';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'scheme';
  if (scheme !== 'http' && scheme !== 'https') return parseCustomSchemePattern(text, scheme);
  const [, , host, port, rest = ''] = PATTERN.exec(text) ?? [];
  if (host === undefined) return 'syntax';
  const hostMatches = hostMatcher(host.toLowerCase());
  if (!hostMatches || (scheme === 'http' && !isLoopbackHost(host))) return 'host';
  if (port !== undefined && port !== '*' && !/^\d{1,5}$/.test(port)) return 'port';
  const restMatches = restMatcher(rest.startsWith('?') ? `/${rest}` : rest);
  if (!restMatches) return 'path';
  const anyPort = port === '*' || (scheme === 'http' && port === undefined);
  const wantedPort = port ?? '';
  return {
    text,
    matches(uri) {
      const parts = parseStrictUrl(uri, MAX_REDIRECT_URI_LENGTH);
      if (typeof parts === 'string' || parts.scheme !== scheme || parts.host === undefined) return false;
      const samePort = anyPort || effectivePort(scheme, parts.port) === effectivePort(scheme, wantedPort);
      return samePort && hostMatches(parts.host) && restMatches((parts.path || '/') + parts.query);
    },
  };
}

/** Does the pattern cover this redirect URI? Never true for a URI that is not acceptable in itself. */
export function redirectPatternAllows(pattern: RedirectPattern, uri: string): boolean {
  return typeof checkRedirectUri(uri) !== 'string' && pattern.matches(uri);
}

function parseCustomSchemePattern(text: string, scheme: string): RedirectPattern | RedirectPatternFault {
  const rest = text.slice(scheme.length + 1);
  const matches = rest.startsWith('/') ? restMatcher(rest) : undefined;
  if (!matches) return 'path';
  return {
    text,
    matches: (uri) =>
      uri.slice(0, scheme.length + 1).toLowerCase() === `${scheme}:` && matches(uri.slice(scheme.length + 1)),
  };
}

/** Stars match inside labels only, so that no dot, slash or port can hide in one. The two last labels are always written out. */
function hostMatcher(pattern: string): ((host: string) => boolean) | undefined {
  if (!pattern.includes('*')) {
    const plausible = typeof parseStrictUrl(`https://${pattern}/`, MAX_REDIRECT_URI_LENGTH) !== 'string';
    return plausible ? (host) => host === pattern : undefined;
  }
  const labels = pattern.split('.');
  if (labels.length < 3 || labels.slice(-2).some((label) => label.includes('*'))) return undefined;
  if (labels.some((label) => !/^[a-z0-9_*-]+$/.test(label))) return undefined;
  const [first, ...others] = labels.map((label) => label.replace(/\*+/g, '[a-z0-9_-]*'));
  const head = labels[0] === '*' ? '[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*' : first;
  const expression = new RegExp(`^${[head, ...others].join('\\.')}$`);
  return (host) => !host.startsWith('[') && expression.test(host);
}

/** The path with its query: nothing (anything goes), to the letter, or a beginning with one star at the very end. */
function restMatcher(pattern: string): ((rest: string) => boolean) | undefined {
  const star = pattern.indexOf('*');
  if (pattern === '') return () => true;
  if (star < 0) return (rest) => rest === pattern;
  if (star !== pattern.length - 1) return undefined;
  const beginning = pattern.slice(0, -1);
  return (rest) => rest.startsWith(beginning);
}

function effectivePort(scheme: string, port: string | undefined): number {
  return port ? Number(port) : scheme === 'https' ? 443 : 80;
}

// RFC 6749 §3.1.2, RFC 8252 §7 and RFC 9700 §4.1: which redirect URIs are acceptable, and which one is meant by a request.
import type { RedirectKind } from '../core/redirect-kind.ts';
import { Refusal } from '../core/refusal.ts';
import { isLoopbackHost } from '../core/url.ts';
import { parseStrictUrl, type StrictUrl, type UrlFault } from './strict-url.ts';

export const MAX_REDIRECT_URI_LENGTH = 2000;

export interface RedirectUri {
  readonly kind: RedirectKind;
  readonly url: URL;
  /**
   * Where the person will be sent, for the consent page: the host, with its port when that is not the default of https. For a custom
   * scheme the scheme with its colon: what follows it is the client's to choose, and could look like a host it is not.
   */
  readonly label: string;
}

export type RedirectUriFault = UrlFault | 'scheme' | 'http-not-loopback' | 'response-parameter';

/** Schemes that run code, read files, open another kind of program, or lead back into the browser itself. */
const UNSAFE_SCHEMES = new Set(
  `about acap android-app blob callto chrome chrome-extension chrome-search chrome-untrusted cid content dav data
  devtools dns edge facetime fax feed file filesystem ftp ftps geo git gopher help icap imap intent irc ircs jar
  javascript ldap ldaps livescript magnet mailto market mid mmst mocha moz-extension ms mxl news nfs nntp opera pop
  res resource rsync rtmp rtsp safari-extension search search-ms sftp sgn shell sip sips sms smb snmp ssh steam stun svn
  tag tel telnet tftp turn udp unc urn vbs vbscript view-source vnc webcal wais ws wss wyciwyg xmpp`.split(
    /\s+/,
  ),
);

/**
 * Browsers that open whatever address comes behind a scheme of theirs (`googlechrome://evil.example`): the code would go to a host that
 * the consent page never showed.
 */
const BROWSER_SCHEME =
  /^(?:brave|chromium|firefox|googlechromes?|microsoft-edge|opera|touch-https?|vivaldi|x-safari)(?:-|$)/;

/** Parameters of the answer (RFC 6749 §4.1.2, RFC 9207 §2): a redirect URI that brings its own would make them ambiguous. */
const RESPONSE_PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response'];

/** Is this a place a browser may be sent to with a code? What it is, or what is wrong with it. */
export function checkRedirectUri(text: string): RedirectUri | RedirectUriFault {
  const strict = parseStrictUrl(text, MAX_REDIRECT_URI_LENGTH);
  if (typeof strict === 'string') return strict;
  const query = new URLSearchParams(strict.query);
  if (RESPONSE_PARAMETERS.some((name) => query.has(name))) return 'response-parameter';
  const url = new URL(text);
  if (strict.scheme !== 'http' && strict.scheme !== 'https') {
    if (!isCustomScheme(strict)) return 'scheme';
    return { kind: 'custom-scheme', url, label: `${strict.scheme}:` };
  }
  const { host } = strict;
  if (host === undefined || host === '0.0.0.0' || host === '[::]') return 'host';
  if (isLoopbackHost(host)) return { kind: 'loopback', url, label: host };
  if (strict.scheme === 'http') return 'http-not-loopback';
  // Browsers take every name below `localhost` for the local machine (RFC 6761 §6.3).
  if (host.endsWith('.localhost')) return { kind: 'loopback', url, label: host };
  return { kind: 'https', url, label: url.host };
}

/** As `checkRedirectUri`, for one that was accepted when it was asked for. @throws Refusal `client.redirect-uri` */
export function acceptedRedirectUri(text: string): RedirectUri {
  const checked = checkRedirectUri(text);
  if (typeof checked === 'string') throw new Refusal('client.redirect-uri', { fault: checked });
  return checked;
}

/** RFC 8252 §7.1: `com.example.app:/callback`, `cursor://host/callback`. A single letter would be a drive of Windows. */
function isCustomScheme({ scheme, authority, path }: StrictUrl): boolean {
  if (scheme.length < 2 || scheme.length > 100) return false;
  if (UNSAFE_SCHEMES.has(scheme) || scheme.startsWith('ms-') || BROWSER_SCHEME.test(scheme)) return false;
  return Boolean(authority) || path.startsWith('/');
}

/**
 * RFC 9700 §4.1.3: is the requested URI one of the registered ones? To the letter, but for the port of a loopback `http` URI (RFC 8252
 * §7.3), which a native application only knows when it listens. `localhost` and `127.0.0.1` stay two hosts.
 */
export function matchRedirectUri(requested: string, registered: readonly string[]): boolean {
  const checked = checkRedirectUri(requested);
  if (typeof checked === 'string') return false;
  if (registered.includes(requested)) return true;
  if (checked.kind !== 'loopback' || checked.url.protocol !== 'http:') return false;
  const portless = withoutPort(requested);
  return registered.some((uri) => typeof checkRedirectUri(uri) !== 'string' && withoutPort(uri) === portless);
}

function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:?[]+)):\d+/, '$1');
}

/** RFC 8252 §7.3 and §8.3: the names of the local machine. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * The same resource, written in ways that clients really send: scheme and host in any case, and `https://h/` for `https://h` (RFC 3986
 * §6.2.3). A path is compared to the letter.
 */
export function sameResource(a: string, b: string): boolean {
  const canonical = canonicalResource(a);
  return canonical !== undefined && canonical === canonicalResource(b);
}

/** The one spelling a resource is kept and compared in; `undefined` when the text is no absolute http(s) URL or has a fragment (RFC 8707 §2). */
export function canonicalResource(text: string): string | undefined {
  const url = parseUrl(text);
  if (!url || !/^https?:$/.test(url.protocol) || text.includes('#') || url.username || url.password)
    return undefined;
  const path = url.pathname === '/' && !url.search ? '' : url.pathname;
  return `${url.protocol}//${url.host}${path}${url.search}`;
}

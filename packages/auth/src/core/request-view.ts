/** What the guarded path needs of a request: enough to decide, without building a web `Request` from a Node one. */
export interface RequestView {
  readonly method: string;
  /** Path and query, as received. */
  readonly target: string;
  /** The value of a header (lower-case name), or `null`. Several values of one name are joined as RFC 9110 §5.3 says. */
  header(name: string): string | null;
  /** How many times the header was sent, where the runtime can tell; else 1 or 0. */
  headerCount(name: string): number;
  /** Address of the peer of the connection, where the runtime tells. */
  readonly peerAddress?: string;
}

/** A view of a web-standard `Request`. */
export function viewRequest(request: Request, peerAddress?: string): RequestView {
  const url = new URL(request.url);
  return {
    method: request.method,
    target: url.pathname + url.search,
    // A web `Request` has no Host header of its own on some runtimes; there its URL has the host.
    header: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : null),
    headerCount: (name) => (request.headers.has(name) ? 1 : 0),
    peerAddress,
  };
}

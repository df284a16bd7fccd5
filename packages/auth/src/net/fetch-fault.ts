/** Why nothing came back, or why it was not let out at all. */
export type FetchFaultKind =
  /** The URL may not be fetched: scheme, port, user information, or no URL. */
  | 'url'
  /** A name that leads to an address which may not be reached, or such an address itself. */
  | 'address'
  /** The name does not resolve, nothing listens, TLS fails, the connection breaks. */
  | 'network'
  | 'timeout'
  | 'too-large'
  /** A content coding that was not asked for. */
  | 'encoding'
  /** The caller took its request back. */
  | 'aborted';

/** What the guarded way out throws, and nothing else. The message holds no query and no secret. */
export class FetchFault extends Error {
  override readonly name = 'FetchFault';
  readonly kind: FetchFaultKind;

  constructor(kind: FetchFaultKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

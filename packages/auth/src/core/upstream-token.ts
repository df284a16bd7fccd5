/** An access token of the identity provider, for code behind the gate that calls something in the name of the person. */
export interface UpstreamToken {
  /** Not enumerable: it is in no log line, JSON text or copy of this object. Never to be sent to a client. */
  readonly accessToken: string;
  /** Seconds since 1970; absent when the provider did not say. */
  readonly expiresAt?: number;
  /** The scopes as the provider wrote them; absent when it did not say. */
  readonly scope?: string;
}

/**
 * Who is asking. A person is issuer *and* subject (OpenID Connect Core §2): the same subject of another issuer is somebody else.
 * Everything beside these two is a description, not an identity.
 */
export interface Identity {
  /** The authority that vouches for `subject`: the upstream provider's issuer, or `urn:portcullis:development`. */
  readonly issuer: string;
  /** The person, as that issuer names them. Stable; not for display. */
  readonly subject: string;
  /** For display only. */
  readonly name?: string;
  /** Counts only together with `emailVerified: true`. */
  readonly email?: string;
  readonly emailVerified?: boolean;
  /** The name this person has in the database, when the resolver found one. */
  readonly username?: string;
  /** Which rule of the resolver decided `username`, for the log. */
  readonly usernameRule?: string;
  readonly groups?: readonly string[];
  /** Further claims that the operator asked to keep. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A person, through one client, with what was granted: the outcome of verifying a bearer token. */
export interface Caller {
  readonly identity: Identity;
  /** `client_id` of the client that presented the token. */
  readonly clientId: string;
  /** Scopes of this token, canonical names. */
  readonly scopes: readonly string[];
  /** The resource (audience) the token is for. */
  readonly resource: string;
  /** When the token ends, seconds since 1970. */
  readonly expiresAt: number;
  /** The session behind the token, when the token is one of ours. */
  readonly sessionId?: string;
}

/** One key for one person: for records and caches that belong to somebody. */
export function personKey(identity: Pick<Identity, 'issuer' | 'subject'>): string {
  return JSON.stringify([identity.issuer, identity.subject]);
}

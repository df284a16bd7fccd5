/** A public key as `/jwks` shows it (RFC 7517 §4). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly [member: string]: string;
}

/** What a compact JWS of ours said, when its signature is good. */
export interface VerifiedJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Why a compact JWS is not one of ours. */
export type JwsFault = 'malformed' | 'algorithm' | 'type' | 'key-unknown' | 'signature';

/**
 * Keys in use, by purpose. Everything here is synchronous but `reload`: the ring is read into memory at start, and again when a `kid`
 * appears that it does not know.
 */
export interface KeyRing {
  /** Seals bytes for a place: `context` (deployment, kind, key ...) is bound, so that a value that was moved does not open. */
  seal(context: readonly string[], plaintext: Uint8Array): Uint8Array;
  /** Opens what `seal` made for the same context. `unknown-key`: sealed with a key that is not in the ring (reload, then 503). */
  open(context: readonly string[], sealed: Uint8Array): Uint8Array | 'unknown-key' | 'damaged';
  /** Signs claims as a compact JWS (RFC 7515 §3.1) with the current signing key and the given `typ`. */
  sign(typ: string, claims: Readonly<Record<string, unknown>>): string;
  /** Verifies a compact JWS of ours with the given `typ`. Looks at the signature and the header only; claims are the caller's. */
  verify(typ: string, token: string): VerifiedJws | JwsFault;
  /** Public keys: current, next and those still accepted. */
  publicKeys(): readonly PublicJwk[];
  /** HMAC-SHA-256 with a key derived from the *master secret* under `label`: outlives a wiped store. */
  deriveMac(label: string, data: Uint8Array): Uint8Array;
  /** Compares `mac` with those of the current and the previous master secret, in constant time. */
  verifyMac(label: string, data: Uint8Array, mac: Uint8Array): boolean;
  /** Calls back whenever other keys are in use: what was believed because of the old ones has to be looked at again. */
  onChange(listener: () => void): void;
  /** Reads the ring from the store again. `true` when it changed. At most one read at a time, and not more than one a second. */
  reload(): Promise<boolean>;
}

/** One row for each kind of record: the home of storage keys, lifetimes and secrecy. `docs/reference/storage.md` is made from it. */
export interface RecordKindRow {
  /** What the record is and who writes it. */
  readonly purpose: string;
  /** What the look-up key is; a key that is itself a secret is hashed (SHA-256) before it reaches the backend. */
  readonly key: string;
  readonly keyIsSecret: boolean;
  readonly lifetime: string;
  /** What a thief of the record would have if the seal were broken. */
  readonly secrecy: string;
  /** Names of the indexes that `list` may use. */
  readonly indexes: readonly string[];
}

export const RECORD_KINDS = {
  ring: {
    purpose: 'The key ring: signing and sealing keys, wrapped by the master secret. Made once.',
    key: '`current`',
    keyIsSecret: false,
    lifetime: 'until replaced by a rotation',
    secrecy: 'with the master secret: everything',
    indexes: [],
  },
  transaction: {
    purpose:
      'One approval, or one check of a login, on its way through sign-in. Written when the person agrees, consumed at the callback.',
    key: 'transaction id (128 random bits)',
    keyIsSecret: true,
    lifetime: '10 minutes',
    secrecy: 'PKCE verifier and nonce for the provider; the request of the client',
    indexes: [],
  },
  code: {
    purpose: 'An authorization code. Swapped to `spent` when redeemed, and kept so that a replay is noticed.',
    key: 'the code (256 random bits)',
    keyIsSecret: true,
    lifetime: '60 seconds, then 10 minutes as spent',
    secrecy: 'the identity that signed in; upstream tokens until redeemed',
    indexes: [],
  },
  session: {
    purpose:
      'One approval that lives on: who, which client, which resource, which scopes, which refresh generation.',
    key: 'session id (128 random bits)',
    keyIsSecret: false,
    lifetime: 'idle 30 days, absolute 90 days',
    secrecy: 'the secret that refresh tokens are made with',
    indexes: ['person', 'client'],
  },
  'upstream-tokens': {
    purpose: "The identity provider's tokens of one session. Never leave this server.",
    key: 'session id',
    keyIsSecret: false,
    lifetime: 'as the session; when it ends, until the last session of the person there has ended',
    secrecy: 'access to the provider as the person',
    indexes: ['person'],
  },
  lease: {
    purpose: 'Who may refresh the upstream tokens of a session at the moment.',
    key: 'session id',
    keyIsSecret: false,
    lifetime: '30 seconds',
    secrecy: 'none',
    indexes: [],
  },
  client: {
    purpose:
      'A registered client, written when a person first approves it, or when its registration is too long for a self-describing id.',
    key: 'client id',
    keyIsSecret: false,
    lifetime: '1 year after last use; 24 hours when never approved',
    secrecy: 'none',
    indexes: [],
  },
  'metadata-document': {
    purpose: 'The last good copy of a client-id metadata document.',
    key: 'client id (its URL)',
    keyIsSecret: false,
    lifetime: '100 days',
    secrecy: 'none',
    indexes: [],
  },
  'provider-metadata': {
    purpose:
      'The last good copy of the metadata and keys of an identity provider, so that a replica starts while it is away.',
    key: 'issuer of the provider',
    keyIsSecret: false,
    lifetime: '30 days',
    secrecy: 'none',
    indexes: [],
  },
  counter: {
    purpose: 'How often something happened lately.',
    key: 'what is counted',
    keyIsSecret: false,
    lifetime: 'as the counter asks',
    secrecy: 'none',
    indexes: [],
  },
} as const satisfies Record<string, RecordKindRow>;

export type RecordKind = keyof typeof RECORD_KINDS;

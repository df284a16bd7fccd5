// RFC 9068 §2.2, OpenID Connect Core §2: who a token of somebody else speaks for, and through which client.
import type { Identity } from '../core/identity.ts';
import { Refusal } from '../core/refusal.ts';
import { claimAt } from '../upstream/claim-path.ts';
import type { Claims } from '../upstream/claims.ts';
import { type IdentityClaimOptions, identityFromClaims } from '../upstream/identity-claims.ts';
import { subjectFrom } from '../upstream/subject.ts';

export interface TokenPersonOptions extends IdentityClaimOptions {
  /** The claim that names the person for ever. Never one that people can change. Default: `sub`. */
  readonly subjectClaim?: string;
  /** The claims that may name the client; the first that is there counts. Default: `client_id`, `azp`, `appid`, `cid`. */
  readonly clientClaims?: readonly string[];
  /** Puts claims that a provider writes in its own way under their usual names, before anything is read from them. Default: as they come. */
  readonly shapeClaims?: (claims: Claims) => Claims;
  /** The name this person has in the database, such as `usernameResolver` finds it. Default: none. */
  readonly username?: UsernameHook;
}

export type UsernameHook = (source: {
  readonly identity: Identity;
  readonly claims: Claims;
}) => { readonly username: string; readonly rule: string } | undefined;

export interface TokenPerson {
  readonly identity: Identity;
  /** `unknown` when the token does not say. */
  readonly clientId: string;
}

const CLIENT_CLAIMS = ['client_id', 'azp', 'appid', 'cid'];
const MAX_CLIENT_ID_LENGTH = 2000;

/** @throws Refusal `token.claims` when nobody is named. */
export function personOfToken(issuer: string, claims: Claims, options: TokenPersonOptions): TokenPerson {
  const { subjectClaim = 'sub', clientClaims = CLIENT_CLAIMS, username } = options;
  const subject = subjectFrom(claimAt(claims, subjectClaim));
  if (subject === undefined) throw new Refusal('token.claims', { claim: subjectClaim });
  const identity = identityFromClaims(issuer, subject, claims, options);
  const found = username?.({ identity, claims });
  const client = clientClaims.map((name) => claimAt(claims, name)).find(isClientId);
  return {
    identity: found ? { ...identity, username: found.username, usernameRule: found.rule } : identity,
    clientId: client ?? 'unknown',
  };
}

function isClientId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CLIENT_ID_LENGTH;
}

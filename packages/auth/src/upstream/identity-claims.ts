// OpenID Connect Core §5.1: claims of a person → the identity that the rest of the house knows.
import { utf8 } from '../core/encoding.ts';
import type { Identity } from '../core/identity.ts';
import { claimAt } from './claim-path.ts';
import type { Claims } from './claims.ts';

export interface IdentityClaimOptions {
  /** The claim that holds the groups: a name, or a path such as `realm_access.roles`. A list of texts, or one text. Default: `groups`. */
  readonly groupsClaim?: string;
  /** Further claims to keep with the session. Each costs room in every record. Default: none. */
  readonly keepClaims?: readonly string[];
}

const MAX_TEXT_LENGTH = 320;
const MAX_GROUPS = 1000;
const MAX_KEPT_BYTES = 16_384;

export function identityFromClaims(
  issuer: string,
  subject: string,
  claims: Claims,
  options: IdentityClaimOptions = {},
): Identity {
  const name = text(claims.name) ?? text(claims.preferred_username) ?? text(claims.login);
  const email = text(claims.email);
  const groups = groupList(claimAt(claims, options.groupsClaim ?? 'groups'));
  const kept = keptClaims(claims, options.keepClaims ?? []);
  return {
    issuer,
    subject,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email, emailVerified: isTrue(claims.email_verified) }),
    ...(groups === undefined ? {} : { groups }),
    ...(kept === undefined ? {} : { claims: kept }),
  };
}

/**
 * The claims of the ID token, and from `userinfo` what it lacks. An e-mail address and whether it is verified belong together: never one
 * from here and the other from there, unless the address is the same.
 */
export function mergedClaims(idToken: Claims, userinfo: Claims | undefined): Claims {
  if (!userinfo) return idToken;
  const merged: Record<string, unknown> = { ...userinfo, ...idToken };
  if (idToken.email === undefined) {
    merged.email_verified = userinfo.email_verified;
  } else if (idToken.email_verified === undefined && userinfo.email !== idToken.email) {
    merged.email_verified = undefined;
  }
  return merged;
}

/** Some providers write the truth as a text. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH ? value : undefined;
}

function groupList(value: unknown): readonly string[] | undefined {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list)) return undefined;
  return [...new Set(list.map(text).filter((group) => group !== undefined))].slice(0, MAX_GROUPS);
}

function keptClaims(claims: Claims, names: readonly string[]): Claims | undefined {
  const entries = names
    .map((name) => [name, claimAt(claims, name)] as const)
    .filter(([, value]) => value !== undefined);
  if (entries.length === 0 || writtenBytes(entries) > MAX_KEPT_BYTES) return undefined;
  return Object.fromEntries(entries);
}

/** What is nested too deep to be written is too long. */
function writtenBytes(value: unknown): number {
  try {
    return utf8(JSON.stringify(value)).byteLength;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

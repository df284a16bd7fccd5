// RFC 6749 §3.3, RFC 8693 §4.2: the scopes of a token, under the names that providers give them.
import { Refusal } from '../core/refusal.ts';
import { isScopeToken, MAX_SCOPE_LENGTH, MAX_SCOPES } from '../protocol/scope.ts';
import { claimAt } from '../upstream/claim-path.ts';
import type { Claims } from '../upstream/claims.ts';

export interface TokenScopeOptions {
  /**
   * The claims that hold scopes, each a text with blanks between them or a list; what several hold counts together. Some providers put
   * everything a person may do into `permissions`, whatever the client asked for: name `scope` alone to count only what it was given.
   * Default: `scope`, `scp`, `permissions`.
   */
  readonly scopeClaims?: readonly string[];
  /** The provider's names → the names used here, such as `api://id/read` → `read`. Default: they are the same. */
  readonly mapScopes?: (scopes: readonly string[]) => readonly string[];
}

const SCOPE_CLAIMS = ['scope', 'scp', 'permissions'];

/** Each scope once. What is no scope grants nothing. @throws Refusal `token.claims` for a claim of another kind, or one too long. */
export function scopesOfToken(claims: Claims, options: TokenScopeOptions = {}): readonly string[] {
  const found = new Set<string>();
  for (const name of options.scopeClaims ?? SCOPE_CLAIMS) {
    for (const scope of scopeList(name, claimAt(claims, name))) if (isScopeToken(scope)) found.add(scope);
  }
  if (found.size > MAX_SCOPES) throw new Refusal('token.claims', { why: `more than ${MAX_SCOPES} scopes` });
  const scopes = [...found];
  return options.mapScopes ? [...new Set(options.mapScopes(scopes))].filter(isScopeToken) : scopes;
}

function scopeList(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string' && value.length <= MAX_SCOPE_LENGTH) return value.split(' ');
  const isList = Array.isArray(value) && value.length <= MAX_SCOPES;
  if (!isList) throw new Refusal('token.claims', { claim: name });
  return value.filter((scope) => typeof scope === 'string' && scope.length <= MAX_SCOPE_LENGTH);
}

// RFC 6749 §3.3 leaves the spelling of scopes to each server: ours and a provider's, translated both ways in one place.

/** How scopes are spelled at a provider. Canonical scopes are what clients of ours see: `read`; the provider's may be `api://app/read`. */
export interface ScopeMap {
  /** The provider's spelling of a canonical scope. */
  toProvider(scope: string): string;
  /** The canonical spelling of a provider's scope. */
  toCanonical(scope: string): string;
}

export const SAME_SCOPES: ScopeMap = { toProvider: (scope) => scope, toCanonical: (scope) => scope };

/** Scopes of OpenID Connect Core §5.4 and §11: every provider spells them alike, and prefixes none of them. */
const OPENID_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/**
 * A provider that puts the address of the application before each of its scopes, as `prefix/scope`. OpenID scopes, and scopes that are
 * addresses themselves, stay as they are.
 */
export function prefixedScopes(prefix: string): ScopeMap {
  const start = `${prefix.replace(/\/+$/, '')}/`;
  return {
    toProvider: (scope) => (OPENID_SCOPES.has(scope) || scope.includes('/') ? scope : start + scope),
    toCanonical: (scope) =>
      scope.startsWith(start) && scope.length > start.length ? scope.slice(start.length) : scope,
  };
}

/** A table from canonical to provider spelling; what is not in it stays as it is. @throws TypeError when two scopes would become one */
export function tabledScopes(table: Readonly<Record<string, string>>): ScopeMap {
  const back = new Map(Object.entries(table).map(([canonical, provider]) => [provider, canonical]));
  if (back.size < Object.keys(table).length)
    throw new TypeError('Two scopes have the same spelling at the provider.');
  return {
    toProvider: (scope) => (Object.hasOwn(table, scope) ? table[scope]! : scope),
    toCanonical: (scope) => back.get(scope) ?? scope,
  };
}

/** One after the other: `first` is nearer to the client. */
export function bothScopes(first: ScopeMap, second: ScopeMap): ScopeMap {
  return {
    toProvider: (scope) => second.toProvider(first.toProvider(scope)),
    toCanonical: (scope) => first.toCanonical(second.toCanonical(scope)),
  };
}

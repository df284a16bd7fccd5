// RFC 6749 §3.3: scopes, as text and as sets, and what a broader scope implies.

/** What a client gets when it names no scope. */
export const BASELINE_SCOPE = 'mcp:read';
/** Reserved for later; no client gets them without asking. */
export const RESERVED_SCOPES: readonly string[] = ['mcp:write', 'mcp:admin'];
/** Asks for a refresh token (OpenID Connect Core §11). Named in server metadata alone, never by a resource. */
export const OFFLINE_ACCESS = 'offline_access';

export const MAX_SCOPE_LENGTH = 4000;
export const MAX_SCOPES = 200;

/** Broader scope → the narrower ones it holds. */
export type ScopeHierarchy = Readonly<Record<string, readonly string[]>>;

export function isScopeToken(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
}

/** The scopes of a text, each once, in the order of their first appearance; `undefined` when the text is no scope or too long. */
export function parseScope(text: string): readonly string[] | undefined {
  if (text.length > MAX_SCOPE_LENGTH) return undefined;
  const scopes = [...new Set(text.split(' ').filter((token) => token !== ''))];
  return scopes.length <= MAX_SCOPES && scopes.every(isScopeToken) ? scopes : undefined;
}

export function formatScope(scopes: readonly string[]): string {
  return scopes.join(' ');
}

/** The granted scopes and all they imply, through any number of steps; a circle in the hierarchy does no harm. */
export function impliedScopes(granted: readonly string[], hierarchy: ScopeHierarchy): ReadonlySet<string> {
  const implied = new Set(granted);
  // A set visits what is added while it is walked through.
  for (const scope of implied) {
    const narrower = Object.hasOwn(hierarchy, scope) ? hierarchy[scope] : undefined;
    for (const each of narrower ?? []) implied.add(each);
  }
  return implied;
}

/** The needed scopes that the granted ones do not imply. */
export function missingScopes(
  needed: readonly string[],
  granted: readonly string[],
  hierarchy: ScopeHierarchy = {},
): readonly string[] {
  const implied = impliedScopes(granted, hierarchy);
  return needed.filter((scope) => !implied.has(scope));
}

/** May somebody with the granted scopes do what needs these? */
export function coversScopes(
  needed: readonly string[],
  granted: readonly string[],
  hierarchy: ScopeHierarchy = {},
): boolean {
  return missingScopes(needed, granted, hierarchy).length === 0;
}

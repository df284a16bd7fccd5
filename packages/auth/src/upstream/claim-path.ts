type Claims = Readonly<Record<string, unknown>>;

/**
 * A claim by its name: first to the letter (`https://example.com/roles`), else as a path through objects (`realm_access.roles`). Only own
 * members count.
 */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  if (!name.includes('.')) return undefined;
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = (value as Claims)[step];
  }
  return value;
}

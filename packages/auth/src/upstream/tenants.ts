// OpenID Connect Core §3.1.3.7: the issuer of an ID token, at a provider that has one issuer for each of its tenants.
import { OperatorError } from '../core/operator-error.ts';
import { claimAt } from './claim-path.ts';
import type { Claims } from './claims.ts';

/** Several issuers that share their endpoints and keys. */
export interface TenantOptions {
  /** The issuer with `{tenant}` where the tenant stands, once: `https://login.microsoftonline.com/{tenant}/v2.0`. */
  readonly template: string;
  /** The claim of the ID token that names the tenant, and must go with the issuer. */
  readonly claim: string;
  /** The tenants whose people may come in. There is no way to allow all. */
  readonly allowed: readonly string[];
}

/** Every issuer that may vouch for somebody. */
export function tenantIssuers({ template, allowed }: TenantOptions): readonly string[] {
  return allowed.map((tenant) => template.replace('{tenant}', () => tenant));
}

/** The issuer that a token with these claims has to name; `undefined` when its tenant is none of those that are allowed. */
export function issuerOfTenant(options: TenantOptions, claims: Claims | undefined): string | undefined {
  const tenant = claims && claimAt(claims, options.claim);
  return typeof tenant === 'string' && options.allowed.includes(tenant)
    ? options.template.replace('{tenant}', () => tenant)
    : undefined;
}

/** @throws OperatorError when the template or a tenant can not be used. */
export function checkTenants({ template, allowed }: TenantOptions, setting: string): void {
  const isGood =
    template.split('{tenant}').length === 2 &&
    allowed.length > 0 &&
    allowed.every((tenant) => /^[A-Za-z0-9-][A-Za-z0-9._-]{0,199}$/.test(tenant));
  if (isGood) return;
  throw new OperatorError([
    {
      setting,
      source: 'configuration',
      message: 'It lists no tenant, or one that can not be one.',
      remedy: 'List the ids of the tenants whose people may sign in.',
    },
  ]);
}

// RFC 9068 §4: whose tokens are accepted. An issuer is compared to the letter.
import type { Claims } from '../upstream/claims.ts';

/** An authority with an issuer for each of its tenants. */
export interface IssuerTemplate {
  /** The issuer with `{tenant}` where the tenant stands, such as `https://login.microsoftonline.com/{tenant}/v2.0`. */
  readonly template: string;
  /** The tenants whose people may come in. Without this list everybody with an account anywhere could. */
  readonly tenants: readonly string[];
  /** A claim that must name the same tenant, such as `tid`. Default: none. */
  readonly tenantClaim?: string;
}

export type IssuerOption = string | IssuerTemplate | readonly (string | IssuerTemplate)[];

export interface IssuerRule {
  /** All issuers, written out. */
  readonly issuers: readonly string[];
  /** Is this the issuer of these claims, and do they name the tenant that goes with it? */
  accepts(issuer: unknown, claims: Claims): boolean;
}

const MAX_ISSUERS = 1000;

/** @throws TypeError with what is wrong, for the operator. */
export function issuerRule(option: IssuerOption): IssuerRule {
  const known = new Map<string, { readonly claim: string; readonly tenant: string } | undefined>();
  for (const each of Array.isArray(option) ? option : [option]) {
    if (typeof each === 'string') known.set(checkedIssuer(each), undefined);
    else for (const [issuer, condition] of expand(each)) known.set(issuer, condition);
  }
  if (known.size === 0) throw new TypeError('There is no issuer.');
  if (known.size > MAX_ISSUERS) throw new TypeError(`There are more than ${MAX_ISSUERS} issuers.`);
  return {
    issuers: [...known.keys()],
    accepts(issuer, claims) {
      if (typeof issuer !== 'string' || !known.has(issuer)) return false;
      const condition = known.get(issuer);
      return condition === undefined || claims[condition.claim] === condition.tenant;
    },
  };
}

function expand({ template, tenants, tenantClaim }: IssuerTemplate) {
  if (template.split('{tenant}').length !== 2)
    throw new TypeError(`The template must have {tenant} in it, once: ${template.slice(0, 200)}`);
  if (tenants.length === 0) throw new TypeError('The template has no tenants: nobody could come in.');
  return tenants.map((tenant) => {
    // Nothing that could reach another part of the URL.
    if (!/^[A-Za-z0-9._-]{1,200}$/.test(tenant) || /^\.+$/.test(tenant))
      throw new TypeError(`This is no name of a tenant: ${tenant.slice(0, 200)}`);
    const condition = tenantClaim === undefined ? undefined : { claim: tenantClaim, tenant };
    return [checkedIssuer(template.replace('{tenant}', () => tenant)), condition] as const;
  });
}

/** RFC 7519 §4.1.1 lets an issuer be any text; most are URLs. */
function checkedIssuer(issuer: string): string {
  if (issuer === '' || issuer.length > 2000 || /[\s\p{Cc}]/u.test(issuer))
    throw new TypeError('An issuer is empty, too long, or has blanks in it.');
  return issuer;
}

import { sameIssuer } from '../upstream/provider-metadata.ts';
import { tenantIssuers } from '../upstream/tenants.ts';
import { issuerRule } from '../verify/issuer-rule.ts';
import type { IdentityPlan } from './identity-plan.ts';
import type { VerifierPlan } from './plan-parts.ts';

/** Under which issuers people can be known, each once: two of them may call two people alike. */
export function identityIssuers({
  proxies,
  verifiers,
}: Pick<IdentityPlan, 'proxies' | 'verifiers'>): readonly string[] {
  const all = [
    ...proxies.flatMap(({ issuer, tenants }) => (tenants ? tenantIssuers(tenants) : [issuer])),
    ...verifiers.flatMap(issuersOf),
  ];
  return all.filter((issuer, at) => all.findIndex((other) => sameIssuer(other, issuer)) === at);
}

function issuersOf(plan: VerifierPlan): readonly string[] {
  if (plan.kind === 'introspection') return [plan.issuer];
  if (plan.identityIssuer !== undefined) return [plan.identityIssuer];
  return plan.issuer === 'none' ? [] : issuerRule(plan.issuer).issuers;
}

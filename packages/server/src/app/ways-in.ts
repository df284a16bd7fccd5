import { identityPlan } from '@portcullis/auth/config/identity-plan';
import type { VerifierPlan } from '@portcullis/auth/config/plan-parts';
import { parseUrl } from '@portcullis/auth/core/url';
import type { Settings } from '../settings/names.ts';

/** Who lets people in, for people. */
export interface WaysIn {
  /** Does anybody sign in through this server, so that there is something to keep? */
  readonly signsIn: boolean;
  /** Providers that people sign in at through this server, by their titles. */
  readonly providers: readonly string[];
  /** Names of development people. */
  readonly developmentPeople: readonly string[];
  /** Do clients find out by themselves where people sign in? Otherwise each needs a token in its configuration. */
  readonly clientsSignIn: boolean;
  /** Whose tokens get in without a sign-in here. */
  readonly elsewhere: readonly string[];
}

export function waysIn(settings: Settings): WaysIn {
  if (!settings.auth)
    return { signsIn: false, clientsSignIn: false, providers: [], developmentPeople: [], elsewhere: [] };
  const { proxies, verifiers, staticTokens, authorizationServers } = identityPlan(settings);
  const developmentPeople = settings.developmentPeople.map(({ username }) => username);
  const signsIn = proxies.length + developmentPeople.length > 0;
  return {
    signsIn,
    clientsSignIn: signsIn || authorizationServers.length > 0,
    providers: proxies.map(({ title, issuer }) => title ?? hostOf(issuer)),
    developmentPeople,
    elsewhere: [
      ...new Set(verifiers.flatMap(hostsOf)),
      ...(staticTokens ? ['the static tokens of the settings'] : []),
    ],
  };
}

function hostsOf(plan: VerifierPlan): readonly string[] {
  const { issuer } = plan;
  const known = 'identityIssuer' in plan ? plan.identityIssuer : undefined;
  // Tokens that name nobody are known under a name that the operator gave.
  const named = issuer === 'none' ? [known ?? 'anybody'] : Array.isArray(issuer) ? issuer : [issuer];
  return named.map((each) => hostOf(typeof each === 'string' ? each : each.template));
}

function hostOf(issuer: string): string {
  return parseUrl(issuer)?.host ?? issuer;
}

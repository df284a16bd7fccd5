import { identityPlan } from '@portcullis/auth/config/identity-plan';
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
  /** Whose tokens get in without a sign-in here. */
  readonly elsewhere: readonly string[];
}

export function waysIn(settings: Settings): WaysIn {
  if (!settings.auth) return { signsIn: false, providers: [], developmentPeople: [], elsewhere: [] };
  const { proxies, verifiers, staticTokens } = identityPlan(settings);
  const developmentPeople = settings.developmentPeople.map(({ username }) => username);
  return {
    signsIn: proxies.length + developmentPeople.length > 0,
    providers: proxies.map(({ title, issuer }) => title ?? hostOf(issuer)),
    developmentPeople,
    elsewhere: [
      ...verifiers.map(({ issuer }) => hostOf(firstIssuer(issuer))),
      ...(staticTokens ? ['the static tokens of the settings'] : []),
    ],
  };
}

type Issuer = ReturnType<typeof identityPlan>['verifiers'][number]['issuer'];

function firstIssuer(issuer: Issuer): string {
  const first = Array.isArray(issuer) ? issuer[0] : issuer;
  return typeof first === 'string' ? first : (first?.template ?? '');
}

function hostOf(issuer: string): string {
  return parseUrl(issuer)?.host ?? issuer;
}

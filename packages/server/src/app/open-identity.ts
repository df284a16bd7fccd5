import type { AuthOptions } from '@portcullis/auth';
import { type IdentityPlan, identityPlan } from '@portcullis/auth/config/identity-plan';
import type { VerifierPlan } from '@portcullis/auth/config/plan-parts';
import { systemClock } from '@portcullis/auth/core/clock';
import type { EventSink } from '@portcullis/auth/core/events';
import type { Fetch } from '@portcullis/auth/core/fetch';
import { documentFetch } from '@portcullis/auth/net/document-fetch';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import type { SignInFactory } from '@portcullis/auth/sign-in/sign-in';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { type UsernameResolver, usernameResolver } from '@portcullis/auth/sign-in/username';
import { introspectionVerifier } from '@portcullis/auth/verify/introspection';
import { jwtVerifier } from '@portcullis/auth/verify/jwt';
import { staticTokenVerifier } from '@portcullis/auth/verify/static-tokens';
import type { Verifier } from '@portcullis/auth/verify/verifier';
import type { Settings } from '../settings/names.ts';
import type { WayOut } from './way-out.ts';

/** Who lets people in: ways to sign in here, and what checks tokens from elsewhere. */
export interface OpenIdentity
  extends Required<Pick<AuthOptions, 'verifiers' | 'authorizationServers'>>,
    Pick<AuthOptions, 'forwardedMetadata' | 'scopeMap'> {
  /** Empty where all tokens come from elsewhere. */
  readonly signIns: readonly SignInFactory[];
}

/** Seconds for the metadata that is forwarded, and for verifiers that name no time of their own. */
const TIMEOUT_SECONDS = 10;

/** @throws OperatorError when a verifier can not work */
export function openIdentity(settings: Settings, out: WayOut, onEvent: EventSink): OpenIdentity {
  const plan = identityPlan(settings);
  const { rules, emailDomains, issuers, case: caseRule } = settings.username;
  const username = usernameResolver({ rules, emailDomains, issuers, case: caseRule, setting: 'username' });
  const people = settings.developmentPeople;
  return {
    signIns: [
      ...plan.proxies.map((options) =>
        upstreamSignIn({ ...options, username }, out.operator(options.timeoutSeconds ?? TIMEOUT_SECONDS)),
      ),
      ...(people.length > 0 ? [async () => developmentPeople({ people })] : []),
    ],
    verifiers: [
      // Known without asking anybody, and so before those that ask.
      ...staticVerifiers(plan, settings.publicUrl),
      ...plan.verifiers.map((each) => openVerifier(each, username, { out, onEvent })),
    ],
    authorizationServers: plan.authorizationServers,
    ...(plan.scopeMap ? { scopeMap: plan.scopeMap } : {}),
    ...(plan.forwarded
      ? { forwardedMetadata: forwarded(plan.forwarded, out.operator(TIMEOUT_SECONDS)) }
      : {}),
  };
}

function openVerifier(
  plan: VerifierPlan,
  username: UsernameResolver,
  { out, onEvent }: { readonly out: WayOut; readonly onEvent: EventSink },
): Verifier {
  if (plan.kind === 'introspection') {
    const parts = { fetch: out.operator(plan.timeoutSeconds ?? TIMEOUT_SECONDS), onEvent };
    return introspectionVerifier({ ...plan, username }, parts);
  }
  const timeoutSeconds = 'jwksUri' in plan.keys ? plan.keys.timeoutSeconds : undefined;
  const parts = { fetch: out.operator(timeoutSeconds ?? TIMEOUT_SECONDS), onEvent };
  return jwtVerifier({ ...plan, username }, parts);
}

function staticVerifiers({ staticTokens: tokens }: IdentityPlan, publicUrl: string): readonly Verifier[] {
  return tokens ? [staticTokenVerifier({ tokens, publicUrl, settingPrefix: 'staticTokens' })] : [];
}

function forwarded(
  { url, publicClientId }: NonNullable<IdentityPlan['forwarded']>,
  fetch: Fetch,
): NonNullable<AuthOptions['forwardedMetadata']> {
  const documents = documentFetch({ fetch, clock: systemClock });
  return {
    url,
    fetchDocument: async (address) => (await documents.get(address)).body,
    ...(publicClientId === undefined ? {} : { publicClientId }),
  };
}

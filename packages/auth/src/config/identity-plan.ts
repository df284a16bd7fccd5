import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { ScopeMap } from '../protocol/scope-map.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import { sameIssuer } from '../upstream/provider-metadata.ts';
import type { StaticToken } from '../verify/static-tokens.ts';
import type { AuthSettings } from './names.ts';
import type { MoreVerifier } from './names-more.ts';
import { type ProviderPlan, settingProblem, type VerifierPlan } from './plan-parts.ts';
import { furtherProvider, providerPlan } from './provider-plan.ts';
import { introspectionOptions, jwtOptions } from './verifier-options.ts';

/** Who lets people in, as the settings have it. */
export interface IdentityPlan {
  /** Providers that people sign in at through us; with one at least, this is an authorization server. */
  readonly proxies: readonly UpstreamProviderOptions[];
  /** What checks tokens of others. */
  readonly verifiers: readonly VerifierPlan[];
  /** Development tokens, where there are any. */
  readonly staticTokens?: Readonly<Record<string, StaticToken>>;
  /** Whose tokens they are, for clients. */
  readonly authorizationServers: readonly string[];
  /** The provider's metadata at our address, and the client that ours answers with. */
  readonly forwarded?: { readonly url: string; readonly publicClientId?: string };
  /** How the provider spells scopes, where clients deal with it themselves. */
  readonly scopeMap?: ScopeMap;
}

export type PlannedSettings = Pick<
  AuthSettings,
  | 'upstream'
  | 'jwt'
  | 'introspection'
  | 'moreProviders'
  | 'moreVerifiers'
  | 'staticTokens'
  | 'authorizationServers'
  | 'publicUrl'
  | 'resource'
> & { readonly scopes: Pick<AuthSettings['scopes'], 'baseline'> };

/** @throws OperatorError with everything that is missing, unknown or contradictory in the settings of providers and verifiers, at once. */
export function identityPlan(settings: PlannedSettings): IdentityPlan {
  const { plan, problems } = planOf(settings);
  if (problems.length > 0) throw new OperatorError(problems);
  return plan;
}

/** The plan of what is right, and everything that is wrong with the rest. */
export function planOf(settings: PlannedSettings): {
  readonly plan: IdentityPlan;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const tried = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const { upstream, moreProviders, jwt, introspection, moreVerifiers } = settings;
  const resource = settings.resource.url ?? `${settings.publicUrl}/mcp`;
  const around = { resource, baseline: settings.scopes.baseline };
  const providers = [
    tried(() => providerPlan(upstream, { ...around, prefix: 'upstream', id: 'upstream' })),
    ...moreProviders.map(({ id, ...more }, at) =>
      tried(() => furtherProvider(id, more, { ...around, prefix: `moreProviders.${at + 1}` })),
    ),
  ].filter((plan) => plan !== undefined);
  const verifiers = [
    jwt.issuer === undefined ? undefined : tried(() => jwtOptions(jwt, 'jwt')),
    introspection.endpoint === undefined
      ? undefined
      : tried(() => introspectionOptions(introspection, 'introspection')),
    ...moreVerifiers.map((more, at) => tried(() => furtherVerifier(more, `moreVerifiers.${at + 1}`))),
  ].filter((plan) => plan !== undefined);
  problems.push(...problemsTogether(settings, providers));
  return { plan: assembled(settings, providers, verifiers), problems };
}

function furtherVerifier(more: MoreVerifier, prefix: string): VerifierPlan {
  return more.kind === 'jwt'
    ? jwtOptions(more.jwt, prefix)
    : introspectionOptions(more.introspection, prefix);
}

/** What is wrong with providers that are each right. */
function problemsTogether(
  { moreProviders }: PlannedSettings,
  providers: readonly ProviderPlan[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (message: string, remedy: string) =>
    problems.push(settingProblem('moreProviders', message, remedy));
  const proxied = providers.flatMap(({ proxy }) => proxy ?? []);
  const twice = proxied.find(({ issuer }, at) =>
    proxied.slice(0, at).some((other) => sameIssuer(other.issuer, issuer)),
  );
  if (twice)
    add(
      `Two providers have the issuer ${twice.issuer}: their people could not be told apart.`,
      'Keep one of the two.',
    );
  const ids = moreProviders.map(({ id }) => id);
  for (const id of new Set(
    ids.filter((each, at) => each !== undefined && ['upstream', ...ids].indexOf(each) <= at),
  ))
    add(`Two providers have the id ${id}.`, 'Give each its own; upstream is the first one.');
  const forwarding = providers.filter(({ forwarded, scopeMap }) => forwarded ?? scopeMap);
  if (proxied.length === 0 && forwarding.length > 1)
    add(
      'Two providers in mode remote, and clients are told of one alone.',
      'Let people sign in through this server (mode proxy), or write the tokens of the second below jwt.',
    );
  return problems;
}

function assembled(
  settings: PlannedSettings,
  providers: readonly ProviderPlan[],
  verifiers: readonly VerifierPlan[],
): IdentityPlan {
  const proxies = providers.flatMap(({ proxy }) => proxy ?? []);
  // With sign-ins of ours, the metadata at our address is our own, and clients deal with us.
  const remote = proxies.length > 0 ? undefined : providers.find(({ verifier }) => verifier);
  const hasStatic = Object.keys(settings.staticTokens).length > 0;
  return {
    proxies,
    verifiers: [...providers.flatMap(({ verifier }) => verifier ?? []), ...verifiers],
    authorizationServers: [
      ...providers.flatMap(({ authorizationServers = [] }) => authorizationServers),
      ...settings.authorizationServers,
    ],
    ...(hasStatic ? { staticTokens: settings.staticTokens } : {}),
    ...(remote?.forwarded ? { forwarded: remote.forwarded } : {}),
    ...(remote?.scopeMap ? { scopeMap: remote.scopeMap } : {}),
  };
}

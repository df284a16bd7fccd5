import type { PresetOptionName } from '../providers/preset.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import type { JwtKeyOptions } from '../verify/jwt-options.ts';
import { PRESET_OPTION_ROWS } from './names-preset.ts';
import type { Surroundings, Upstream, VerifierPlan } from './plan-parts.ts';

/** The options that belong to a provider known by name, by their names there; `undefined` where the operator set none. */
export function ownPresetOptions(
  upstream: Upstream,
): Readonly<Partial<Record<PresetOptionName, string | readonly string[] | undefined>>> {
  const names = Object.values(PRESET_OPTION_ROWS).map(({ name }) => name.slice('upstream.'.length));
  return Object.fromEntries(names.map((name) => [name, upstream[name as PresetOptionName]]));
}

/** What the operator set wins over what is known of the provider. Addresses and parameters are replaced one by one. */
export function withOwnOptions(
  known: UpstreamProviderOptions,
  upstream: Upstream,
  around: { readonly id: string; readonly prefix: string; readonly resource: string },
): UpstreamProviderOptions {
  const { clientSecret, clientAuthentication, scopes, title, subjectClaim, groupsClaim } = upstream;
  const { discovery, userinfo, pkce, responseIssuerRequired, idTokenAlgorithms, forwardResource } = upstream;
  const {
    allowPlainHttp,
    timeoutSeconds,
    clockToleranceSeconds,
    logoutReturnParameter,
    tokenLifetimeSeconds,
  } = upstream;
  const { metadataMaxAgeSeconds, keysMaxAgeSeconds, keysCooldownSeconds } = upstream;
  return {
    ...known,
    ...defined({ clientSecret, clientAuthentication, scopes, title, subjectClaim, groupsClaim }),
    ...defined({
      discovery,
      userinfo,
      pkce,
      responseIssuerRequired,
      idTokenAlgorithms,
      logoutReturnParameter,
      tokenLifetimeSeconds,
    }),
    ...(forwardResource ? { resource: around.resource } : {}),
    endpoints: { ...known.endpoints, ...defined(upstream.endpoints) },
    authorizationParameters: { ...known.authorizationParameters, ...upstream.authorizationParameters },
    tokenParameters: { ...known.tokenParameters, ...upstream.tokenParameters },
    keepClaims: [...new Set([...(known.keepClaims ?? []), ...upstream.keepClaims])],
    allowPlainHttp: allowPlainHttp || (known.allowPlainHttp ?? false),
    timeoutSeconds,
    clockToleranceSeconds,
    metadataMaxAgeSeconds,
    keysMaxAgeSeconds,
    keysCooldownSeconds,
    id: around.id,
    // The first provider has the address alone, whatever stands beside it.
    callbackName: around.id === 'upstream' ? '' : around.id,
    settingPrefix: around.prefix,
  };
}

/** The same for a verifier of its tokens. */
export function ownVerifierOptions(known: VerifierPlan, upstream: Upstream): VerifierPlan {
  const { subjectClaim, groupsClaim, keepClaims, clockToleranceSeconds, timeoutSeconds } = upstream;
  const own = {
    ...defined({ subjectClaim, groupsClaim }),
    keepClaims: [...new Set([...(known.keepClaims ?? []), ...keepClaims])],
    leewaySeconds: clockToleranceSeconds,
  };
  if (known.kind === 'introspection')
    return { ...known, ...own, timeoutSeconds, allowPlainHttp: upstream.allowPlainHttp };
  return { ...known, ...own, keys: ownKeys(known.keys, upstream) };
}

function ownKeys(known: JwtKeyOptions, upstream: Upstream): JwtKeyOptions {
  if (!('jwksUri' in known)) return known;
  const { allowPlainHttp, timeoutSeconds, keysMaxAgeSeconds, keysCooldownSeconds, endpoints } = upstream;
  return {
    ...known,
    jwksUri: endpoints.keys ?? known.jwksUri,
    allowPlainHttp,
    timeoutSeconds,
    maxAgeSeconds: keysMaxAgeSeconds,
    cooldownSeconds: keysCooldownSeconds,
  };
}

/** A token of the provider beside our own: it knows nothing of our scopes, and counts as having those that every client gets. One that was granted nothing stays without. */
export function acceptedTokens(
  known: VerifierPlan,
  upstream: Upstream,
  { baseline, prefix }: Pick<Surroundings, 'baseline' | 'prefix'>,
): VerifierPlan {
  const { mapScopes = (scopes: readonly string[]) => scopes } = known;
  return {
    ...ownVerifierOptions(known, upstream),
    mapScopes: (scopes) => (scopes.length === 0 ? [] : [...mapScopes(scopes), ...baseline]),
    settingPrefix: prefix,
  };
}

/** Without the members that are not set, which would hide what is behind them. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

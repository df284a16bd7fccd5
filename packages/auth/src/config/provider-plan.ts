import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { ScopeMap } from '../protocol/scope-map.ts';
import type { Preset } from '../providers/preset.ts';
import { presetInput } from '../providers/preset-input.ts';
import { proxyOptions, remoteOptions } from '../providers/preset-options.ts';
import { presetNamed } from '../providers/presets.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import type { IntrospectionOptions } from '../verify/introspection.ts';
import type { JwtVerifierOptions } from '../verify/jwt-options.ts';
import type { AuthSettings } from './names.ts';
import { GENERIC_PRESETS, type GenericPreset } from './names-preset.ts';
import { ownPresetOptions, ownVerifierOptions, withOwnOptions } from './own-options.ts';

/** How a verifier is made: data alone, so that everything that is wrong with it can be said before anything is opened. */
export type VerifierPlan =
  | ({ readonly kind: 'jwt' } & JwtVerifierOptions)
  | ({ readonly kind: 'introspection' } & IntrospectionOptions);

type Upstream = AuthSettings['upstream'];

/** One provider: it signs people in, or its tokens are checked, or both. */
export interface ProviderPlan {
  readonly proxy?: UpstreamProviderOptions;
  readonly verifier?: VerifierPlan;
  readonly authorizationServers?: readonly string[];
  readonly forwarded?: { readonly url: string; readonly publicClientId?: string };
  readonly scopeMap?: ScopeMap;
}

export interface Surroundings {
  readonly resource: string;
  readonly baseline: readonly string[];
  /** How the settings are called for the operator. */
  readonly prefix: string;
  readonly id: string;
}

/** One of several. @throws OperatorError */
export function furtherProvider(
  id: string | undefined,
  upstream: Upstream,
  around: Omit<Surroundings, 'id'>,
): ProviderPlan | undefined {
  if (id === undefined)
    throw new OperatorError([
      problem(`${around.prefix}.id`, 'It is missing.', 'Give the provider an id, such as partners.'),
    ]);
  const plan = providerPlan(upstream, { ...around, id });
  if (plan === undefined)
    throw new OperatorError([
      problem(`${around.prefix}.issuer`, 'No provider is named.', 'Set preset or issuer.'),
    ]);
  return plan;
}

/** `undefined` when no provider is named. @throws OperatorError with everything that is wrong with it */
export function providerPlan(upstream: Upstream, around: Surroundings): ProviderPlan | undefined {
  const { preset: name, issuer } = upstream;
  if (name === undefined && issuer === undefined) return undefined;
  const generic = GENERIC_PRESETS.find((each) => each === name) ?? (name === undefined ? 'oidc' : undefined);
  if (generic !== undefined) return genericPlan(generic, upstream, around);
  const preset = presetNamed(name!);
  if (!preset) throw new TypeError(`There is no preset ${name}.`);
  return knownPlan(preset, upstream, around);
}

function genericPlan(
  kind: GenericPreset,
  upstream: Upstream,
  around: Surroundings,
): ProviderPlan | undefined {
  const { prefix, id } = around;
  const problems: Problem[] = [];
  const add = (name: string, message: string, remedy: string) =>
    problems.push(problem(`${prefix}.${name}`, message, remedy));
  const { audience, ...others } = ownPresetOptions(upstream);
  for (const [name, value] of Object.entries(others))
    if (value !== undefined)
      add(
        name,
        'It belongs to a provider that is known by name.',
        `Set ${prefix}.preset to its name, or remove it.`,
      );
  if (kind === 'jwt' || kind === 'introspection') {
    for (const name of ['issuer', 'clientId', 'clientSecret', 'mode', 'audience'] as const)
      if (upstream[name] !== undefined)
        add(
          name,
          `With ${prefix}.preset ${kind} nobody signs in here.`,
          `Write it below ${kind}, or remove it.`,
        );
    if (problems.length > 0) throw new OperatorError(problems);
    return {};
  }
  const { issuer, clientId } = upstream;
  if (issuer === undefined)
    add('issuer', 'It is missing.', 'Set the issuer of the provider; where it has none, its address.');
  if (clientId === undefined)
    add(
      'clientId',
      'A provider is set up, and the id of this server there is missing.',
      'Register this server at the provider, and put its client id here.',
    );
  if (upstream.mode === 'remote')
    add(
      'mode',
      'Only providers known by name have this mode.',
      'Use jwt.* or introspection.*, and authorizationServers.',
    );
  const keys = upstream.endpoints.keys;
  if (upstream.acceptTokens && (audience === undefined || keys === undefined))
    add(
      'acceptTokens',
      'Tokens of the provider need an audience and keys to be checked.',
      `Set ${prefix}.audience and ${prefix}.endpoints.keys.`,
    );
  if (problems.length > 0) throw new OperatorError(problems);
  const plain = { discovery: false, scopes: [] } as const;
  const base: Omit<UpstreamProviderOptions, 'clientId'> = {
    issuer: issuer!,
    ...(kind === 'oauth2' ? plain : {}),
    ...(audience === undefined ? {} : { authorizationParameters: { audience: String(audience) } }),
  };
  const proxy = withOwnOptions({ ...base, clientId: clientId! }, upstream, {
    id,
    prefix,
    resource: around.resource,
  });
  if (!upstream.acceptTokens) return { proxy };
  const jwt: VerifierPlan = {
    kind: 'jwt',
    issuer: issuer!,
    keys: { jwksUri: keys! },
    audience: String(audience),
  };
  return { proxy, verifier: accepted(jwt, upstream, around) };
}

function knownPlan(preset: Preset, upstream: Upstream, around: Surroundings): ProviderPlan {
  const { prefix, id, resource, baseline } = around;
  const mode = upstream.mode ?? preset.modes[0];
  const { clientId, clientSecret } = upstream;
  const values = {
    clientId,
    clientSecret,
    resource,
    options: ownPresetOptions(upstream),
    requiredScopes: baseline,
  };
  const problems: Problem[] = [];
  if (upstream.issuer !== undefined)
    problems.push(
      problem(`${prefix}.issuer`, `Of ${preset.title} it follows from its other options.`, 'Remove it.'),
    );
  if (upstream.acceptTokens && !(mode === 'proxy' && preset.remote))
    problems.push(
      problem(
        `${prefix}.acceptTokens`,
        mode === 'remote'
          ? 'Tokens of the provider get in anyway.'
          : `Tokens of ${preset.title} name no resource they are for.`,
        'Remove it.',
      ),
    );
  if (upstream.forwardResource && (preset.id === 'azure' || mode === 'remote'))
    problems.push(
      problem(`${prefix}.forwardResource`, `It is not for ${preset.title} in this mode.`, 'Remove it.'),
    );
  try {
    const input = presetInput(preset, mode, values, prefix);
    if (problems.length > 0) throw new OperatorError(problems);
    if (mode === 'proxy') {
      const proxy = withOwnOptions({ ...proxyOptions(preset, input), ...issuerSettingOf(preset) }, upstream, {
        id,
        prefix,
        resource,
      });
      if (!upstream.acceptTokens) return { proxy };
      return { proxy, verifier: accepted(remoteOptions(preset, input).verifier, upstream, around) };
    }
    const { authorizationServers, forwardMetadata, scopes, verifier } = remoteOptions(preset, input);
    const offered =
      upstream.offerClientId ??
      (preset.clientsRegister === false && clientId !== undefined && clientSecret === undefined);
    return {
      verifier: { ...verifier, ...ownVerifierOptions(upstream), settingPrefix: prefix },
      authorizationServers,
      ...(scopes ? { scopeMap: scopes } : {}),
      ...(forwardMetadata === undefined
        ? {}
        : {
            forwarded: { url: forwardMetadata, ...(offered && clientId ? { publicClientId: clientId } : {}) },
          }),
    };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.problems === problems) throw error;
    throw new OperatorError([...problems, ...error.problems.filter((each) => !problems.includes(each))]);
  }
}

/** The option that the issuer of a provider follows from: the first that everybody has to set. */
function issuerSettingOf({ options }: Preset): { readonly issuerSetting?: string } {
  const name = Object.entries(options).find(([, option]) => option.required === true)?.[0];
  return name === undefined ? {} : { issuerSetting: name };
}

/** A token of the provider beside our own: it knows nothing of our scopes. */
function accepted(
  verifier: VerifierPlan,
  upstream: Upstream,
  { baseline, prefix }: Surroundings,
): VerifierPlan {
  const { mapScopes = (scopes: readonly string[]) => scopes } = verifier;
  return {
    ...verifier,
    ...ownVerifierOptions(upstream),
    mapScopes: (scopes) => [...mapScopes(scopes), ...baseline],
    settingPrefix: prefix,
  };
}

function problem(setting: string, message: string, remedy: string): Problem {
  return { setting, source: 'configuration', message, remedy };
}

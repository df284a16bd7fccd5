import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { Preset, PresetInput, PresetMode } from '../providers/preset.ts';
import { type PresetValues, presetInput } from '../providers/preset-input.ts';
import { proxyOptions, remoteOptions } from '../providers/preset-options.ts';
import { idleRows } from './idle-rows.ts';
import { acceptedTokens, ownPresetOptions, ownVerifierOptions, withOwnOptions } from './own-options.ts';
import { type ProviderPlan, type Surroundings, settingProblem, type Upstream } from './plan-parts.ts';

/** A provider that is known by name. @throws OperatorError with everything that is wrong */
export function knownPlan(preset: Preset, upstream: Upstream, around: Surroundings): ProviderPlan {
  const mode = upstream.mode ?? preset.modes[0];
  const problems = modeProblems(preset, mode, upstream, around.prefix);
  const accepts = upstream.acceptTokens && mode === 'proxy' && preset.remote !== undefined;
  const input = tried(problems, () => inputOf(preset, mode, upstream, around, accepts));
  // What is checked of tokens in mode remote has to be said here as well.
  const asRemote = accepts && tried(problems, () => inputOf(preset, 'remote', upstream, around, false));
  if (problems.length > 0 || !input) throw new OperatorError(unique(problems));
  if (mode === 'remote') return remotePlan(preset, input, upstream, around);
  const { prefix, id, resource } = around;
  const known = { ...proxyOptions(preset, input), ...issuerSettingOf(preset) };
  const proxy = withOwnOptions(known, upstream, { id, prefix, resource });
  if (!asRemote) return { proxy };
  return { proxy, verifier: acceptedTokens(remoteOptions(preset, asRemote).verifier, upstream, around) };
}

function inputOf(
  preset: Preset,
  mode: PresetMode,
  upstream: Upstream,
  { resource, baseline, prefix }: Surroundings,
  alsoRemote: boolean,
): PresetInput {
  const { clientId, clientSecret } = upstream;
  const values: PresetValues = {
    clientId,
    clientSecret,
    resource,
    options: ownPresetOptions(upstream),
    requiredScopes: baseline,
  };
  return presetInput(preset, mode, values, { prefix, alsoRemote });
}

function modeProblems(preset: Preset, mode: PresetMode, upstream: Upstream, prefix: string): Problem[] {
  const problems: Problem[] = [];
  const add = (name: string, message: string, remedy: string) =>
    problems.push(settingProblem(`${prefix}.${name}`, message, remedy));
  const { title, takesResource = true, remoteNeeds = [] } = preset;
  if (upstream.issuer !== undefined)
    add('issuer', `Of ${title} it follows from its other options.`, 'Remove it.');
  for (const name of idleRows(upstream, mode))
    add(name, `In mode ${mode} it is not used.`, `Remove it, or set ${prefix}.mode to the other one.`);
  const isIdleSecret = mode === 'remote' && !remoteNeeds.includes('clientSecret');
  if (isIdleSecret && upstream.clientSecret !== undefined)
    add('clientSecret', 'In mode remote it is not used.', 'Remove it.');
  if (mode === 'proxy' && upstream.acceptTokens && !preset.remote)
    add('acceptTokens', `Tokens of ${title} name no resource they are for.`, 'Remove it.');
  if (mode === 'proxy' && upstream.forwardResource && !takesResource)
    add('forwardResource', `${title} refuses it.`, 'Remove it.');
  if (upstream.offerClientId && (upstream.clientId === undefined || upstream.clientSecret !== undefined))
    add(
      'offerClientId',
      upstream.clientId === undefined
        ? 'There is no client id to offer.'
        : 'A client with a secret is not for everybody.',
      'Register a public client (single-page application) at the provider, and set its id alone.',
    );
  return problems;
}

function remotePlan(
  preset: Preset,
  input: PresetInput,
  upstream: Upstream,
  { prefix }: Surroundings,
): ProviderPlan {
  const { authorizationServers, forwardMetadata, scopes, verifier } = remoteOptions(preset, input);
  const { clientId, clientSecret } = upstream;
  const offered = upstream.offerClientId ?? (preset.clientsRegister === false && clientSecret === undefined);
  const publicClientId = offered && clientId ? { publicClientId: clientId } : {};
  return {
    verifier: { ...ownVerifierOptions(verifier, upstream), settingPrefix: prefix },
    authorizationServers,
    ...(scopes ? { scopeMap: scopes } : {}),
    ...(forwardMetadata === undefined ? {} : { forwarded: { url: forwardMetadata, ...publicClientId } }),
  };
}

/** The option that the issuer of a provider follows from: the first that everybody has to set. */
function issuerSettingOf({ options }: Preset): { readonly issuerSetting: string } {
  const name = Object.entries(options).find(([, option]) => option.required === true)?.[0];
  return { issuerSetting: name ?? 'preset' };
}

/** Keeps what is wrong, so that everything can be said at once. */
function tried<T>(problems: Problem[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function unique(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.setting} ${problem.message}`, problem]));
  return [...seen.values()];
}

import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import { idleRows } from './idle-rows.ts';
import type { GenericPreset } from './names-preset.ts';
import { acceptedTokens, ownPresetOptions, withOwnOptions } from './own-options.ts';
import { type ProviderPlan, type Surroundings, settingProblem, type Upstream } from './plan-parts.ts';

/** A provider that is not known by name. @throws OperatorError with everything that is wrong */
export function genericPlan(kind: GenericPreset, upstream: Upstream, around: Surroundings): ProviderPlan {
  const { prefix, id, resource } = around;
  const signsIn = kind === 'oidc' || kind === 'oauth2';
  const problems = signsIn ? signInProblems(upstream, prefix) : elsewhereProblems(kind, upstream, prefix);
  if (problems.length > 0) throw new OperatorError(problems);
  if (!signsIn) return {};
  const { audience } = ownPresetOptions(upstream);
  const { issuer, clientId } = upstream;
  const plain = { discovery: false, scopes: [] } as const;
  const base: UpstreamProviderOptions = {
    issuer: issuer!,
    clientId: clientId!,
    ...(kind === 'oauth2' ? plain : {}),
    ...(audience === undefined ? {} : { authorizationParameters: { audience: String(audience) } }),
  };
  const proxy = withOwnOptions(base, upstream, { id, prefix, resource });
  if (!upstream.acceptTokens) return { proxy };
  const keys = { jwksUri: upstream.endpoints.keys! };
  const jwt = { kind: 'jwt', issuer: issuer!, keys, audience: String(audience) } as const;
  return { proxy, verifier: acceptedTokens(jwt, upstream, around) };
}

function signInProblems(upstream: Upstream, prefix: string): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (name: string, message: string, remedy: string) =>
    problems.push(settingProblem(`${prefix}.${name}`, message, remedy));
  const { audience, ...others } = ownPresetOptions(upstream);
  for (const [name, value] of Object.entries(others))
    if (value !== undefined)
      add(
        name,
        'It belongs to a provider that is known by name.',
        `Set ${prefix}.preset to its name, or remove it.`,
      );
  if (upstream.issuer === undefined)
    add('issuer', 'It is missing.', 'Set the issuer of the provider; where it has none, its address.');
  if (upstream.clientId === undefined)
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
  for (const name of idleRows(upstream, 'proxy')) add(name, 'It is for mode remote.', 'Remove it.');
  if (upstream.acceptTokens && (audience === undefined || upstream.endpoints.keys === undefined))
    add(
      'acceptTokens',
      'Tokens of the provider need an audience and keys to be checked.',
      `Set ${prefix}.audience and ${prefix}.endpoints.keys.`,
    );
  if (upstream.acceptTokens && audience !== undefined && audience === upstream.clientId)
    add(
      'audience',
      'It is the id of this server at the provider, which ID tokens are for.',
      'Set the identifier of an API at the provider, which access tokens are for.',
    );
  return problems;
}

function elsewhereProblems(
  kind: 'jwt' | 'introspection',
  upstream: Upstream,
  prefix: string,
): readonly Problem[] {
  const given = Object.entries(ownPresetOptions(upstream))
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  return [...idleRows(upstream, 'elsewhere'), ...given].map((name) =>
    settingProblem(
      `${prefix}.${name}`,
      `With ${prefix}.preset ${kind} nobody signs in here.`,
      `Write it below ${kind}, or remove it.`,
    ),
  );
}

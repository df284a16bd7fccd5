import { OperatorError } from '../core/operator-error.ts';
import { presetNamed } from '../providers/presets.ts';
import { genericPlan } from './generic-plan.ts';
import { knownPlan } from './known-plan.ts';
import { GENERIC_PRESETS } from './names-preset.ts';
import { type ProviderPlan, type Surroundings, settingProblem, type Upstream } from './plan-parts.ts';

/** One of several. @throws OperatorError */
export function furtherProvider(
  id: string | undefined,
  upstream: Upstream,
  around: Omit<Surroundings, 'id'>,
): ProviderPlan | undefined {
  if (id === undefined)
    throw new OperatorError([
      settingProblem(`${around.prefix}.id`, 'It is missing.', 'Give the provider an id, such as partners.'),
    ]);
  const plan = providerPlan(upstream, { ...around, id });
  if (plan === undefined)
    throw new OperatorError([
      settingProblem(`${around.prefix}.issuer`, 'No provider is named.', 'Set preset or issuer.'),
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

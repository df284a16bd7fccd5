import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { ConsentMode } from '../issuer/context/consent-mode.ts';
import { PATHS } from '../issuer/context/paths.ts';
import { consentProblem } from '../issuer/issuer-place.ts';
import { DEVELOPMENT_SIGN_IN_ID } from '../sign-in/development-people.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import { providerSettings } from '../upstream/provider-settings.ts';
import { introspectionVerifier } from '../verify/introspection.ts';
import { jwtVerifier } from '../verify/jwt.ts';
import { staticTokenProblems } from '../verify/static-tokens.ts';
import type { Verifier } from '../verify/verifier.ts';
import { verifierConflicts } from '../verify/verifier-conflicts.ts';
import { type IdentityPlan, type PlannedSettings, planOf } from './identity-plan.ts';
import { AUTH_SETTINGS } from './names.ts';
import type { VerifierPlan } from './plan-parts.ts';
import type { ResolvedSetting } from './resolve.ts';
import { typedSettings } from './resolve.ts';
import type { SettingRow } from './row.ts';
import type { SettingsView } from './settings-view.ts';
import { operatorsName } from './verifier-options.ts';

/** What the plan of providers and verifiers is made from. */
const PLANNED =
  /^(?:upstream|jwt|introspection)\.|^(?:moreProviders|moreVerifiers|staticTokens|authorizationServers|publicUrl|scopes\.baseline|resource\.\w+)$/;

/** Stand in for what could not be read, so that the rest can be looked at. What is said of them is not passed on. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  publicUrl: 'https://mcp.example.com',
  'scopes.baseline': ['mcp:read'],
};

/**
 * Providers and verifiers, each by itself: one that could not be read hides none of the others. Comes back with all of them, or with
 * nothing where some are missing.
 */
export function checkPlan(view: SettingsView): Pick<IdentityPlan, 'proxies' | 'verifiers'> | undefined {
  const { settings, unread } = plannedSettings(view);
  const isToldElsewhere = ({ setting }: Problem) => unread.some((name) => setting.startsWith(name));
  const { plan, problems } = planOf(settings);
  view.attempt(() => {
    const news = problems.filter((each) => !isToldElsewhere(each));
    if (news.length > 0) throw new OperatorError(news);
  });
  const { proxies, verifiers } = plan;
  for (const proxy of proxies) view.attempt(() => providerSettings(proxy));
  checkVerifiers(view, verifiers);
  checkStaticTokens(view, settings);
  checkConsent(view, proxies.length, unread);
  checkCallbacks(view, proxies);
  return unread.length + problems.length > 0 ? undefined : { proxies, verifiers };
}

/** The settings of the plan; a provider or verifier of which a part could not be read is left out as a whole. */
function plannedSettings(view: SettingsView): {
  readonly settings: PlannedSettings;
  readonly unread: readonly string[];
} {
  const rows: readonly SettingRow[] = Object.values<SettingRow>(AUTH_SETTINGS).filter(({ name }) =>
    PLANNED.test(name),
  );
  const unread = [...new Set(rows.filter(({ name }) => !view.known(name)).map(({ name }) => groupOf(name)))];
  const read = rows.map((row): [string, ResolvedSetting] => {
    const found = unread.includes(groupOf(row.name)) ? undefined : view.resolution.settings.get(row.name);
    const value = Object.hasOwn(STAND_INS, row.name) ? STAND_INS[row.name] : row.default;
    return [row.name, found ?? { row, value, source: 'default', writtenName: row.name }];
  });
  const settings = typedSettings(AUTH_SETTINGS, { settings: new Map(read), problems: [] });
  return { settings, unread };
}

function groupOf(name: string): string {
  return /^(?:upstream|jwt|introspection)\./.exec(name)?.[0] ?? name;
}

function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems;
  }
}

/** Keys and secrets are read, and tokens that two of them would take are found; nothing is asked of anybody. */
function checkVerifiers(view: SettingsView, plans: readonly VerifierPlan[]): void {
  const parts = { fetch: () => Promise.reject(new Error('nothing is asked while settings are checked')) };
  const made = plans.flatMap((plan) => {
    let verifier: Verifier | undefined;
    view.attempt(() => {
      const problems = problemsOf(() => {
        verifier = plan.kind === 'jwt' ? jwtVerifier(plan, parts) : introspectionVerifier(plan, parts);
      });
      if (problems.length > 0) throw new OperatorError(problems.map(operatorsName));
    });
    return verifier ? [verifier] : [];
  });
  view.attempt(() => {
    const conflicts = verifierConflicts(made, 'moreVerifiers');
    if (conflicts.length > 0) throw new OperatorError(conflicts);
  });
}

/** Entries are counted: their names are the tokens. Who can reach this server is another check. */
function checkStaticTokens(view: SettingsView, { staticTokens: tokens }: PlannedSettings): void {
  if (Object.keys(tokens).length === 0) return;
  const publicUrl = 'http://localhost';
  for (const { setting, message, remedy } of staticTokenProblems({ tokens, publicUrl })) {
    const entry = /\d+$/.exec(setting)?.[0];
    const text = entry === undefined ? message : `Entry ${entry}: ${message}`;
    view.problem('staticTokens', text, remedy);
  }
}

function checkConsent(view: SettingsView, proxies: number, unread: readonly string[]): void {
  const consent = view.value<ConsentMode>('consent');
  const people = view.value<readonly unknown[]>('developmentPeople');
  const isUnread = unread.includes('upstream.') || unread.includes('moreProviders');
  if (!consent || !people || isUnread) return;
  const problem = consentProblem(consent, proxies + (people.length > 0 ? 1 : 0));
  if (problem) view.problem('consent', problem.message, problem.remedy);
}

/** Each provider sends browsers back to an address that nothing else has. */
function checkCallbacks(view: SettingsView, proxies: readonly UpstreamProviderOptions[]): void {
  const callbackPath = view.value<string>('callbackPath') ?? PATHS.callback;
  const taken: readonly string[] = Object.values(PATHS);
  for (const { id, callbackName } of proxies) {
    const path = `${callbackPath}/${callbackName}`;
    if (callbackName && (id === DEVELOPMENT_SIGN_IN_ID || taken.includes(path)))
      view.problem('moreProviders', `The id ${id} is taken by this server itself.`, 'Choose another id.');
  }
}

import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { UsernameOptions } from '../sign-in/username.ts';
import { usernameResolver } from '../sign-in/username.ts';
import { providerSettings } from '../upstream/provider-settings.ts';
import { attributeProblems } from './attribution.ts';
import type { AuthSettings } from './names.ts';
import { AUTH_SETTINGS } from './names.ts';
import type { Resolution } from './resolve.ts';
import { typedSettings } from './resolve.ts';
import { upstreamOptions } from './upstream-options.ts';

/** What a check of several settings together looks at. Settings that could not be read are absent, and nothing more is said of them. */
export class SettingsView {
  readonly problems: Problem[] = [];
  readonly resolution: Resolution;

  constructor(resolution: Resolution) {
    this.resolution = resolution;
  }

  value<T>(name: string): T | undefined {
    return this.resolution.settings.get(name)?.value as T | undefined;
  }

  /** Was it set, rather than left to its default? */
  given(name: string): boolean {
    const found = this.resolution.settings.get(name);
    return found !== undefined && found.source !== 'default';
  }

  /** Could it be read? */
  known(name: string): boolean {
    return this.resolution.settings.has(name);
  }

  problem(name: string, message: string, remedy: string): void {
    const found = this.resolution.settings.get(name);
    this.problems.push({
      setting: found?.writtenName ?? name,
      source: found?.source ?? 'default',
      message,
      remedy,
    });
  }

  /** Lets the part that the settings are for look at them; what it refuses is told in the operator's words. */
  attempt(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      this.problems.push(...attributeProblems(error.problems, this.resolution));
    }
  }
}

/** Settings of the library that do not go together. */
export function checkAuthSettings(view: SettingsView): void {
  checkProvider(view);
  checkUsername(view);
  checkClients(view);
  checkScopes(view);
  checkSecrets(view);
  checkLifetimes(view);
}

function checkProvider(view: SettingsView): void {
  const names = Object.keys(AUTH_SETTINGS).filter((name) => name.startsWith('upstream.'));
  if (!names.every((name) => view.known(name))) return;
  if (view.value('upstream.issuer') === undefined) {
    const first = names.find((name) => view.given(name));
    if (first)
      view.problem(
        first,
        'This belongs to an identity provider, and none is named.',
        'Set upstream.issuer; for a provider without an issuer of its own, to its address.',
      );
    return;
  }
  if (view.value('upstream.clientId') === undefined) {
    view.problem(
      'upstream.clientId',
      'A provider is set up, and the id of this server there is missing.',
      'Register this server at the provider, and put its client id here.',
    );
    return;
  }
  const settings = new Map([...view.resolution.settings].filter(([name]) => names.includes(name)));
  const { upstream } = typedSettings(AUTH_SETTINGS, { settings, problems: [] }) as AuthSettings;
  const options = upstreamOptions(upstream);
  if (options) view.attempt(() => providerSettings(options));
}

function checkUsername(view: SettingsView): void {
  const rules = view.value<UsernameOptions['rules']>('username.rules');
  const emailDomains = view.value<readonly string[]>('username.emailDomains');
  if (!rules || !emailDomains) return;
  view.attempt(() => usernameResolver({ rules, emailDomains, setting: 'username.emailDomains' }));
}

function checkClients(view: SettingsView): void {
  const cimd = view.value<{ kind: string }>('cimd');
  const clients = view.value<readonly unknown[]>('clients');
  const nobody = view.value('registration') === false && cimd?.kind === 'off' && clients?.length === 0;
  if (view.value('auth') && nobody)
    view.problem(
      'registration',
      'No client could ever connect: registration and cimd are off, and no client is listed.',
      'Switch one of the two on, or list clients.',
    );
}

function checkScopes(view: SettingsView): void {
  const supported = view.value<readonly string[]>('scopes.supported');
  if (!supported) return;
  const missing = view.value<readonly string[]>('scopes.baseline')?.find((s) => !supported.includes(s));
  if (missing)
    view.problem(
      'scopes.supported',
      `The scope ${missing} of scopes.baseline is not in it.`,
      `Add ${missing}.`,
    );
  const hierarchy = view.value<Record<string, readonly string[]>>('scopes.hierarchy') ?? {};
  const unknown = Object.entries(hierarchy)
    .flat(2)
    .find((scope) => !supported.includes(scope));
  if (unknown)
    view.problem(
      'scopes.hierarchy',
      `The scope ${unknown} is not in scopes.supported.`,
      'Add it there, or remove it here.',
    );
}

function checkSecrets(view: SettingsView): void {
  const secret = view.value('secret');
  const previous = view.value('previousSecret');
  if (previous !== undefined && secret === undefined && view.known('secret'))
    view.problem('previousSecret', 'There is a previous secret and no present one.', 'Set secret.');
  if (previous !== undefined && previous === secret)
    view.problem('previousSecret', 'It is the same as secret.', 'Remove it, or set secret to the new one.');
  if (secret !== undefined && view.given('secretFile'))
    view.problem(
      'secretFile',
      'The secret is set already, so nothing would be kept there.',
      'Remove one of the two; to read the secret from a file, write file:PATH.',
    );
}

function checkLifetimes(view: SettingsView): void {
  const absolute = view.value<number>('lifetimes.sessionAbsoluteSeconds');
  for (const name of ['sessionIdleSeconds', 'sessionUncheckedSeconds', 'accessTokenSeconds']) {
    const path = `lifetimes.${name}`;
    const value = view.value<number>(path);
    if (view.given(path) && value !== undefined && absolute !== undefined && value > absolute)
      view.problem(
        path,
        `It is longer than a session may live (${absolute} seconds).`,
        'Make it shorter, or lifetimes.sessionAbsoluteSeconds longer.',
      );
  }
}

import type { Problem } from '../core/operator-error.ts';
import type { Resolution } from './resolve.ts';

/** What a check of several settings together looks at. Settings that could not be read are absent, and nothing more is said of them. */
export class SettingsView {
  readonly problems: Problem[] = [];
  private readonly resolution: Resolution;

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

const PARAMETERS_OF_OURS: Readonly<Record<string, readonly string[]>> = {
  'upstream.authorizeParameters': [
    'response_type',
    'response_mode',
    'client_id',
    'redirect_uri',
    'state',
    'nonce',
    'scope',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
  ],
  'upstream.tokenParameters': [
    'grant_type',
    'code',
    'redirect_uri',
    'client_id',
    'client_secret',
    'client_assertion',
    'client_assertion_type',
    'code_verifier',
    'refresh_token',
  ],
};

const PROVIDER_NAMES = [
  'authorizationEndpoint',
  'tokenEndpoint',
  'userinfoEndpoint',
  'jwksUri',
  'revocationEndpoint',
  'clientId',
  'clientSecret',
  'clientAuthentication',
  'scopes',
  'authorizeParameters',
  'tokenParameters',
  'title',
  'subjectClaim',
  'endpointOverrides',
].map((name) => `upstream.${name}`);

function checkProvider(view: SettingsView): void {
  for (const [name, ours] of Object.entries(PARAMETERS_OF_OURS)) {
    const taken = Object.keys(view.value<Record<string, string>>(name) ?? {}).find((key) =>
      ours.includes(key),
    );
    if (taken) view.problem(name, `${taken} is a parameter that the protocol itself uses.`, 'Remove it.');
  }
  checkClientAuthentication(view);
  if (view.value('upstream.issuer') === undefined) checkExplicitEndpoints(view);
  const configured = view.value('upstream.issuer') ?? view.value('upstream.authorizationEndpoint');
  if (configured && view.known('upstream.clientId') && view.value('upstream.clientId') === undefined) {
    view.problem(
      'upstream.clientId',
      'A provider is set up, and the id of this server there is missing.',
      'Register this server at the provider, and put its client id here.',
    );
  }
}

function checkExplicitEndpoints(view: SettingsView): void {
  if (!view.known('upstream.issuer')) return;
  const first = PROVIDER_NAMES.find((name) => view.given(name));
  if (!first) return;
  if (!view.given('upstream.authorizationEndpoint')) {
    view.problem(
      first,
      'This belongs to an identity provider, and none is named.',
      'Set upstream.issuer; for a provider without discovery, its endpoints.',
    );
    return;
  }
  if (!view.given('upstream.tokenEndpoint')) {
    view.problem(
      'upstream.tokenEndpoint',
      'It is missing: without upstream.issuer nothing is discovered.',
      'Set upstream.tokenEndpoint, or upstream.issuer.',
    );
  }
  if (!view.given('upstream.userinfoEndpoint') && !view.given('upstream.jwksUri')) {
    view.problem(
      'upstream.userinfoEndpoint',
      'Nothing says who signed in: neither userinfo nor keys for ID tokens are known.',
      'Set upstream.userinfoEndpoint, or upstream.issuer.',
    );
  }
}

function checkClientAuthentication(view: SettingsView): void {
  const name = 'upstream.clientAuthentication';
  const how = view.value<string>(name);
  const hasSecret = view.value('upstream.clientSecret') !== undefined;
  if (how === 'none' && hasSecret)
    view.problem(
      name,
      'There is a client secret, and it would not be used.',
      'Remove one of the two settings.',
    );
  if ((how === 'basic' || how === 'post') && !hasSecret && view.known('upstream.clientSecret'))
    view.problem(name, 'It needs a client secret, and there is none.', 'Set upstream.clientSecret.');
}

function checkUsername(view: SettingsView): void {
  const rules = view.value<readonly string[]>('username.rules') ?? [];
  const byMail = rules.find((rule) => rule === 'email-prefix' || rule === 'claim:email');
  const domains = view.value<readonly string[]>('username.emailDomains');
  if (byMail && domains?.length === 0)
    view.problem(
      'username.rules',
      `The rule ${byMail} needs to know which domains count.`,
      'List in username.emailDomains the domains whose addresses you hand out yourself.',
    );
  if (domains && domains.length > 0 && !byMail && view.known('username.rules'))
    view.problem(
      'username.emailDomains',
      'No rule in username.rules looks at e-mail addresses.',
      'Add email-prefix to username.rules, or remove the domains.',
    );
}

function checkClients(view: SettingsView): void {
  const cimd = view.value<{ kind: string }>('cimd');
  const clients = view.value<readonly unknown[]>('clients');
  if (
    view.value('auth') &&
    view.value('registration') === false &&
    cimd?.kind === 'off' &&
    clients?.length === 0
  )
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

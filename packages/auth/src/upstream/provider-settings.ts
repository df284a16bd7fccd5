import { OperatorError, type Problem } from '../core/operator-error.ts';
import { isLoopbackHost, parseUrl } from '../core/url.ts';
import { ID_TOKEN_ALGORITHMS } from './id-token.ts';
import type { ProviderOptions } from './provider-options.ts';
import { checkTenants } from './tenants.ts';

/** Options that stay open: what the provider says of itself decides. */
type Optional =
  | 'clientSecret'
  | 'clientAuthentication'
  | 'responseIssuerRequired'
  | 'idTokenAlgorithms'
  | 'resource'
  | 'tokenLifetimeSeconds'
  | 'revocationRequest'
  | 'logoutReturnParameter'
  | 'tenants';

/** The options with every default filled in, and found to agree with each other. */
export type ProviderSettings = Required<Omit<ProviderOptions, Optional>> &
  Pick<ProviderOptions, Optional> & {
    /** Is it OpenID Connect, so that an ID token must come? */
    readonly openid: boolean;
  };

const OWN_AUTHORIZATION_PARAMETERS: ReadonlySet<string> = new Set([
  'response_type',
  'client_id',
  'client_secret',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'login_hint',
  'request',
  'request_uri',
]);

const OWN_TOKEN_PARAMETERS: ReadonlySet<string> = new Set([
  'grant_type',
  'code',
  'redirect_uri',
  'code_verifier',
  'refresh_token',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]);

/** @throws OperatorError with everything that is wrong at once. */
export function providerSettings(options: ProviderOptions): ProviderSettings {
  const scopes = options.scopes ?? ['openid', 'profile', 'email'];
  const resource: Readonly<Record<string, string>> =
    options.resource === undefined ? {} : { resource: options.resource };
  const settings: ProviderSettings = {
    ...options,
    scopes,
    openid: scopes.includes('openid'),
    discovery: options.discovery ?? true,
    endpoints: options.endpoints ?? {},
    authorizationParameters: { ...options.authorizationParameters, ...resource },
    tokenParameters: { ...options.tokenParameters, ...resource },
    userinfo: options.userinfo ?? true,
    subjectClaim: options.subjectClaim ?? 'sub',
    pkce: options.pkce ?? true,
    allowPlainHttp: options.allowPlainHttp ?? false,
    timeoutSeconds: options.timeoutSeconds ?? 10,
    clockToleranceSeconds: options.clockToleranceSeconds ?? 30,
    metadataMaxAgeSeconds: options.metadataMaxAgeSeconds ?? 86_400,
    keysMaxAgeSeconds: options.keysMaxAgeSeconds ?? 600,
    keysCooldownSeconds: options.keysCooldownSeconds ?? 60,
    issuerSetting: options.issuerSetting ?? 'issuer',
    settingPrefix: options.settingPrefix ?? 'upstream',
  };
  const problems = [
    ...addressProblems(settings),
    ...clientProblems(settings),
    ...parameterProblems(settings),
    ...numberProblems(settings),
  ];
  if (problems.length > 0) throw new OperatorError(problems);
  if (settings.tenants) checkTenants(settings.tenants, `${settings.settingPrefix}.allowedTenants`);
  return settings;
}

/** Why an address of a provider can not be used, or `undefined`. */
export function addressFault(text: string, allowPlainHttp: boolean): string | undefined {
  const url = text.length <= 2048 ? parseUrl(text) : undefined;
  if (!url) return 'is no absolute URL';
  if (url.username || url.password) return 'has a user name or password in it';
  if (text.includes('#')) return 'has a fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return 'is no https URL';
  return allowPlainHttp || isLoopbackHost(url.hostname) ? undefined : 'is plain http to another machine';
}

export function settingProblem(
  settings: Pick<ProviderSettings, 'settingPrefix'>,
  name: string,
  message: string,
  remedy: string,
): Problem {
  return { setting: `${settings.settingPrefix}.${name}`, source: 'configuration', message, remedy };
}

function addressProblems(settings: ProviderSettings): Problem[] {
  const { endpoints, discovery, allowPlainHttp, openid } = settings;
  const problems: Problem[] = [];
  const check = (name: string, value: string | undefined) => {
    const fault = value === undefined ? undefined : addressFault(value, allowPlainHttp);
    if (fault) problems.push(settingProblem(settings, name, `The address ${fault}.`, 'Use an https URL.'));
  };
  check(settings.issuerSetting, settings.issuer);
  check('discovery', typeof discovery === 'string' ? discovery : undefined);
  for (const name of ENDPOINT_NAMES) check(`endpoints.${name}`, endpoints[name]);
  if (discovery !== false) return problems;
  const needed = ['authorization', 'token', openid ? 'keys' : 'userinfo'] as const;
  for (const name of needed) {
    if (endpoints[name] !== undefined) continue;
    problems.push(
      settingProblem(
        settings,
        `endpoints.${name}`,
        'It is missing, and discovery is off.',
        'Set it, or switch discovery on.',
      ),
    );
  }
  return problems;
}

const ENDPOINT_NAMES = ['authorization', 'token', 'userinfo', 'revocation', 'keys', 'endSession'] as const;

function clientProblems(settings: ProviderSettings): Problem[] {
  const { clientId, clientSecret, clientAuthentication: method } = settings;
  const problems: Problem[] = [];
  const add = (name: string, message: string, remedy: string) =>
    problems.push(settingProblem(settings, name, message, remedy));
  if (clientId === '') {
    add('clientId', 'It is empty.', 'Set the client id of the registration at the provider.');
  }
  if (clientSecret === '') {
    add('clientSecret', 'It is empty.', 'Set the secret, or leave the setting out for a public client.');
  }
  if ((method === 'basic' || method === 'post') && clientSecret === undefined) {
    add(
      'clientSecret',
      `It is missing, and clientAuthentication is ${method}.`,
      'Set the secret, or use none.',
    );
  }
  if (method === 'none' && clientSecret !== undefined) {
    add(
      'clientAuthentication',
      'It is none, and there is a clientSecret.',
      'Use basic or post, or remove the secret.',
    );
  }
  if (clientSecret === undefined && !settings.pkce) {
    add(
      'pkce',
      'A public client without PKCE protects no code.',
      'Switch it on, or give the client a secret.',
    );
  }
  return problems;
}

function parameterProblems(settings: ProviderSettings): Problem[] {
  const problems: Problem[] = [];
  const add = (name: string, message: string, remedy: string) =>
    problems.push(settingProblem(settings, name, message, remedy));
  for (const name of Object.keys(settings.authorizationParameters)) {
    if (!OWN_AUTHORIZATION_PARAMETERS.has(name)) continue;
    add(`authorizationParameters.${name}`, 'It is set by the protocol itself.', 'Remove it.');
  }
  for (const name of Object.keys(settings.tokenParameters)) {
    if (!OWN_TOKEN_PARAMETERS.has(name)) continue;
    add(`tokenParameters.${name}`, 'It is set by the protocol itself.', 'Remove it.');
  }
  // RFC 6749 §3.3: what a scope may be written with.
  if (settings.scopes.some((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    add(
      'scopes',
      'A scope is empty or has a character that none may have.',
      'Give a list, one scope an entry.',
    );
  }
  if (settings.idTokenAlgorithms?.some((name) => !ID_TOKEN_ALGORITHMS.has(name))) {
    add(
      'idTokenAlgorithms',
      'One is unknown, or is not asymmetric.',
      'Use names such as RS256, PS256, ES256 or EdDSA.',
    );
  }
  if (settings.subjectClaim === '') {
    add('subjectClaim', 'It is empty.', 'Name the member that never changes, such as sub or id.');
  }
  return problems;
}

function numberProblems(settings: ProviderSettings): Problem[] {
  const limits = [
    ['timeoutSeconds', 0.1, 29],
    ['clockToleranceSeconds', 0, 300],
    ['metadataMaxAgeSeconds', 60, 30 * 86_400],
    ['keysMaxAgeSeconds', 10, 86_400],
    ['keysCooldownSeconds', 1, 3600],
    ['tokenLifetimeSeconds', 60, 366 * 86_400],
  ] as const;
  return limits.flatMap(([name, least, most]) => {
    const value = settings[name];
    if (value === undefined || (value >= least && value <= most)) return [];
    return [settingProblem(settings, name, `It is ${value}.`, `Use a number from ${least} to ${most}.`)];
  });
}

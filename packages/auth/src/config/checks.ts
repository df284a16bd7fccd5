import { X509Certificate } from 'node:crypto';
import { type StaticClient, staticClients } from '../issuer/clients/static-clients.ts';
import { issuerPlace } from '../issuer/issuer-place.ts';
import { checkMasterSecret } from '../keys/master-secret.ts';
import type { UsernameOptions } from '../sign-in/username.ts';
import { usernameResolver } from '../sign-in/username.ts';
import { sameIssuer } from '../upstream/provider-metadata.ts';
import { identityIssuers } from './identity-issuers.ts';
import { AUTH_SETTINGS } from './names.ts';
import { checkPlan } from './plan-checks.ts';
import type { SettingsView } from './settings-view.ts';
import { SIGNS_IN, signsIn } from './ways-in.ts';

/** Settings of the library that do not go together. */
export function checkAuthSettings(view: SettingsView): void {
  checkProviders(view);
  checkIssuer(view);
  checkUsername(view);
  checkClients(view);
  checkScopes(view);
  checkSecrets(view);
  checkLifetimes(view);
  checkWayOut(view);
}

/** Settings of providers that nobody looks at, beside what is wrong with the providers themselves. */
function checkProviders(view: SettingsView): void {
  const plan = checkPlan(view);
  if (plan) checkNames(view, identityIssuers(plan));
  const isNamed = ['upstream.issuer', 'upstream.preset'].some(
    (name) => !view.known(name) || view.value(name) !== undefined,
  );
  const said = Object.keys(AUTH_SETTINGS).find((name) => name.startsWith('upstream.') && view.given(name));
  if (said && !isNamed)
    view.problem(
      said,
      'This belongs to an identity provider, and none is named.',
      'Set upstream.preset to the name of the provider; for another one upstream.issuer: its issuer, or its address.',
    );
  checkLeftovers(view);
  const isPlain = SIGNS_IN.every((name) => view.known(name));
  if (isPlain && view.value('auth') !== false && !signsIn((name) => view.value(name))) checkIssuerRows(view);
}

/** What only an authorization server looks at. */
const ISSUER_ONLY =
  /^(?:consent|issuerUrl|callbackPath|documentation|registration|cimd|clients|introspectionClients|clientIds\..*|redirectUris\..*)$/;

function checkIssuerRows(view: SettingsView): void {
  for (const name of Object.keys(AUTH_SETTINGS)) {
    if (ISSUER_ONLY.test(name) && view.given(name))
      view.problem(
        name,
        'It is for clients that get their tokens here, and all tokens come from elsewhere.',
        'Remove it, or let people sign in through this server (mode proxy).',
      );
  }
}

/** Who is called alike by two issuers would be one in the database. */
function checkNames(view: SettingsView, issuers: readonly string[]): void {
  const rules = view.value<readonly unknown[]>('username.rules') ?? [];
  const named = view.value<readonly string[]>('username.issuers');
  const stranger = named?.find((issuer) => !issuers.some((own) => sameIssuer(own, issuer)));
  if (stranger !== undefined)
    view.problem(
      'username.issuers',
      `People of ${stranger} do not come here.`,
      `There are ${issuers.join(', ') || 'none'}.`,
    );
  if (rules.length > 0 && issuers.length > 1 && named === undefined && view.known('username.issuers'))
    view.problem(
      'username.issuers',
      'People come from several issuers, and each could call somebody like somebody of another: they would be one in the database.',
      `List those whose people get names there, of ${issuers.join(', ')}.`,
    );
}

/** Members of a section whose first setting is not there say something that nobody hears. */
function checkLeftovers(view: SettingsView): void {
  for (const [section, first] of [
    ['jwt', 'jwt.issuer'],
    ['introspection', 'introspection.endpoint'],
  ] as const) {
    if (!Object.keys(AUTH_SETTINGS).every((name) => !name.startsWith(`${section}.`) || view.known(name)))
      continue;
    const more = view.value<readonly { readonly kind: string }[]>('moreVerifiers') ?? [];
    const isChosen = view.value('upstream.preset') === section && !more.some(({ kind }) => kind === section);
    const said = Object.keys(AUTH_SETTINGS).find(
      (name) => name.startsWith(`${section}.`) && view.given(name),
    );
    if (view.value(first) !== undefined || !(said || isChosen)) continue;
    if (said) view.problem(said, `It is not used: ${first} is missing.`, `Set ${first}, or remove it.`);
    else view.problem('upstream.preset', `It says ${section}, and ${first} is missing.`, `Set ${first}.`);
  }
}

/** Under which names it is known, and whether anybody is asked. */
function checkIssuer(view: SettingsView): void {
  const value = <T>(name: string) => view.value<T>(name);
  const publicUrl = value<string>('publicUrl');
  const cimd = value<{ kind: string }>('cimd');
  const names = [
    'publicUrl',
    'consent',
    'issuerUrl',
    'callbackPath',
    'documentation',
    'registration',
    'cimd',
    'redirectUris.allow',
  ];
  if (!names.every((name) => view.known(name)) || publicUrl === undefined) return;
  view.attempt(() =>
    issuerPlace(
      {
        signIns: [],
        consent: value('consent'),
        identifier: value('issuerUrl'),
        callbackPath: value('callbackPath'),
        documentation: value('documentation'),
        registration: value('registration'),
        metadataDocuments:
          cimd?.kind === 'off' ? 'off' : { fetch: () => Promise.reject(new Error('unused')) },
        policy: { allowedRedirectUris: value('redirectUris.allow') },
      },
      publicUrl,
    ),
  );
}

function checkUsername(view: SettingsView): void {
  const rules = view.value<UsernameOptions['rules']>('username.rules');
  const emailDomains = view.value<readonly string[]>('username.emailDomains');
  if (!rules || !emailDomains) return;
  view.attempt(() => usernameResolver({ rules, emailDomains, setting: 'username.emailDomains' }));
}

function checkClients(view: SettingsView): void {
  const cimd = view.value<{ kind: string }>('cimd');
  const clients = view.value<readonly StaticClient[]>('clients');
  if (clients && cimd) view.attempt(() => staticClients(clients, { fetchesKeys: cimd.kind === 'on' }));
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
  for (const name of ['scopes.baseline', 'scopes.required']) {
    const missing = view.value<readonly string[]>(name)?.find((scope) => !supported.includes(scope));
    if (!missing || (name !== 'scopes.baseline' && !view.given(name))) continue;
    view.problem('scopes.supported', `The scope ${missing} of ${name} is not in it.`, `Add ${missing}.`);
  }
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
  for (const setting of ['secret', 'previousSecret']) {
    const text = view.value<string>(setting);
    if (text !== undefined) view.attempt(() => checkMasterSecret(text, { setting, source: 'settings' }));
  }
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

function checkWayOut(view: SettingsView): void {
  const ca = view.value<string>('outbound.ca');
  if (ca !== undefined && !ca.split(/(?=-----BEGIN )/).every(isCertificate))
    view.problem(
      'outbound.ca',
      'It holds something that is no certificate.',
      'Give certificates in PEM, one behind the other, such as file:/etc/ssl/certs/example-ca.pem.',
    );
}

function isCertificate(pem: string): boolean {
  if (pem.trim() === '') return true;
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

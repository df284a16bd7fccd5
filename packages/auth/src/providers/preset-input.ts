import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { Preset, PresetInput, PresetMode, PresetOption, PresetOptionName } from './preset.ts';
import { HOST, HTTPS_URL, SEGMENT, UUID, WEB_URL } from './preset-patterns.ts';

/** What the operator set, as it was read: complete or not. */
export interface PresetValues {
  /** The id of the registration at the provider. Default: none. */
  readonly clientId?: string;
  /** The secret that belongs to it. Default: none. */
  readonly clientSecret?: string;
  /** The identifier of the resource. */
  readonly resource: string;
  /** Canonical scopes that every request needs. Default: none. */
  readonly requiredScopes?: readonly string[];
  /** Options by name; a list may be a text with commas. One that is `undefined` is not set. Default: none. */
  readonly options?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

type Value = string | readonly string[];

/** RFC 8414 §3, OpenID Connect Discovery §4: what stands behind an issuer where its metadata is. */
export const METADATA_PATH = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\/?$/;

/**
 * What the operator set, found to be complete. `prefix`: how the settings are called for the operator; default `upstream`. `alsoRemote`:
 * options that only mode remote has are looked at besides.
 * @throws OperatorError with everything that is missing, unknown, empty, malformed or contradictory, at once.
 */
export function presetInput(
  preset: Preset,
  mode: PresetMode,
  values: PresetValues,
  {
    prefix = 'upstream',
    alsoRemote = false,
  }: { readonly prefix?: string; readonly alsoRemote?: boolean } = {},
): PresetInput {
  const problems: Problem[] = [];
  const add = (name: string, message: string, remedy: string) =>
    problems.push({ setting: `${prefix}.${name}`, source: 'configuration', message, remedy });
  if (!preset.modes.includes(mode))
    add('mode', `${preset.title} has no mode ${mode}.`, `Use ${preset.modes.join(' or ')}.`);
  for (const problem of registrationProblems(preset, mode, values)) add(...problem);

  const given = Object.entries(values.options ?? {}).filter(
    (entry): entry is [string, Value] => entry[1] !== undefined,
  );
  const texts: Partial<Record<PresetOptionName, string>> = {};
  const lists: Partial<Record<PresetOptionName, readonly string[]>> = {};
  for (const [name, value] of given) {
    const option = optionOf(preset, name);
    if (!option) {
      add(name, `${preset.title} has no such option.`, `Remove it; it has ${namesOf(preset, prefix)}.`);
      continue;
    }
    if (option.mode !== undefined && option.mode !== mode && !(alsoRemote && option.mode === 'remote')) {
      add(name, `In mode ${mode} it is not used.`, 'Remove it.');
      continue;
    }
    const entries = entriesOf(option, value);
    const fault = valueFault(option, entries);
    const metadata = entries.flatMap((entry) => METADATA_PATH.exec(entry)?.[0] ?? [])[0];
    if (metadata) add(name, 'It is the address of metadata.', `Leave ${metadata} out.`);
    else if (fault) add(name, fault, `Set it as the console shows it (${option.console}): ${option.example}`);
    else if (option.list) lists[name as PresetOptionName] = entries;
    else texts[name as PresetOptionName] = entries[0]!;
  }
  for (const [name, option] of Object.entries(preset.options)) {
    const isNeeded = option.required === true || option.required === mode;
    if (isNeeded && !given.some(([other]) => other === name))
      add(name, 'It is missing.', `Set it as the console shows it (${option.console}): ${option.example}`);
  }

  if (mode === 'remote' && preset.remoteNeeds?.includes('scopes') && !values.requiredScopes?.length)
    problems.push({
      setting: 'scopes.baseline',
      source: 'configuration',
      message: `${preset.title} refuses clients that ask for no scope, and they are told none.`,
      remedy: 'Name a scope that it knows, such as openid, or one of your API.',
    });

  const input: PresetInput = {
    clientId: values.clientId ?? '',
    ...(values.clientSecret === undefined ? {} : { clientSecret: values.clientSecret }),
    resource: values.resource,
    requiredScopes: values.requiredScopes ?? [],
    options: texts,
    lists,
  };
  for (const { option, message, remedy } of preset.conflicts?.(input) ?? []) {
    if (!problems.some(({ setting }) => setting === `${prefix}.${option}`)) add(option, message, remedy);
  }
  if (problems.length > 0) throw new OperatorError(problems);
  return input;
}

function registrationProblems(preset: Preset, mode: PresetMode, { clientId, clientSecret }: PresetValues) {
  const problems: [string, string, string][] = [];
  const { remoteNeeds = [] } = preset;
  const needsId = mode === 'proxy' || remoteNeeds.includes('clientId');
  const needsSecret =
    mode === 'proxy' ? preset.clientSecret === 'required' : remoteNeeds.includes('clientSecret');
  const register = `Set it as ${preset.title} shows it for the registration of this server.`;
  if (clientId === '') problems.push(['clientId', 'It is empty.', register]);
  if (clientId === undefined && needsId) problems.push(['clientId', 'It is missing.', register]);
  if (clientSecret === '')
    problems.push(['clientSecret', 'It is empty.', 'Set the secret, or leave it out.']);
  if (clientSecret === undefined && needsSecret) problems.push(['clientSecret', 'It is missing.', register]);
  if (clientSecret !== undefined && clientSecret !== '' && preset.clientSecret === 'none')
    problems.push(['clientSecret', `Nothing is asked of ${preset.title} with a secret.`, 'Remove it.']);
  return problems;
}

function optionOf(preset: Preset, name: string): PresetOption | undefined {
  return Object.hasOwn(preset.options, name) ? preset.options[name as PresetOptionName] : undefined;
}

function namesOf({ options }: Preset, prefix: string): string {
  const names = Object.keys(options).map((name) => `${prefix}.${name}`);
  return names.length === 0 ? 'none' : names.join(', ');
}

function entriesOf({ list, pattern }: PresetOption, value: Value): readonly string[] {
  const entries = typeof value !== 'string' ? value : list ? value.split(',') : [value];
  return entries.map((entry) => tidied(pattern, list ? entry.trim() : entry));
}

/** What people copy from the address line of a browser. */
function tidied(pattern: RegExp | undefined, entry: string): string {
  if (pattern === HOST)
    return entry
      .replace(/^https:\/\//i, '')
      .replace(/\/$/, '')
      .replace(/:443$/, '');
  return pattern === HTTPS_URL || pattern === WEB_URL ? entry.replace(/\/$/, '') : entry;
}

function valueFault({ list, pattern = /^\S+$/, example }: PresetOption, entries: readonly string[]) {
  if (entries.length === 0 || entries.includes('')) return 'It is empty.';
  if (!list && entries.length > 1) return 'It is a list, and can be one value only.';
  const wrong = entries.find((entry) => !pattern.test(entry));
  if (wrong === undefined) return undefined;
  const expected = EXPECTED.get(pattern);
  if (expected !== undefined) return `It is not ${expected}.`;
  return /\s/.test(wrong) ? 'It has a space in it.' : `It has another form than ${example}.`;
}

/** What the forms are called. */
const EXPECTED: ReadonlyMap<RegExp, string> = new Map([
  [HOST, 'a host alone, without a scheme before it and a path behind it'],
  [HTTPS_URL, 'an https address without a query and a fragment'],
  [WEB_URL, 'an https or http address without a query and a fragment'],
  [SEGMENT, 'a name alone, of letters, digits, dots and dashes'],
  [UUID, 'an id of five groups of hexadecimal digits, with dashes between'],
]);

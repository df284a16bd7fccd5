import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { GENERIC_WAYS, type GenericSetting } from './generic-ways.ts';
import { identityPlan } from './identity-plan.ts';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { GENERIC_PRESETS, type GenericPreset } from './names-preset.ts';
import { problemsOf } from './planned-settings.contract.ts';
import { resolveSettings, typedSettings } from './resolve.ts';
import { environmentName } from './row.ts';

const rows = new Map(Object.values(AUTH_SETTINGS).map((row) => [row.name as string, row]));

/** In place of examples that say where a value is, and not which. */
const VALUES: Readonly<Record<string, string>> = {
  'upstream.clientSecret': 'a-secret-of-more-than-32-characters',
  'introspection.clientSecret': 'a-secret-of-more-than-32-characters',
  'jwt.sharedSecret': 'a-secret-of-more-than-32-characters',
  'jwt.publicKey':
    '-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\\n-----END PUBLIC KEY-----',
};

/** How many ways in there are with these settings, each by its example, and what is wrong. */
function planned(id: GenericPreset, settings: readonly GenericSetting[]) {
  const values = settings.map(({ name }) => [environmentName(name), VALUES[name] ?? rows.get(name)!.example]);
  const environment = Object.fromEntries([['PORTCULLIS_UPSTREAM_PRESET', id], ...values]);
  const sources = { flags: {}, environment, folder: '/', files: memoryFiles() };
  const resolution = resolveSettings(AUTH_SETTINGS, sources);
  let ways = 0;
  const problems = problemsOf(() => {
    const { proxies, verifiers } = identityPlan(typedSettings(AUTH_SETTINGS, resolution));
    for (const proxy of proxies) providerSettings(proxy);
    ways = proxies.length + verifiers.length;
  });
  return { ways, problems: [...resolution.problems, ...problems].map(({ setting }) => setting) };
}

describe.each(GENERIC_PRESETS)('what is said of %s', (id) => {
  const { settings, verifiedHow, yields } = GENERIC_WAYS[id];
  const needed = settings.filter(({ need }) => need === 'needed');
  const choices = settings.filter(({ need }) => need === 'one of these');
  const enough = [...needed, ...choices.slice(0, 1)];

  it('names settings that there are', () => {
    const said = [...Object.values(yields), verifiedHow].flatMap((words) => [
      ...words.matchAll(/`((?:upstream|jwt|introspection)\.[\w.]+)`/g),
    ]);
    const names = [...settings.map(({ name }) => name), ...said.map((match) => match[1]!)];
    expect(names.filter((name) => !rows.has(name))).toEqual([]);
  });

  it('is enough with what is needed, and with each of those that one is needed of', () => {
    const ways = choices.length === 0 ? [needed] : choices.map((choice) => [...needed, choice]);
    for (const way of ways) expect(planned(id, way)).toEqual({ ways: 1, problems: [] });
    expect(planned(id, [...enough, ...settings.filter(({ need }) => need === 'optional')]).ways).toBe(1);
  });

  it('is not enough without any of them', () => {
    for (const { name } of enough) {
      const less = enough.filter((setting) => setting.name !== name);
      const { ways, problems } = planned(id, less);
      expect([name, ways === 0 || problems.length > 0]).toEqual([name, true]);
    }
  });
});

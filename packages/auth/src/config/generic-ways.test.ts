import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { GENERIC_WAYS, type GenericSetting } from './generic-ways.ts';
import { identityPlan } from './identity-plan.ts';
import { AUTH_SETTINGS } from './names.ts';
import { GENERIC_PRESETS, type GenericPreset } from './names-preset.ts';
import { problemsOf, settingsOf } from './planned-settings.contract.ts';

const rows = Object.values(AUTH_SETTINGS);
const rowOf = (name: string) => rows.find((row) => row.name === name);

/** Takes the place of examples that say where a value is, and not which. */
const SECRET = 'a-secret-of-more-than-32-characters';

/** As in the file of an operator: every setting by its example. */
function written(id: GenericPreset, settings: readonly GenericSetting[]): string {
  const lines = settings.map(({ name }) => {
    const { example, secret } = rowOf(name)!;
    return `${name}: ${JSON.stringify(secret || name.endsWith('Secret') ? SECRET : example)}`;
  });
  return [`upstream.preset: ${id}`, ...lines].join('\n');
}

/** How many ways in there are, and what is wrong. */
function planned(id: GenericPreset, settings: readonly GenericSetting[]) {
  let ways = 0;
  const problems = problemsOf(() => {
    const { proxies, verifiers } = identityPlan(settingsOf(nested(written(id, settings))));
    for (const proxy of proxies) providerSettings(proxy);
    ways = proxies.length + verifiers.length;
  });
  return { ways, problems: problems.map(({ setting }) => setting) };
}

/** `a.b: c` as the records that YAML has for it. */
function nested(lines: string): string {
  const root: Record<string, unknown> = {};
  for (const line of lines.split('\n')) {
    const at = line.indexOf(': ');
    const path = line.slice(0, at).split('.');
    const value = line.slice(at + 2);
    let here = root;
    for (const part of path.slice(0, -1)) here = (here[part] ??= {}) as Record<string, unknown>;
    here[path.at(-1)!] = value.startsWith('"') ? JSON.parse(value) : value;
  }
  return JSON.stringify(root);
}

describe.each(GENERIC_PRESETS)('what is said of %s', (id) => {
  const { settings, yields } = GENERIC_WAYS[id];
  const needed = settings.filter(({ need }) => need === 'needed');
  const choices = settings.filter(({ need }) => need === 'one of these');
  const enough = [...needed, ...choices.slice(0, 1)];

  it('names settings that there are', () => {
    const named = [...Object.values(yields), GENERIC_WAYS[id].verifiedHow]
      .flatMap((said) => [...said.matchAll(/`((?:upstream|jwt|introspection)\.[\w.]+)`/g)])
      .map((match) => match[1]!);
    const unknown = [...settings.map(({ name }) => name), ...named].filter((name) => !rowOf(name));
    expect(unknown).toEqual([]);
  });

  it('is enough with what is needed, and with each of those that one is needed of', () => {
    for (const choice of choices.length > 0 ? choices.slice(0, 1) : [undefined])
      expect(planned(id, choice ? [...needed, choice] : needed)).toEqual({ ways: 1, problems: [] });
  });

  it('is not enough without any of them', () => {
    for (const { name } of enough) {
      const { ways, problems } = planned(
        id,
        enough.filter((setting) => setting.name !== name),
      );
      expect([name, ways === 0 || problems.length > 0]).toEqual([name, true]);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { PRESET_OPTION_WORDS, type PresetOptionWords } from '../providers/preset-option-words.ts';
import { PRESETS } from '../providers/presets.ts';
import { memoryFiles } from './memory-files.ts';
import { PRESET_OPTION_ROWS, PRESET_ROWS } from './names-preset.ts';

const context = { folder: '/', files: memoryFiles() };

describe('settings of providers known by name', () => {
  it('have a row for each option of each, which takes its example and says where its console shows it', () => {
    for (const preset of PRESETS) {
      for (const [name, option] of Object.entries(preset.options)) {
        const row = Object.values(PRESET_OPTION_ROWS).find((each) => each.name === `upstream.${name}`)!;
        const value = option.list ? [option.example] : option.example;
        expect(row.type.read(option.example, context)).toEqual({ value });
        expect(row.description).toContain(`${preset.title}: ${option.console}`);
      }
    }
  });

  it('say first what an option means, and what goes wrong with that one', () => {
    const rows = Object.entries(PRESET_OPTION_WORDS).map(([name, words]) => {
      const row = Object.values(PRESET_OPTION_ROWS).find((each) => each.name === `upstream.${name}`)!;
      expect([name, row.description.startsWith(words.description), row.wrong]).toEqual([
        name,
        true,
        words.wrong,
      ]);
      return row;
    });
    expect(rows).toHaveLength(Object.keys(PRESET_OPTION_ROWS).length);
    for (const list of ['allowedTenants', 'hostedDomains', 'organizations'] as const)
      expect(PRESET_OPTION_ROWS[`upstream.${list}`].wrong).toMatch(/strangers/);
  });

  it('name every provider, and what is none', () => {
    for (const id of [...PRESETS.map((preset) => preset.id), 'oidc', 'oauth2', 'jwt', 'introspection'])
      expect(PRESET_ROWS['upstream.preset'].type.read(id, context)).toEqual({ value: id });
    expect(PRESET_ROWS['upstream.preset'].type.read('autho', context)).toHaveProperty('fault');
  });

  it('have options that are a list everywhere or nowhere', () => {
    for (const name of new Set(PRESETS.flatMap(({ options }) => Object.keys(options)))) {
      const kinds = PRESETS.flatMap(({ options }) => options[name as keyof typeof options] ?? []);
      const words: PresetOptionWords = PRESET_OPTION_WORDS[name as keyof typeof PRESET_OPTION_WORDS];
      for (const { list = false } of kinds) expect([name, list]).toEqual([name, words.list ?? false]);
    }
  });
});

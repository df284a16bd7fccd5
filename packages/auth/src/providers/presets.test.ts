import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PRESETS, presetNamed } from './presets.ts';

const here = new URL('.', import.meta.url);
const files = readdirSync(here)
  .filter((name) => /^[a-z0-9]+\.ts$/.test(name) && !name.startsWith('preset'))
  .map((name) => name.slice(0, -3));

describe('the table of presets', () => {
  it('has every file, and a file has every preset', () => {
    expect(PRESETS.map(({ id }) => id)).toEqual([...files].sort());
  });

  it.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s is a page of data', (id, preset) => {
    expect(readFileSync(new URL(`${id}.ts`, here), 'utf8').split('\n').length).toBeLessThanOrEqual(81);
    expect(presetNamed(id)).toBe(preset);
    for (const mode of preset.modes) expect(preset[mode], mode).toBeTypeOf('function');
    expect([preset.proxy, preset.remote].filter(Boolean)).toHaveLength(preset.modes.length);
    for (const [name, option] of Object.entries(preset.options)) {
      expect(option.example, name).toMatch(option.pattern ?? /^\S+$/);
      expect(option.console, name).not.toBe('');
    }
    expect(preset.documentation).toMatch(/^https:\/\//);
  });

  it('knows nothing else', () => {
    expect(presetNamed('preset')).toBeUndefined();
    expect(presetNamed('constructor')).toBeUndefined();
  });
});

import { memoryFiles } from '@portcullis/auth/config/memory-files';
import { resolveSettings } from '@portcullis/auth/config/resolve';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../settings/names.ts';
import { configJson, configList } from './config.ts';

const resolution = resolveSettings(SETTINGS, {
  flags: {},
  environment: {
    PORTCULLIS_PORT: '9',
    PORTCULLIS_UPSTREAM_TITLE: 'a\u202eb',
    PORTCULLIS_UPSTREAM_TOKEN_PARAMETERS: '{"audience": "hunter2"}',
  },
  folder: '/',
  files: memoryFiles(),
});

describe('configList', () => {
  const list = (options: { all?: boolean; outColour?: boolean } = {}) =>
    configList(resolution, { outColour: options.outColour ?? false, width: 100 }, options).split('\n');

  it('has a line for what was set, under the heading of its section, and a word of the others', () => {
    const lines = list();
    expect(lines.filter((line) => /^ {2}\S/.test(line))).toEqual([
      expect.stringMatching(/^ {2}port +9 +environment$/),
      expect.stringContaining('  upstream.title '),
      expect.stringContaining('  upstream.tokenParameters '),
    ]);
    expect(lines.slice(0, 2)).toEqual(['Server', expect.stringContaining('  port ')]);
    expect(lines.at(-2)).toBe(
      `3 set; ${Object.keys(SETTINGS).length - 3} have their defaults: --all prints them too.`,
    );
  });

  it('has a line for every setting when all are asked for, what was set first', () => {
    const lines = list({ all: true });
    for (const row of Object.values(SETTINGS))
      expect(lines.filter((line) => line.startsWith(`  ${row.name} `))).toHaveLength(1);
    const at = (name: string) => lines.findIndex((line) => line.startsWith(`  ${name} `));
    expect(at('upstream.title')).toBeLessThan(at('host'));
    expect(lines).toContain('Server (defaults)');
  });

  it('lets what was set stand out from the defaults', () => {
    const lines = list({ all: true, outColour: true });
    const dim = (name: string) => lines.find((line) => line.includes(`  ${name} `))!.startsWith('\u001b[2m');
    expect([dim('host'), dim('port')]).toEqual([true, false]);
  });

  it('shows neither secrets nor what could turn a line around', () => {
    const text = configList(resolution, { outColour: false, width: 100 });
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('\u202e');
  });
});

describe('configJson', () => {
  it('has every setting in the order of the table', () => {
    const parsed = JSON.parse(configJson(resolution)) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(Object.keys(SETTINGS));
    expect(parsed.port).toEqual({ value: 9, source: 'environment', env: 'PORTCULLIS_PORT' });
    expect(parsed.secret).toMatchObject({ value: null, source: 'default' });
  });
});

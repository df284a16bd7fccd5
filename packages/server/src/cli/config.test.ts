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
  it('has a line for every setting, under the heading of its section', () => {
    const lines = configList(resolution, { outColour: false, width: 100 }).split('\n');
    for (const row of Object.values(SETTINGS)) {
      expect(lines).toContain(row.section);
      expect(lines.filter((line) => line.startsWith(`  ${row.name} `))).toHaveLength(1);
    }
  });

  it('lets what was set stand out from the defaults', () => {
    const lines = configList(resolution, { outColour: true, width: 100 }).split('\n');
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

import { describe, expect, it } from 'vitest';
import { attributeProblems } from './attribution.ts';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { resolveSettings } from './resolve.ts';

const resolution = resolveSettings(AUTH_SETTINGS, {
  flags: {},
  environment: { PORTCULLIS_UPSTREAM_CLIENT_SECRET: 'x' },
  file: { label: 'p.yaml', folder: '/etc', text: 'upstream:\n  tokenParameters: {code: x}' },
  folder: '/',
  files: memoryFiles(),
});
const attributed = (setting: string) =>
  attributeProblems([{ setting, source: 'configuration', message: 'm', remedy: 'r' }], resolution)[0];

describe('attributeProblems', () => {
  it.each([
    ['upstream.clientSecret', 'PORTCULLIS_UPSTREAM_CLIENT_SECRET', 'environment'],
    ['upstream.tokenParameters.code', 'upstream.tokenParameters.code', 'p.yaml:2'],
    ['upstream.pkce', 'upstream.pkce', 'default'],
    ['folder of the store', 'folder of the store', 'configuration'],
  ])('%s was written as %s in %s', (name, setting, source) => {
    expect(attributed(name)).toEqual({ setting, source, message: 'm', remedy: 'r' });
  });

  it('keeps the file that a default leads to', () => {
    const problem = { setting: 'secretFile', source: '/home/a/secret', message: 'm', remedy: 'r' };
    expect(attributeProblems([problem], resolution)).toEqual([problem]);
  });
});

import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { resolveSettings, typedSettings } from './resolve.ts';
import { upstreamOptions } from './upstream-options.ts';

function options(upstream: string) {
  const file = { label: 'p.yaml', folder: '/etc', text: `upstream: ${upstream}` };
  const sources = { flags: {}, environment: {}, file, folder: '/', files: memoryFiles() };
  return upstreamOptions(typedSettings(AUTH_SETTINGS, resolveSettings(AUTH_SETTINGS, sources)).upstream);
}

describe('upstreamOptions', () => {
  it('is nothing without a provider', () => {
    expect(options('{pkce: on}')).toBeUndefined();
  });

  it('has the defaults that the provider has', () => {
    const { groupsClaim, keepClaims, title, ...ours } = providerSettings(
      options('{issuer: https://idp.example, clientId: me}')!,
    ) as ReturnType<typeof providerSettings> & Record<string, unknown>;
    const theirs = providerSettings({ issuer: 'https://idp.example', clientId: 'me' });
    expect(JSON.parse(JSON.stringify(ours))).toEqual(JSON.parse(JSON.stringify(theirs)));
    expect([groupsClaim, keepClaims, title]).toEqual(['groups', [], undefined]);
  });

  it('passes on what is set', () => {
    const set = options(
      '{issuer: https://idp.example, clientId: me, discovery: off, pkce: off, endpoints: {token: https://idp.example/t}}',
    );
    expect(set).toMatchObject({
      discovery: false,
      pkce: false,
      endpoints: { token: 'https://idp.example/t' },
      settingPrefix: 'upstream',
    });
  });
});

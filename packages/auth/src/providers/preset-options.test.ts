import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { introspectionVerifier } from '../verify/introspection.ts';
import { jwtVerifier } from '../verify/jwt.ts';
import { github } from './github.ts';
import type { Preset, PresetMode } from './preset.ts';
import { presetInput } from './preset-input.ts';
import { proxyOptions, remoteOptions } from './preset-options.ts';
import { PRESETS } from './presets.ts';
import { supabase } from './supabase.ts';

const resource = 'https://mcp.example.com/mcp';

/** Everything that is required, as the example has it. */
function exampleInput(preset: Preset, mode: PresetMode) {
  const options = Object.entries(preset.options)
    .filter(([, { required }]) => required === true || required === mode)
    .map(([name, { example }]) => [name, example] as const);
  return presetInput(preset, mode, {
    resource,
    requiredScopes: ['openid'],
    clientId: 'id',
    ...(preset.clientSecret === 'none' ? {} : { clientSecret: 'secret' }),
    options: Object.fromEntries(options),
  });
}

const all = PRESETS.flatMap((preset) => preset.modes.map((mode) => [preset.id, mode, preset] as const));

describe('the options that a preset stands for', () => {
  it.each(all)('%s (%s) can work, with the examples of its own page', (_id, mode, preset) => {
    const input = exampleInput(preset, mode);
    if (mode === 'proxy') {
      const options = proxyOptions(preset, input);
      expect(providerSettings(options)).toMatchObject({ clientId: 'id', clientSecret: 'secret' });
      expect(options.title).toBe(preset.title);
      return;
    }
    const { verifier, authorizationServers } = remoteOptions(preset, input);
    const parts = { resource, fetch: () => Promise.reject(new Error('nothing is asked here')) };
    const made =
      verifier.kind === 'jwt' ? jwtVerifier(verifier, parts) : introspectionVerifier(verifier, parts);
    expect(made.name).not.toBe('');
    expect(authorizationServers.every((server) => server.startsWith('https://'))).toBe(true);
  });

  it('are there only for the modes that the preset has', () => {
    expect(() => remoteOptions(github, exampleInput(github, 'proxy'))).toThrow('github has no remote mode');
    expect(() => proxyOptions(supabase, exampleInput(supabase, 'remote'))).toThrow(
      'supabase has no proxy mode',
    );
  });
});

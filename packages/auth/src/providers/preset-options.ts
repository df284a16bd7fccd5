import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import type { Preset, PresetInput, RemotePreset } from './preset.ts';

/** The options of the sign-in at a provider that is known by name. @throws TypeError for one without the mode */
export function proxyOptions(preset: Preset, input: PresetInput): UpstreamProviderOptions {
  if (!preset.proxy) throw new TypeError(`${preset.id} has no proxy mode.`);
  const { clientId, clientSecret } = input;
  return {
    title: preset.title,
    ...preset.proxy(input),
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
}

/** The verifier of its tokens, scopes spelled as we do, and what clients are told of it. @throws TypeError for one without the mode */
export function remoteOptions(preset: Preset, input: PresetInput): RemotePreset {
  if (!preset.remote) throw new TypeError(`${preset.id} has no remote mode.`);
  const remote = preset.remote(input);
  const { scopes, verifier } = remote;
  if (!scopes) return remote;
  const mapScopes = (found: readonly string[]) => found.map((scope) => scopes.toCanonical(scope));
  return { ...remote, verifier: { ...verifier, mapScopes } };
}

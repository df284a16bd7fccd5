import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import type { AuthSettings } from './names.ts';

/** The options of the sign-in at a provider, as the settings have them; `undefined` when no provider is set up. */
export function upstreamOptions(
  upstream: AuthSettings['upstream'],
): Omit<UpstreamProviderOptions, 'username'> | undefined {
  const { issuer, clientId, ...rest } = upstream;
  return issuer === undefined || clientId === undefined
    ? undefined
    : { ...rest, issuer, clientId, settingPrefix: 'upstream' };
}

// RFC 7009 §2.1: telling the provider that a session is over.
import * as oauth from 'oauth4webapi';
import type { Provider, ProviderTokens } from './provider.ts';

/**
 * Revokes the refresh token, or the access token where there is none. `false` when the provider has no such endpoint. Throws
 * `ProviderFault`.
 */
export async function revokeTokens(provider: Provider, tokens: ProviderTokens): Promise<boolean> {
  const metadata = provider.metadata();
  const { settings } = provider;
  const token = tokens.refreshToken ?? tokens.accessToken;
  const secrets = [token, settings.clientSecret ?? ''];
  const own = settings.revocationRequest?.(token, settings);
  if (own) {
    const { url, ...init } = own;
    await provider.call('revoke', secrets, ({ signal, [oauth.customFetch]: fetch }) =>
      fetch(url, { ...init, headers: { ...init.headers }, signal }),
    );
    return true;
  }
  if (!metadata.revocation_endpoint) return false;
  const hint = tokens.refreshToken === undefined ? 'access_token' : 'refresh_token';
  await provider.call('revoke', secrets, (options) =>
    oauth.revocationRequest(metadata, provider.client, provider.authentication(), token, {
      ...options,
      additionalParameters: { token_type_hint: hint },
    }),
  );
  return true;
}

// OpenID Connect RP-Initiated Logout 1.0 §2: where the browser goes to be logged out of the provider.
import type { Provider } from './provider.ts';

/** `undefined` when the provider has no such place. No token is sent along: none is kept for a browser, and an address gets into histories. */
export function logoutUrl(provider: Provider, request: { readonly returnTo: string }): string | undefined {
  const { settings } = provider;
  const { end_session_endpoint: endpoint } = provider.metadata();
  const { logoutReturnParameter = 'post_logout_redirect_uri' } = settings;
  if (endpoint === undefined || logoutReturnParameter === false) return undefined;
  const url = new URL(endpoint);
  url.searchParams.set('client_id', settings.clientId);
  url.searchParams.set(logoutReturnParameter, request.returnTo);
  return url.href;
}

import type {
  OAuthClientProvider,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/** What a client of the MCP SDK remembers of a login, in memory; the URL for the browser is kept for the test to walk. */
export function memoryProvider(redirectUrl: string): OAuthClientProvider & { authorizationUrl?: URL } {
  let information: StoredOAuthClientInformation | undefined;
  let tokens: StoredOAuthTokens | undefined;
  let verifier = '';
  return {
    redirectUrl,
    clientMetadata: { client_name: 'Test client', redirect_uris: [redirectUrl] },
    clientInformation: () => information,
    saveClientInformation(given) {
      information = given;
    },
    tokens: () => tokens,
    saveTokens(given) {
      tokens = given;
    },
    redirectToAuthorization(url) {
      this.authorizationUrl = url;
    },
    saveCodeVerifier(given) {
      verifier = given;
    },
    codeVerifier: () => verifier,
  };
}

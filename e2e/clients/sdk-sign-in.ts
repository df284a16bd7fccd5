import type { ConnectOptions } from './connection.ts';
import { ScriptedBrowser } from './scripted-browser.ts';

interface StoredClient {
  client_id: string;
  client_secret?: string;
  /** The second SDK keeps here whose credentials they are. */
  issuer?: string;
}

interface StoredTokens {
  access_token: string;
  token_type: string;
  refresh_token?: string;
}

interface DiscoveryState {
  authorizationServerUrl: string;
}

/** What both SDKs ask of an application that logs in: memory, and a browser. Fits the `OAuthClientProvider` of either. */
export function sdkSignIn({ mcpUrl, person, identification, browserFetch }: ConnectOptions) {
  const browser = new ScriptedBrowser(browserFetch);
  const redirectUrl = 'http://localhost:43210/callback';
  let client: StoredClient | undefined =
    identification?.kind === 'static'
      ? {
          client_id: identification.clientId,
          client_secret: identification.clientSecret,
          issuer: identification.issuer ?? new URL(mcpUrl).origin,
        }
      : undefined;
  let tokens: StoredTokens | undefined;
  let verifier = '';
  let answer: URL | undefined;
  let discovered: DiscoveryState | undefined;
  return {
    redirectUrl,
    clientMetadataUrl: identification?.kind === 'document' ? identification.url : undefined,
    clientMetadata: {
      client_name: 'SDK client',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    state: () => 'state-of-the-sdk',
    clientInformation: () => client,
    saveClientInformation: (next: StoredClient) => {
      client = next;
    },
    tokens: () => tokens,
    saveTokens: (next: StoredTokens) => {
      tokens = next;
    },
    async redirectToAuthorization(url: URL) {
      answer = await browser.walk(url.href, { person });
    },
    saveCodeVerifier: (next: string) => {
      verifier = next;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (next: DiscoveryState) => {
      discovered = next;
    },
    discoveryState: () => discovered,
    /** The query that the browser came back with. */
    answer(): URLSearchParams {
      if (!answer) throw new Error('The SDK sent nobody to the browser.');
      return answer.searchParams;
    },
  };
}

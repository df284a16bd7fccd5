import type http from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { oidcRecords } from './oidc-records.ts';

/** Claims by account id, which is also the `sub`: `{ 'u-1': { email: 'a@example.com', email_verified: true } }`. */
export type Accounts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface OidcClient {
  readonly client_id: string;
  readonly client_secret?: string;
  /** Default: `client_secret_basic` with a secret, `none` without. */
  readonly token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly redirect_uris: readonly string[];
  /** Where a browser may be sent after a log-out. Default: nowhere. */
  readonly post_logout_redirect_uris?: readonly string[];
}

export interface OidcProviderOptions {
  readonly accounts: Accounts;
  readonly clients: readonly OidcClient[];
  /** Default: any free one. */
  readonly port?: number;
  /** Default: 300. */
  readonly accessTokenTtlSeconds?: number;
  /** Claims of the scopes are in the ID token too, and not at `userinfo` alone. Default: `false`. */
  readonly claimsInIdToken?: boolean;
  /** Everybody is this account, and sees no page. Default: a form with the field `login`. */
  readonly alwaysSignedInAs?: string;
}

/** Paths of the provider, for `proxy.fail`. */
export const OIDC_PATHS = {
  discovery: '/.well-known/openid-configuration',
  authorization: '/auth',
  token: '/token',
  userinfo: '/me',
  revocation: '/token/revocation',
  keys: '/jwks',
} as const;

export interface RunningOidcProvider {
  readonly issuer: string;
  /** In front of the provider: requests seen, and faults on demand. */
  readonly proxy: FaultyProxy;
  readonly requests: FaultyProxy['requests'];
  /** How many requests of this grant reached the token endpoint. */
  tokenRequests(grantType: 'authorization_code' | 'refresh_token'): number;
  /** From now on the account does not exist: its refresh tokens get `invalid_grant`. */
  removeAccount(id: string): void;
  close(): Promise<void>;
}

/**
 * A real, certified OpenID provider in this process, behind a proxy that can make it look broken. It gives refresh tokens to every client,
 * and rotates them at each use. Sign-in is one form (`login` is an account id, or `deny`), without password and consent.
 */
export async function startOidcProvider(options: OidcProviderOptions): Promise<RunningOidcProvider> {
  const proxy = await startFaultyProxy(options.port);
  const removed = new Set<string>();
  const accounts = (id: string) => (removed.has(id) ? undefined : options.accounts[id]);
  const provider = new Provider(proxy.url, await configuration(options, accounts));
  const handle = provider.callback();
  proxy.passTo((request, response) => {
    const { pathname } = new URL(request.url ?? '/', proxy.url);
    if (!pathname.startsWith('/interaction/')) return handle(request, response);
    interact(provider, options, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  return {
    issuer: proxy.url,
    proxy,
    requests: proxy.requests,
    tokenRequests: (grantType) =>
      proxy.requests.filter((r) => r.path === OIDC_PATHS.token && r.form.get('grant_type') === grantType)
        .length,
    removeAccount: (id) => void removed.add(id),
    close: () => proxy.close(),
  };
}

async function configuration(
  options: OidcProviderOptions,
  accounts: (id: string) => Readonly<Record<string, unknown>> | undefined,
): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256', use: 'sig' };
  return {
    adapter: oidcRecords(),
    clients: options.clients.map((client) => ({
      token_endpoint_auth_method: client.client_secret === undefined ? 'none' : 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...client,
    })),
    jwks: { keys: [key] },
    cookies: { keys: ['only for tests'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username', 'groups'],
    },
    conformIdTokenClaims: !options.claimsInIdToken,
    findAccount: (_context: unknown, id: string) => {
      const claims = accounts(id);
      return claims && { accountId: id, claims: () => ({ ...claims, sub: id }) };
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    renderError(
      context: { type: string; body: string },
      shown: { error: string; error_description?: string },
    ) {
      context.type = 'text/plain';
      context.body = `${shown.error}: ${shown.error_description ?? ''}`;
    },
    pkce: { required: () => true },
    ttl: {
      AccessToken: options.accessTokenTtlSeconds ?? 300,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
  };
}

async function interact(
  provider: Provider,
  options: OidcProviderOptions,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  const login =
    request.method === 'POST' ? (await formFields(request)).get('login') : options.alwaysSignedInAs;
  if (login === undefined || login === null) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(LOGIN_PAGE);
    return;
  }
  if (login === 'deny') {
    const denied = { error: 'access_denied', error_description: 'the person said no' };
    await provider.interactionFinished(request, response, denied);
    return;
  }
  const grant = new provider.Grant({ accountId: login, clientId: details.params.client_id ?? '' });
  grant.addOIDCScope(details.params.scope ?? 'openid');
  const result = { login: { accountId: login }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const LOGIN_PAGE = `<!doctype html><title>Test provider</title>
<form method="post"><label>Account <input name="login" autofocus></label><button>Sign in</button></form>`;

async function formFields(request: http.IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

import Provider from 'oidc-provider';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';

type TokenKind = new (values: Readonly<Record<string, unknown>>) => { save(): Promise<string> };
interface TokenMaker extends Provider {
  readonly AccessToken: TokenKind;
  readonly RefreshToken: TokenKind;
  readonly Client: { find(id: string): Promise<unknown> };
}

/** A client that may ask, by the header. */
export const ASKING_CLIENT = { clientId: 'gate', clientSecret: 'only for tests: gate' } as const;
/** The same secret, in the body. */
export const ASKING_BY_POST = 'gate-post';

export interface IntrospectionProvider {
  readonly issuer: string;
  readonly endpoint: string;
  readonly proxy: FaultyProxy;
  /** A token of account `u-1` for the client `app` with the scopes `openid mcp:read`; `values` such as `aud` are added. */
  issue(kind: 'AccessToken' | 'RefreshToken', values?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Revokes a token as the client `app` would. */
  revoke(token: string): Promise<void>;
  close(): Promise<void>;
}

/** A certified provider in this process that answers introspection (RFC 7662) and revocation (RFC 7009). */
export async function startIntrospectionProvider(): Promise<IntrospectionProvider> {
  const proxy = await startFaultyProxy();
  const client = (id: string, secret: string, method: string) => ({
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: method,
    redirect_uris: ['https://app.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const provider = new Provider(proxy.url, {
    clients: [
      client(ASKING_CLIENT.clientId, ASKING_CLIENT.clientSecret, 'client_secret_basic'),
      client(ASKING_BY_POST, ASKING_CLIENT.clientSecret, 'client_secret_post'),
      client('app', 'only for tests: app', 'client_secret_basic'),
    ],
    cookies: { keys: ['only for tests'] },
    ttl: { AccessToken: 300, Grant: 86_400, RefreshToken: 86_400 },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
  }) as TokenMaker;
  proxy.passTo(provider.callback());
  return {
    issuer: proxy.url,
    endpoint: `${proxy.url}/token/introspection`,
    proxy,
    async issue(kind, values = {}) {
      const grant = new provider.Grant({ accountId: 'u-1', clientId: 'app' });
      grant.addOIDCScope('openid');
      const grantId = await grant.save();
      const app = await provider.Client.find('app');
      const common = {
        accountId: 'u-1',
        client: app,
        grantId,
        gty: 'authorization_code',
        scope: 'openid mcp:read',
      };
      return new provider[kind]({ ...common, ...values }).save();
    },
    async revoke(token) {
      const answer = await fetch(`${proxy.url}/token/revocation`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('app:only+for+tests%3A+app')}` },
        body: new URLSearchParams({ token }),
      });
      if (answer.status !== 200) throw new Error(`The revocation was answered with ${answer.status}.`);
    },
    close: () => proxy.close(),
  };
}

import { freePort } from '../servers/free-port.ts';
import { type RunningOidcProvider, startOidcProvider } from '../servers/oidc-provider.ts';
import { type PortcullisOptions, type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

export const CLIENT_SECRET = 'the-secret-of-this-server-at-the-provider';
export const DIRECT_CALLBACK = 'http://127.0.0.1:9/direct';

/** Two people of the provider. The name in the database is a claim of its own. */
const ACCOUNTS = {
  'u-1': { preferred_username: 'alice', name: 'Alice', email: 'alice@example.com', email_verified: true },
  'u-2': { preferred_username: 'bob', name: 'Bob', email: 'bob@example.com', email_verified: true },
};

export interface Behind {
  readonly provider: RunningOidcProvider;
  readonly port: number;
  /** Settings of a server in front of the provider, for further starts. */
  readonly options: PortcullisOptions;
  readonly server: RunningPortcullis;
}

/** A real provider, and a server in front of it. */
export async function startInFront(
  options: PortcullisOptions = {},
  provider: { readonly alwaysSignedInAs?: string } = {},
): Promise<Behind> {
  const port = await freePort();
  const behind = await startOidcProvider({
    accounts: ACCOUNTS,
    clients: [
      {
        client_id: 'portcullis',
        client_secret: CLIENT_SECRET,
        redirect_uris: [`http://localhost:${port}/auth/callback`],
      },
      { client_id: 'direct', redirect_uris: [DIRECT_CALLBACK] },
    ],
    ...provider,
  });
  const settings: PortcullisOptions = {
    ...options,
    port,
    env: {
      PORTCULLIS_UPSTREAM_ISSUER: behind.issuer,
      PORTCULLIS_UPSTREAM_CLIENT_ID: 'portcullis',
      PORTCULLIS_UPSTREAM_CLIENT_SECRET: CLIENT_SECRET,
      PORTCULLIS_UPSTREAM_TITLE: 'Example Login',
      PORTCULLIS_USERNAME_RULES: 'preferred_username',
      ...options.env,
    },
  };
  return { provider: behind, port, options: settings, server: await startPortcullis(settings) };
}

/** Is this our callback, with what the provider said? */
export const isCallback = (url: URL) => url.pathname === '/auth/callback';

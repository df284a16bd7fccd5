// The program on the other side of a login: `oidc-provider`, set up to do the same with as little work as it can.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { consentPage } from '@portcullis/auth/pages/consent-page';
import type { Page } from '@portcullis/auth/pages/page';
import { pageHeaders } from '@portcullis/auth/pages/page-headers';
import { signInPage } from '@portcullis/auth/pages/sign-in-page';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { CLIENT_ID, type Endpoints, REDIRECT_URI, SCOPE } from '../load/login.ts';
import { givenOptions, serveParent } from '../processes/serve-parent.ts';
import { countingStore } from '../stores/counting-store.ts';
import { oidcAdapter } from '../stores/oidc-adapter.ts';
import { openStore, type StoreName } from '../stores/open-store.ts';
import { listen } from './listen.ts';

const { store: storeName } = givenOptions<{ readonly store: StoreName }>();
const store = countingStore((await openStore(storeName)).store);

const HOUR = 3600;
const DAY = 86_400;

async function configuration(resource: string): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const resourceServer = {
    scope: SCOPE,
    audience: resource,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
  return {
    adapter: oidcAdapter(store),
    clients: [
      {
        client_id: CLIENT_ID,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['a key of the benchmark'] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => resourceServer,
      },
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    // As with ours: a refresh token for every client, new at each use, and none of it hangs on the cookie of a browser.
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    pkce: { required: () => true },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 60,
      Grant: 90 * DAY,
      Interaction: 600,
      RefreshToken: 30 * DAY,
      Session: DAY,
    },
  };
}

/** The same two pages as ours, made by the same functions: approve, then say who you are. Nothing is stored between the two. */
function listener(provider: Provider, resource: string): RequestListener {
  const handle = provider.callback();
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = request.method === 'POST' ? await formFields(request) : undefined;
    const accountId = form?.get('person');
    if (!accountId) {
      if (!form) await provider.interactionDetails(request, response);
      const page = form ? whoPage(request.url!) : approvePage(request.url!, resource);
      response.writeHead(page.status, pageHeaders(page)).end(page.html);
      return;
    }
    const grant = new provider.Grant({ accountId, clientId: CLIENT_ID });
    grant.addResourceScope(resource, SCOPE);
    const result = { login: { accountId }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  };
}

function approvePage(action: string, resource: string): Page {
  return consentPage({
    clientName: CLIENT_ID,
    clientKind: 'static',
    redirectHost: new URL(REDIRECT_URI).host,
    redirectUri: REDIRECT_URI,
    redirectKind: 'https',
    scopes: [{ name: SCOPE, description: 'Use the tools of this server, reading only' }],
    resource,
    resourceName: 'MCP server',
    signInTitles: [],
    action,
    hidden: {},
  });
}

function whoPage(action: string): Page {
  const people = ['alice', 'bob'].map((name) => ({ value: name, name }));
  return signInPage({ people, action, hidden: {}, developmentNotice: true });
}

async function formFields(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

const port = await listen(async (chosen) => {
  const origin = `http://localhost:${chosen}`;
  const resource = `${origin}/mcp`;
  return listener(new Provider(origin, await configuration(resource)), resource);
});
const endpoints: Endpoints = { origin: `http://localhost:${port}`, authorize: '/auth', token: '/token' };

serveParent({ port: () => port, endpoints: () => endpoints, operations: () => store.takeOperations() });

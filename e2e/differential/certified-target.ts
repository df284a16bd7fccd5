import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { errors } from 'oidc-provider';
import { plainClient } from '../clients/plain-client.ts';
import { rawRequest } from '../clients/raw-request.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { oidcRecords } from '../servers/oidc-records.ts';
import {
  closeAll,
  KNOWN,
  PEOPLE,
  publishedDocuments,
  redirectsOf,
  SCOPES,
  SECRET,
  serveOn,
} from './loopback-target.ts';
import type { Target } from './target.ts';

const SECURE_URL = 'https://as.example';

/** The lifetimes of ours, so that time makes no difference by itself. */
const TTL = {
  AccessToken: 3600,
  AuthorizationCode: 60,
  Grant: 90 * 86_400,
  IdToken: 3600,
  Interaction: 600,
  RefreshToken: 30 * 86_400,
  Session: 90 * 86_400,
};

type Documents = ReturnType<typeof publishedDocuments>;

/** A certified implementation, with everything switched on that we have too, and nothing else changed. */
export async function startCertifiedTarget(advance: Target['advance']) {
  const documents = publishedDocuments();
  const open = (issuer: string) => openProvider(issuer, documents);
  const root = await serveOn('', open);
  const below = await serveOn('/t1', async (issuer) => stripPath('/t1', await open(issuer)));
  const secure = await serveOn('', () => open(SECURE_URL));
  const target: Target = {
    issuer: root.issuer,
    resource: `${root.issuer}/mcp`,
    client: plainClient(root.issuer),
    belowPath: plainClient(below.issuer),
    known: KNOWN,
    newBrowser: () => new ScriptedBrowser(),
    advance,
    publish: documents.publish,
    opens: (publicUrl) =>
      open(publicUrl).then(
        () => true,
        () => false,
      ),
    async secureHeaders() {
      const path = '/.well-known/oauth-authorization-server';
      const port = Number(new URL(secure.issuer).port);
      const { headers } = await rawRequest({
        port,
        path,
        headers: { host: 'as.example', 'x-forwarded-proto': 'https' },
      });
      return new Headers(headers as Record<string, string>);
    },
  };
  return { target, close: () => closeAll([root.server, below.server, secure.server]) };
}

async function openProvider(issuer: string, documents: Documents): Promise<RequestListener> {
  const provider = new Provider(issuer, await configuration(issuer, documents));
  provider.proxy = true;
  const handle = provider.callback();
  return (request, response) => {
    if (!/^(?:\/t1)?\/interaction\//.test(request.url ?? '')) return handle(request, response);
    interact(provider, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  };
}

/** Mounts a provider below a path; the well-known names before that path are for whoever mounts it. */
function stripPath(path: string, handle: RequestListener): RequestListener {
  return (request, response) => {
    if (!request.url?.startsWith(`${path}/`)) return void response.writeHead(404).end();
    const mounted = Object.assign(request, { originalUrl: request.url, url: request.url.slice(path.length) });
    handle(mounted, response);
  };
}

async function configuration(issuer: string, documents: Documents): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256', use: 'sig' };
  const resource = `${issuer}/mcp`;
  return {
    adapter: oidcRecords(),
    clients: [
      ...Object.entries(KNOWN).map(([name, { id, secret }]) => ({
        client_id: id,
        client_secret: secret,
        redirect_uris: redirectsOf(name as keyof typeof KNOWN),
        application_type: name === 'public' ? 'native' : 'web',
        token_endpoint_auth_method: secret === undefined ? 'none' : `client_secret_${name}`,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      })),
      {
        client_id: 'resource-server',
        client_secret: SECRET,
        redirect_uris: [],
        grant_types: [],
        response_types: [],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['only for tests'] },
    scopes: [...Object.keys(SCOPES), 'offline_access'],
    findAccount: (_context: unknown, id: string) =>
      PEOPLE.some((person) => person === id) && { accountId: id, claims: () => ({ sub: id }) },
    fetch: async (url: string, init: RequestInit) => documents.answer(String(url)) ?? fetch(url, init),
    features: features(resource),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `${issuer}/interaction/${uid}` },
    issueRefreshToken: async (_context: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    pkce: { required: () => true },
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    routes: {
      authorization: '/authorize',
      introspection: '/introspect',
      jwks: '/jwks',
      registration: '/register',
      revocation: '/revoke',
      token: '/token',
    },
    ttl: TTL,
  };
}

function features(resource: string) {
  return {
    devInteractions: { enabled: false },
    clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
    introspection: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo(_context: unknown, indicator: string) {
        if (indicator !== resource) throw new errors.InvalidTarget();
        return {
          scope: Object.keys(SCOPES).join(' '),
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        };
      },
    },
  };
}

/** Sign-in and consent on one page with the fields of ours, so that the same scripted person gets through both. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const details = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  if (new URLSearchParams(body).get('action') !== 'approve') {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  const { client_id: clientId = '', scope = '' } = details.params;
  const grant = new provider.Grant({ accountId: PEOPLE[0], clientId });
  const scopes = scope || Object.keys(SCOPES)[0]!;
  grant.addOIDCScope(scopes);
  for (const resource of [details.params.resource ?? []].flat()) grant.addResourceScope(resource, scopes);
  const result = { login: { accountId: PEOPLE[0] }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const PAGE = `<!doctype html><title>Test provider</title>
<form method="post" action=""><button name="action" value="approve">Approve</button></form>`;

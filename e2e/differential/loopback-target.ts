/** What both sides of the comparison stand on: a server on a loopback port, documents of clients, and a clock that the test moves. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PublishedDocument, Target } from './target.ts';

export const PEOPLE = ['alice', 'bob'] as const;

export const SCOPES = { 'mcp:read': 'Read', 'mcp:write': 'Write' } as const;

export const SECRET = 'a-secret-of-more-than-32-characters';

const WEB_REDIRECTS = ['https://app.example/callback', 'https://app.example/other'];

/** Registered by hand at both, with the same ids, secrets and redirect URIs. */
export const KNOWN: Target['known'] = {
  public: { id: 'known-public', redirectUri: 'http://127.0.0.1/callback' },
  basic: { id: 'known-basic', secret: SECRET, redirectUri: 'https://basic.example/callback' },
  post: { id: 'known-post', secret: SECRET, redirectUri: 'https://post.example/callback' },
  web: { id: 'known-web', redirectUri: WEB_REDIRECTS[0]! },
};

export const redirectsOf = (name: keyof Target['known']) =>
  name === 'web' ? WEB_REDIRECTS : [KNOWN[name].redirectUri];

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve()),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Listens first, since an issuer must know its port. */
export async function serveOn(
  path: string,
  open: (issuer: string) => Promise<RequestListener>,
): Promise<{ readonly issuer: string; readonly server: Server }> {
  const server = createServer();
  const issuer = (await listen(server)) + path;
  server.on('request', await open(issuer));
  return { issuer, server };
}

export async function closeAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}

type Published = PublishedDocument | (() => PublishedDocument);

/** The documents that clients publish. Everything else goes the way the server under test guards by itself. */
export function publishedDocuments() {
  const documents = new Map<string, Published>();
  const fetched = new Map<string, number>();
  return {
    publish(url: string, document: Published) {
      documents.set(url, document);
      fetched.set(url, 0);
      return { fetches: () => fetched.get(url) ?? 0 };
    },
    answer(url: string): Response | undefined {
      const found = documents.get(url);
      if (!found) return undefined;
      fetched.set(url, (fetched.get(url) ?? 0) + 1);
      const {
        status = 200,
        headers = { 'content-type': 'application/json' },
        body,
      } = typeof found === 'function' ? found() : found;
      return new Response(body, { status, headers });
    },
  };
}

import { createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import { plainClient } from '../clients/plain-client.ts';
import { rawRequest } from '../clients/raw-request.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
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

type Closing = Awaited<ReturnType<typeof createAuth>>[];

/** Our issuer, as anybody would mount it. */
export async function startOurTarget(advance: Target['advance']) {
  const documents = publishedDocuments();
  const guarded = guardedFetch({ trust: 'stranger' });
  const opened: Closing = [];

  async function open(publicUrl: string) {
    const auth = await createAuth({
      publicUrl,
      scopes: SCOPES,
      issuer: {
        signIns: [developmentPeople({ people: PEOPLE.map((username) => ({ username })) })],
        clients: Object.entries(KNOWN).map(([name, { id, secret }]) => ({
          id,
          secret,
          redirectUris: redirectsOf(name as keyof typeof KNOWN),
        })),
        metadataDocuments: { fetch: async (url, init) => documents.answer(url) ?? guarded(url, init) },
        introspectionClients: [{ id: 'resource-server', secret: SECRET }],
      },
    });
    opened.push(auth);
    return nodeListener(auth, (_request, response) => void response.end());
  }

  const root = await serveOn('', open);
  const below = await serveOn('/t1', open);
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
      const { headers } = await rawRequest({ port, path, headers: { host: 'as.example' } });
      return new Headers(headers as Record<string, string>);
    },
  };
  return {
    target,
    close: async () => {
      await closeAll([root.server, below.server, secure.server]);
      await Promise.all(opened.map((auth) => auth.close()));
    },
  };
}

// draft-ietf-oauth-client-id-metadata-document §4, MCP 2026-07-28 client registration: clients that publish a document about themselves.
import { Refusal } from '../../core/refusal.ts';
import { isClientIdUrl, parseClientIdDocument } from '../../protocol/client-id-document.ts';
import type { Client, ClientSource } from './client.ts';

export interface DocumentClientsOptions {
  /**
   * The document at a URL as parsed JSON; also asked for the key set at the `jwks_uri` of a client. Throws `Refusal` (`client.metadata-unreachable`) when it can not be had. Guards against private
   * addresses, size and time, and keeps what it fetched: all that is `net/`.
   */
  readonly fetchDocument: (url: string) => Promise<unknown>;
}

export function documentClients(options: DocumentClientsOptions): ClientSource {
  return {
    async find(clientId) {
      if (!isClientIdUrl(clientId)) return undefined;
      const body = await options.fetchDocument(clientId);
      return toClient(clientId, body);
    },
  };
}

/** Documents by URL, from the operator's file: for networks without a way out. */
export function documentsFromFile(documents: Readonly<Record<string, unknown>>): DocumentClientsOptions {
  return {
    async fetchDocument(url) {
      if (!Object.hasOwn(documents, url))
        throw new Refusal('client.unknown', { clientId: url, why: 'not in the file of the setting cimd' });
      return documents[url];
    },
  };
}

function toClient(url: string, body: unknown): Client {
  const metadata = parseClientIdDocument(url, body);
  return {
    id: url,
    kind: 'document',
    name: metadata.clientName,
    redirectUris: metadata.redirectUris,
    authenticationMethod: metadata.tokenEndpointAuthMethod,
    keys: metadata.keys,
    grantTypes: metadata.grantTypes,
    hasSecret: () => false,
  };
}

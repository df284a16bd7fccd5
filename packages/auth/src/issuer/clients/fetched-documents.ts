// draft-ietf-oauth-client-id-metadata-document §4.4: documents over the network, with the last good copy of those that people approved.
import { Refusal } from '../../core/refusal.ts';
import { DocumentFault, type DocumentFetch } from '../../net/document-fetch.ts';
import { withStore } from '../../sessions/guarded-store.ts';
import type { Collection } from '../../store/collection.ts';
import type { DocumentClientsOptions } from './document-clients.ts';

/** Longer than a session lives by default, so that a client whose site is away can refresh to the end. */
const KEEP_SECONDS = 100 * 86_400;
/** Faults of the way, not of the document: somebody who tries again later may have luck. */
const PASSING: readonly string[] = ['unreachable', 'busy'];

/** May the same document be had later? RFC 9110 §15.6, RFC 6585 §4: a server in trouble says nothing about the client. */
export function mayPass({ kind, status }: DocumentFault): boolean {
  const troubled = status !== undefined && (status >= 500 || status === 429);
  return troubled || PASSING.includes(kind);
}

export interface FetchedDocuments extends DocumentClientsOptions {
  /** Keeps a copy of the document, now that somebody approved the client. Not before: a stranger could fill the store. */
  keep(url: string): Promise<void>;
}

export function fetchedDocuments(
  documents: DocumentFetch,
  copies: Collection<{ readonly body: unknown }>,
): FetchedDocuments {
  return {
    async fetchDocument(url) {
      try {
        return (await documents.get(url)).body;
      } catch (error) {
        if (!(error instanceof DocumentFault)) throw error;
        // 404 and 410 (RFC 9110 §15.5.5, §15.5.11): the client took itself back.
        const gone = error.status === 404 || error.status === 410;
        const copy = gone ? undefined : await withStore(() => copies.get(url));
        if (copy) return copy.value.body;
        const reason = mayPass(error) ? 'client.metadata-unreachable' : 'client.metadata-invalid';
        const { kind, message, retryAfterSeconds } = error;
        throw new Refusal(reason, { url, kind, message }, { cause: error, retryAfterSeconds });
      }
    },
    async keep(url) {
      const known = await documents.get(url).catch(() => undefined);
      documents.keep(url);
      if (known) await withStore(() => copies.put(url, { body: known.body }, KEEP_SECONDS));
    },
  };
}

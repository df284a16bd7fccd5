// RFC 7517 §5, RFC 7591 §2 `jwks_uri`: the keys of clients over the network, which strangers choose the address of.
import type { Clock } from '../../core/clock.ts';
import { Refusal } from '../../core/refusal.ts';
import { DocumentFault, type DocumentFetch } from '../../net/document-fetch.ts';
import { keptEntries } from '../../net/kept-entries.ts';
import { type PublicJwk, readKeySet } from '../../protocol/client-keys.ts';
import type { DocumentClientsOptions } from './document-clients.ts';
import { mayPass } from './fetched-documents.ts';

export interface FetchedKeySet {
  readonly keys: readonly PublicJwk[];
  /** Milliseconds since 1970. */
  readonly fetchedAt: number;
}

/** Where key sets come from. */
export interface KeySets {
  /**
   * The set at this address. `newerThan` (milliseconds since 1970): also ask when the one in memory was fetched at that time or before, but
   * not again within the cool-down. @throws Refusal `client.keys-unreachable`, `client.keys-invalid`
   */
  get(jwksUri: string, newerThan?: number): Promise<FetchedKeySet>;
  /** The set at this address proved an assertion: sets that never did neither push it out of memory, nor take its turn to be fetched. */
  keep(jwksUri: string): void;
}

/** How long keys are used on while their address does not answer: for so long, at most, a key still counts that was taken back. */
const MAX_STALE_SECONDS = 3600;
const MAX_REMEMBERED = { max: 500, maxKept: 500, maxKeptPerHost: 20 };

/** Over the network, with a cache of its own: key sets that are slow keep no metadata document waiting. */
export function fetchedKeySets(documents: DocumentFetch, clock: Clock): KeySets {
  const lastGood = keptEntries<FetchedKeySet>(MAX_REMEMBERED);

  return {
    async get(jwksUri, newerThan) {
      try {
        const { body, fetchedAt } = await documents.get(jwksUri, { newerThan });
        const set = { keys: usableKeys(jwksUri, body), fetchedAt };
        lastGood.set(jwksUri, set);
        return set;
      } catch (error) {
        const refusal = asRefusal(jwksUri, error);
        const known = lastGood.get(jwksUri);
        // Whoever publishes no good set any more took its keys back.
        if (refusal.reason !== 'client.keys-unreachable') lastGood.delete(jwksUri);
        else if (
          newerThan === undefined &&
          known &&
          clock.now() - known.fetchedAt <= MAX_STALE_SECONDS * 1000
        )
          return known;
        throw refusal;
      }
    },
    keep(jwksUri) {
      documents.keep(jwksUri);
      lastGood.keep(jwksUri);
    },
  };
}

function asRefusal(jwksUri: string, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof DocumentFault)) throw error;
  const { kind, message, retryAfterSeconds } = error;
  const reason = mayPass(error) ? 'client.keys-unreachable' : 'client.keys-invalid';
  return new Refusal(reason, { jwksUri, kind, message }, { cause: error, retryAfterSeconds });
}

/** From where the metadata documents are at hand. */
export function keySetsAtHand({ fetchDocument }: DocumentClientsOptions): KeySets {
  return {
    async get(jwksUri) {
      let body: unknown;
      try {
        body = await fetchDocument(jwksUri);
      } catch (error) {
        if (!(error instanceof Refusal) || !error.reason.startsWith('client.')) throw error;
        const reason =
          error.reason === 'client.metadata-unreachable' ? 'client.keys-unreachable' : 'client.keys-invalid';
        const { retryAfterSeconds } = error;
        throw new Refusal(reason, { ...error.detail, jwksUri }, { cause: error, retryAfterSeconds });
      }
      return { keys: usableKeys(jwksUri, body), fetchedAt: 0 };
    },
    keep() {},
  };
}

function usableKeys(jwksUri: string, body: unknown): readonly PublicJwk[] {
  const keys = readKeySet(body);
  if (typeof keys === 'string') throw new Refusal('client.keys-invalid', { jwksUri, why: keys });
  return keys;
}

import type { Clock } from '../../core/clock.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { documentFetch } from '../../net/document-fetch.ts';
import { withStore } from '../../sessions/guarded-store.ts';
import type { Records } from '../../store/sealed.ts';
import type { Client, ClientSource } from './client.ts';
import { clientAssertions } from './client-assertion.ts';
import type { ClientOptions } from './client-options.ts';
import { clientPolicy } from './client-policy.ts';
import { clientRegistry } from './client-registry.ts';
import { documentClients } from './document-clients.ts';
import { type FetchedDocuments, fetchedDocuments } from './fetched-documents.ts';
import { fetchedKeySets, type KeySets, keySetsAtHand } from './key-sets.ts';
import { type ClientRecord, registeredClients } from './registered-clients.ts';
import { selfDescribingIds } from './self-describing-id.ts';
import { staticClients } from './static-clients.ts';

const YEAR_SECONDS = 365 * 86_400;
const DAY_MILLISECONDS = 86_400_000;
/** Fetches at a time to one host, of 20: strangers choose where to, and one host that never answers must not hold them all. */
const MAX_CONCURRENT_PER_HOST = 4;
const MAX_KEY_SETS = 500;

export interface OpenClientsOptions {
  /** What the operator asked for. */
  readonly options: ClientOptions;
  /** The keys that seal and sign. */
  readonly keyRing: KeyRing;
  /** Our issuer, byte for byte. */
  readonly issuer: string;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Where they are kept, sealed. */
  readonly records: Records;
  /** Adds one to a counter in the store and returns the sum. */
  readonly count: (key: string, ttlSeconds: number) => Promise<number>;
}

/** Every kind of client the options allow. @throws OperatorError for a client or a rule that can not work */
export function openClients({ options, keyRing, issuer, clock, records, count }: OpenClientsOptions) {
  const clientRecords = records.collection<ClientRecord>('client');
  const clientIds = selfDescribingIds(keyRing, issuer);
  const registered = registeredClients({ ids: clientIds, records: clientRecords, count, now: clock.now });
  const { source: documents, keep, keySets } = documentSource(options, clock, records);
  const assertions = clientAssertions({ keySets, count, clock });
  const sources = [
    staticClients(options.clients ?? [], assertions),
    ...(options.registration === false ? [] : [registered]),
    ...(documents ? [documents] : []),
  ];
  const clients = clientRegistry(sources, clientPolicy(options.policy ?? {}));

  async function noteApproval(client: Client): Promise<void> {
    const now = clock.now();
    const held = await withStore(() => clientRecords.get(client.id));
    const last = held?.value.lastApprovedAt;
    if (last !== undefined && now - last < DAY_MILLISECONDS) return;
    const record: ClientRecord = {
      ...(held?.value ?? { clientId: client.id, kind: client.kind, name: client.name }),
      firstApprovedAt: held?.value.firstApprovedAt ?? now,
      lastApprovedAt: now,
    };
    await withStore(() => clientRecords.put(client.id, record, YEAR_SECONDS));
    if (client.kind === 'document') await keep?.(client.id);
  }
  return { clients, assertions, registered, clientIds, noteApproval };
}

function documentSource(
  options: ClientOptions,
  clock: Clock,
  records: Records,
): { source?: ClientSource; keep?: FetchedDocuments['keep']; keySets?: (kind: Client['kind']) => KeySets } {
  const { metadataDocuments } = options;
  if (metadataDocuments === undefined || metadataDocuments === 'off') return {};
  if ('fetchDocument' in metadataDocuments) {
    const atHand = keySetsAtHand(metadataDocuments);
    return { source: documentClients(metadataDocuments), keySets: () => atHand };
  }
  const shared = {
    fetch: metadataDocuments.fetch,
    clock,
    maxConcurrentPerHost: MAX_CONCURRENT_PER_HOST,
  };
  const fetched = fetchedDocuments(documentFetch(shared), records.collection('metadata-document'));
  const pool = () => fetchedKeySets(documentFetch({ ...shared, maxEntries: MAX_KEY_SETS }), clock);
  // Registering is free, and publishing a document nearly so: neither keeps the other waiting, nor clients of the operator.
  const pools = { registered: pool(), document: pool(), static: pool() };
  return { source: documentClients(fetched), keep: fetched.keep, keySets: (kind) => pools[kind] };
}

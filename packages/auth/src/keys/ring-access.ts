import { type Clock, nowSeconds } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import { OperatorError } from '../core/operator-error.ts';
import type { Random } from '../core/random.ts';
import type { MasterSecret, SecretOrigin } from './master-secret.ts';
import {
  newRingDocument,
  type RingDocument,
  unwrapRing,
  withFormerSecret,
  wrapRing,
} from './ring-document.ts';
import type { RingStorage } from './ring-storage.ts';

/** What it takes to read and to change the ring in the store. */
export interface RingAccess {
  readonly storage: RingStorage;
  readonly masterSecret: MasterSecret;
  /** The secret before this one, while a change of secret is under way. */
  readonly previousMasterSecret?: MasterSecret;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: EventSink;
  /** Name of this installation; a ring that was copied from another does not open. */
  readonly deployment: string;
  /** Where the master secret came from, for messages. Default: `master secret`, `unknown`. */
  readonly origin?: SecretOrigin;
}

/** The ring as it is in the store now. */
export interface StoredRing {
  readonly document: RingDocument;
  readonly version: string;
}

/** Somebody else may write at the same moment, but not for ever. */
const MAX_ATTEMPTS = 20;

/**
 * Reads the ring; makes it when there is none (of several processes that start together, one wins and all use its ring); wraps it anew when
 * only the previous master secret opens it.
 * @throws OperatorError when no given secret opens it.
 */
export async function openOrCreateRing(access: RingAccess): Promise<StoredRing> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await readRing(access);
    if (found?.wrappedBy === 'current') return found;
    if (found !== undefined) {
      if (
        await access.storage.replace(
          found.version,
          wrap(access, withFormerSecret(found.document, access.previousMasterSecret!)),
        )
      ) {
        access.onEvent({ type: 'notice', message: 'The key ring is now wrapped by the new master secret.' });
      }
      continue;
    }
    await access.storage.create(wrap(access, newRingDocument(nowSeconds(access.clock), access.random)));
  }
  throw new Error('The key ring keeps changing; it can not be opened.');
}

/** Reads the ring without changing anything; `undefined` when there is none. */
export async function readRing(
  access: RingAccess,
): Promise<(StoredRing & { readonly wrappedBy: 'current' | 'previous' }) | undefined> {
  const stored = await access.storage.load();
  if (stored === undefined) return undefined;
  const { version } = stored;
  const document = unwrapRing(stored.bytes, access.masterSecret, access.deployment);
  if (typeof document !== 'string') return { document, version, wrappedBy: 'current' };
  const previous =
    access.previousMasterSecret && unwrapRing(stored.bytes, access.previousMasterSecret, access.deployment);
  if (previous !== undefined && typeof previous !== 'string') {
    return { document: previous, version, wrappedBy: 'previous' };
  }
  throw cannotOpen(access, document === 'damaged' || previous === 'damaged');
}

/** Changes the ring in the store; `change` may be called again when somebody else wrote in between. */
export async function changeRing(
  access: RingAccess,
  change: (document: RingDocument) => RingDocument,
): Promise<RingDocument> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { document, version } = await openOrCreateRing(access);
    const changed = change(document);
    if (changed === document || (await access.storage.replace(version, wrap(access, changed))))
      return changed;
  }
  throw new Error('The key ring keeps changing; the change was not made.');
}

function wrap(access: RingAccess, document: RingDocument): Uint8Array {
  return wrapRing(document, access.masterSecret, access.deployment, access.random);
}

function cannotOpen(access: RingAccess, damaged: boolean): OperatorError {
  const origin = access.origin ?? { setting: 'master secret', source: 'unknown' };
  return new OperatorError([
    damaged
      ? {
          ...origin,
          message: 'The key ring in the store is damaged, or belongs to another deployment.',
          remedy: 'Restore the store from a backup, or check that the store belongs to this server.',
        }
      : {
          ...origin,
          message: 'The state was made with another master secret.',
          remedy:
            'Give the earlier secret as previousSecret until every process was started once, or begin with empty state: then everybody signs in again.',
        },
  ]);
}

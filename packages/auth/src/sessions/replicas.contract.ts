import { type ManualClock, manualClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import { systemRandom } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { openKeyRing } from '../keys/ring.ts';
import { memoryStore } from '../store/memory.ts';
import { ringStorage } from '../store/ring-storage.ts';
import { openRecords, type Records } from '../store/sealed.ts';
import type { Store } from '../store/store.ts';
import { DEFAULT_LIFETIMES, type Lifetimes } from './lifetimes.ts';
import type { Session, SessionRecord } from './session.ts';
import { type NewSession, Sessions } from './sessions.ts';
import { switchableStore } from './switchable-store.contract.ts';

export const ISSUER = 'https://auth.example.com';

export interface ReplicasOptions {
  readonly count?: number;
  readonly lifetimes?: Partial<Lifetimes>;
  readonly isConfigured?: (session: Session) => boolean;
  /** Wraps the store of each replica, to delay or to watch. */
  readonly wrap?: (store: Store) => Store;
}

/** Several processes on one store: each with its own key ring, its own caches, and the same clock. */
export async function openReplicas(options: ReplicasOptions = {}) {
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const onEvent = (event: AuthEvent) => events.push(event);
  const { store, control } = switchableStore(memoryStore({ clock }));
  const masterSecret = { bytes: systemRandom.bytes(32) };
  const replicas: Replica[] = [];
  for (let i = 0; i < (options.count ?? 2); i += 1) {
    replicas.push(await openReplica({ store, clock, masterSecret, onEvent, options }));
  }
  const [first, second] = replicas as [Replica, Replica];
  return { clock, events, store, control, replicas, first, second };
}

export interface Replica {
  readonly sessions: Sessions;
  readonly records: Records;
}

async function openReplica(parts: {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly masterSecret: { readonly bytes: Uint8Array };
  readonly onEvent: (event: AuthEvent) => void;
  readonly options: ReplicasOptions;
}): Promise<Replica> {
  const { clock, onEvent, masterSecret, options } = parts;
  const keyRing = await openKeyRing({
    storage: ringStorage(parts.store),
    masterSecret,
    deployment: 'test',
    clock,
    random: systemRandom,
    onEvent,
  });
  const store = options.wrap?.(parts.store) ?? parts.store;
  const records = openRecords(store, keyRing, { deployment: 'test', clock, onEvent });
  const sessions = new Sessions({
    collection: records.collection<SessionRecord>('session'),
    count: (key, ttlSeconds) => store.increment('counter', key, ttlSeconds),
    issuer: ISSUER,
    lifetimes: { ...DEFAULT_LIFETIMES, ...options.lifetimes },
    isConfigured: options.isConfigured ?? (() => true),
    clock,
    random: systemRandom,
    onEvent,
  });
  return { sessions, records };
}

let made = 0;

/** A session to start; every call another id. */
export function newSession(over: Partial<NewSession> = {}): NewSession {
  made += 1;
  return {
    id: String(made).padStart(22, 's'),
    identity: { issuer: 'https://idp.example.com', subject: 'alice' },
    clientId: 'client-1',
    redirectUri: 'https://app.example.com/callback',
    resource: 'https://auth.example.com/mcp',
    scopes: ['mcp:read'],
    signInId: 'idp',
    checkable: true,
    ...over,
  };
}

/** The reason of a refusal, or what came in its place. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

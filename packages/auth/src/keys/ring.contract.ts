import { manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import type { AuthEvent } from '../core/events.ts';
import { systemRandom } from '../core/random.ts';
import type { MasterSecret } from './master-secret.ts';
import type { RingAccess } from './ring-access.ts';
import type { RingStorage } from './ring-storage.ts';

export const secretOf = (fill: number): MasterSecret => ({ bytes: new Uint8Array(32).fill(fill) });
export const CONTEXT = ['deployment', 'session', 'key'];
export const VALUE = utf8('a value');

export interface Backend extends RingStorage {
  loads: number;
  bytes: Uint8Array | undefined;
}

/** One value with versions, as a store keeps it. */
function ringBackend(): Backend {
  let version = 0;
  return {
    loads: 0,
    bytes: undefined,
    async load() {
      this.loads += 1;
      return this.bytes && { bytes: this.bytes, version: String(version) };
    },
    async create(bytes) {
      if (this.bytes !== undefined) return false;
      this.bytes = bytes;
      version += 1;
      return true;
    },
    async replace(expected, bytes) {
      if (expected !== String(version)) return false;
      this.bytes = bytes;
      version += 1;
      return true;
    },
  };
}

export function setUp() {
  const storage = ringBackend();
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const access = (more: Partial<RingAccess> = {}): RingAccess => ({
    storage,
    masterSecret: secretOf(1),
    clock,
    random: systemRandom,
    onEvent: (event) => events.push(event),
    deployment: 'here',
    ...more,
  });
  return { storage, clock, events, access };
}

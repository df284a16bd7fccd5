import ipaddr from 'ipaddr.js';
import type { Clock } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';

export interface HoldingsOptions {
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Most that are held at a time, of all owners. */
  readonly max: number;
  /** Most of one owner. */
  readonly maxOfOne: number;
}

interface Held {
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/**
 * Counts, in one process, the records that strangers may have written without end, and refuses more than is good for the store. Keeps no
 * more than it counts.
 */
export function openHoldings({ clock, max, maxOfOne }: HoldingsOptions) {
  const held = new Map<string, Held>();
  const owners = new Map<string, number>();

  function remove(id: string): void {
    const owner = held.get(id)?.owner;
    if (owner === undefined) return;
    held.delete(id);
    const left = (owners.get(owner) ?? 1) - 1;
    if (left > 0) owners.set(owner, left);
    else owners.delete(owner);
  }

  /** The oldest come first. One that ends late, or a clock that was set back, may keep some for longer, and never lets more in. */
  function forgetEnded(now: number): void {
    for (const [id, { endsAt }] of held) {
      if (endsAt > now) return;
      remove(id);
    }
  }

  return {
    /** Before the record is written, which lives for so many seconds. `false`: it is held already. @throws Refusal `request.rate-limited` */
    add(id: string, owner: string, seconds: number): boolean {
      const now = clock.now();
      forgetEnded(now);
      if (held.has(id)) return false;
      const ofThisOwner = owners.get(owner) ?? 0;
      if (ofThisOwner >= maxOfOne || held.size >= max) {
        const detail = { held: held.size, ofThisOwner, owner: owner.slice(0, 200) };
        throw new Refusal('request.rate-limited', detail, { retryAfterSeconds: 60 });
      }
      held.set(id, { owner, endsAt: now + seconds * 1000 });
      owners.set(owner, ofThisOwner + 1);
      return true;
    },
    remove,
  };
}

export type Holdings = ReturnType<typeof openHoldings>;

/** The owner that an address stands for. RFC 6177 §2: whoever has one IPv6 address has a whole /64 of them. */
export function placeOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.IPv6.isValid(address)) return address ?? '';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':') : parsed.toString();
}

import ipaddr from 'ipaddr.js';
import type { Clock } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';

/** Approvals that wait for a sign-in, in one process. Anybody can make them, without end, and each is a record until it ends. */
const MAX_UNFINISHED = 20_000;
/** Of these, from one address: far more than people behind one address leave lying, far fewer than it takes to shut others out. */
const MAX_FROM_ONE_PLACE = 2000;

export interface UnfinishedOptions {
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Seconds until one that nobody finished counts no longer. */
  readonly seconds: number;
}

interface Waiting {
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export type Unfinished = ReturnType<typeof openUnfinished>;

/** Counts what was begun and not finished, and refuses more than is good for the store. Keeps no more than it counts. */
export function openUnfinished({ clock, seconds }: UnfinishedOptions) {
  const waiting = new Map<string, Waiting>();
  const places = new Map<string, number>();

  function remove(id: string): void {
    const place = waiting.get(id)?.place;
    if (place === undefined) return;
    waiting.delete(id);
    const left = (places.get(place) ?? 1) - 1;
    if (left > 0) places.set(place, left);
    else places.delete(place);
  }

  /** The oldest come first. A clock that was set back may keep some for longer, and never lets more in. */
  function forgetEnded(now: number): void {
    for (const [id, { endsAt }] of waiting) {
      if (endsAt > now) return;
      remove(id);
    }
  }

  return {
    /** Before the record is written. @throws Refusal `request.rate-limited` */
    add(id: string, address: string | undefined): void {
      const now = clock.now();
      forgetEnded(now);
      const place = placeOf(address);
      const fromThere = places.get(place) ?? 0;
      if (fromThere >= MAX_FROM_ONE_PLACE || waiting.size >= MAX_UNFINISHED) {
        const detail = { unfinished: waiting.size, fromThisPlace: fromThere, address };
        throw new Refusal('request.rate-limited', detail, { retryAfterSeconds: 60 });
      }
      waiting.set(id, { place, endsAt: now + seconds * 1000 });
      places.set(place, fromThere + 1);
    },
    remove,
  };
}

/** RFC 6177 §2: whoever has one IPv6 address has a whole /64 of them. */
function placeOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.IPv6.isValid(address)) return address ?? '';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':') : parsed.toString();
}

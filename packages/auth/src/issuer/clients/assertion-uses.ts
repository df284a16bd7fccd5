import type { Clock } from '../../core/clock.ts';
import { openHoldings, placeOf } from '../../sessions/holdings.ts';
import type { Client } from './client.ts';

/** Who proved an assertion, and from where. */
export interface AssertionSender {
  readonly clientId: string;
  readonly kind: Client['kind'];
  /** Address of the client, as far as trusted proxies tell. */
  readonly address: string | undefined;
}

/** Assertions that are remembered at a time, in one process, of clients of one kind: each is a record for up to 11 minutes. */
const MAX_USES = 50_000;
/** From one address: a hosted client may speak for everybody who uses it from one. With lives of a minute these are 50 a second. */
const MAX_FROM_ONE_PLACE = 5000;
/** Of one client, from all its addresses. */
const MAX_OF_ONE_CLIENT = 10_000;

/**
 * Bounds the records of used assertions. Registering a key is free, and so is proving it: whoever does nothing else fills no store. Clients
 * of different kinds do not crowd each other out, and those that the operator named are not bounded.
 */
export function assertionUses(clock: Clock) {
  const open = () => ({
    places: openHoldings({ clock, max: MAX_USES, maxOfOne: MAX_FROM_ONE_PLACE }),
    clients: openHoldings({ clock, max: MAX_USES, maxOfOne: MAX_OF_ONE_CLIENT }),
  });
  const pools = { registered: open(), document: open() };

  return {
    /** Before the record is written, which lives for so many seconds. Returns how to take it back. @throws Refusal `request.rate-limited` */
    add(id: string, { clientId, kind, address }: AssertionSender, seconds: number): () => void {
      if (kind === 'static') return () => {};
      const { places, clients } = pools[kind];
      if (!places.add(id, placeOf(address), seconds)) return () => {};
      try {
        clients.add(id, clientId, seconds);
      } catch (error) {
        places.remove(id);
        throw error;
      }
      return () => {
        places.remove(id);
        clients.remove(id);
      };
    },
  };
}

import type { Clock } from '../core/clock.ts';
import { openHoldings, placeOf } from './holdings.ts';

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

export type Unfinished = ReturnType<typeof openUnfinished>;

/** Counts what was begun and not finished, and refuses more than is good for the store. */
export function openUnfinished({ clock, seconds }: UnfinishedOptions) {
  const holdings = openHoldings({ clock, max: MAX_UNFINISHED, maxOfOne: MAX_FROM_ONE_PLACE });
  return {
    /** Before the record is written. @throws Refusal `request.rate-limited` */
    add(id: string, address: string | undefined): void {
      holdings.add(id, placeOf(address), seconds);
    },
    remove: holdings.remove,
  };
}

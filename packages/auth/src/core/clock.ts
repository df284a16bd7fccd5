/** Where the time comes from. Injected everywhere, so that no test waits and no rule reads the wall clock. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Whole seconds since 1970, as the `NumericDate` of RFC 7519 §2 counts them. */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** A clock that stands still until it is told to move: for tests and for rehearsals. */
export interface ManualClock extends Clock {
  advance(seconds: number): void;
  set(milliseconds: number): void;
}

export function manualClock(startMilliseconds = Date.UTC(2026, 0, 1)): ManualClock {
  let current = startMilliseconds;
  return {
    now: () => current,
    advance(seconds) {
      current += seconds * 1000;
    },
    set(milliseconds) {
      current = milliseconds;
    },
  };
}

/**
 * However many ask for the same key at the same time, the work is done once and all get its outcome, success or failure alike. When it is
 * done the key is free again: nothing is remembered.
 */
export interface SingleFlight<T> {
  run(key: string, work: () => Promise<T>): Promise<T>;
  /** Is this key being worked on? */
  has(key: string): boolean;
  /** How many keys are being worked on. */
  readonly size: number;
}

export function singleFlight<T>(): SingleFlight<T> {
  const running = new Map<string, Promise<T>>();
  return {
    run(key, work) {
      const already = running.get(key);
      if (already) return already;
      // The work starts in a later turn, so that even one that throws at once finds its key taken.
      const flight = Promise.resolve()
        .then(work)
        .finally(() => running.delete(key));
      running.set(key, flight);
      return flight;
    },
    has: (key) => running.has(key),
    get size() {
      return running.size;
    },
  };
}

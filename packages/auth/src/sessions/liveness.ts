import type { Clock } from '../core/clock.ts';
import type { Held } from '../store/collection.ts';
import type { SessionRecord } from './session.ts';

/** Absent is believed for a shorter time: a session that was just made in another process must not wait. */
const MAX_ABSENT_SECONDS = 2;
const MAX_ENTRIES = 50_000;

export interface LivenessOptions {
  /** Reads a session from the store, authoritatively. */
  readonly read: (id: string) => Promise<Held<SessionRecord> | undefined>;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** How long what was read counts. */
  readonly livenessSeconds: number;
}

interface Entry {
  readonly record: SessionRecord | undefined;
  readonly readAt: number;
  readonly forMilliseconds: number;
}

export type Liveness = ReturnType<typeof openLiveness>;

/** Sessions as they were a moment ago, so that the guarded path reads the store at most once in that moment. */
export function openLiveness(options: LivenessOptions) {
  const { clock } = options;
  const entries = new Map<string, Entry>();
  const reading = new Map<string, Promise<SessionRecord | undefined>>();

  function remember(id: string, record: SessionRecord | undefined): void {
    const seconds = record ? options.livenessSeconds : Math.min(MAX_ABSENT_SECONDS, options.livenessSeconds);
    entries.delete(id);
    if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value!);
    entries.set(id, { record, readAt: clock.now(), forMilliseconds: seconds * 1000 });
  }

  /** An entry that still counts. One from the future does not: the clock was set back since. */
  function fresh(id: string): Entry | undefined {
    const entry = entries.get(id);
    if (!entry) return undefined;
    const age = clock.now() - entry.readAt;
    return age >= 0 && age < entry.forMilliseconds ? entry : undefined;
  }

  /** What is known without asking; `undefined` also when it is known to be absent. */
  function peek(id: string): SessionRecord | undefined {
    return fresh(id)?.record;
  }

  async function look(id: string): Promise<SessionRecord | undefined> {
    const known = fresh(id);
    if (known) return known.record;
    const entry = entries.get(id);
    let pending = reading.get(id);
    if (!pending) {
      pending = options.read(id).then(
        (held) => {
          // A write or an end of this process that came while we read is newer than what we read.
          if (reading.delete(id) && entries.get(id) === entry) remember(id, held?.value);
          return entries.get(id)?.record;
        },
        (error: unknown) => {
          reading.delete(id);
          throw error;
        },
      );
      reading.set(id, pending);
    }
    return pending;
  }

  return { remember, peek, look };
}

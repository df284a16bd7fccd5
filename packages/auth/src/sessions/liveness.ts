import type { Clock } from '../core/clock.ts';
import type { Held } from '../store/collection.ts';
import { isLive, type SessionRecord } from './session.ts';

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

/** Opaque. */
type Mark = Entry | null;

interface Reading {
  readonly since: Mark;
  readonly record: Promise<SessionRecord | undefined>;
}

export type Liveness = ReturnType<typeof openLiveness>;

/** Sessions as they were a moment ago, so that the guarded path reads the store at most once in that moment. */
export function openLiveness(options: LivenessOptions) {
  const { clock } = options;
  const entries = new Map<string, Entry>();
  const reading = new Map<string, Reading>();

  /**
   * `since`: the mark that was taken before the write which made this record. Who wrote meanwhile may have written before us or after us, so
   * that nobody here knows what the store has now: the next look asks it.
   */
  function remember(id: string, record: SessionRecord | undefined, since: Mark = mark(id)): void {
    const known = fresh(id)?.record;
    // Ended is ended: a write that came before it, and is told after it, changes nothing.
    if (known && !isLive(known) && (!record || isLive(record))) return;
    keep(id, record, since === mark(id));
  }

  function keep(id: string, record: SessionRecord | undefined, counts: boolean): void {
    const seconds = record ? options.livenessSeconds : Math.min(MAX_ABSENT_SECONDS, options.livenessSeconds);
    entries.delete(id);
    if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value!);
    entries.set(id, { record, readAt: clock.now(), forMilliseconds: counts ? seconds * 1000 : 0 });
  }

  /** What is known of a session at this moment, to be held against what is known later. */
  function mark(id: string): Mark {
    return entries.get(id) ?? null;
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
    const since = mark(id);
    const running = reading.get(id);
    // A read that began before the last write is not for those who come after it.
    if (running?.since === since) return running.record;
    const record = read(id, since);
    reading.set(id, { since, record });
    return record;
  }

  async function read(id: string, since: Mark): Promise<SessionRecord | undefined> {
    try {
      const held = await options.read(id);
      // A write or an end of this process that came while we read is newer than what we read.
      if (mark(id) === since) remember(id, held?.value);
      const known = fresh(id);
      return known ? known.record : held?.value;
    } finally {
      if (reading.get(id)?.since === since) reading.delete(id);
    }
  }

  return { remember, mark, peek, look };
}

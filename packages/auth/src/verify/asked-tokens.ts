import type { Clock } from '../core/clock.ts';
import { sha256Text } from '../core/encoding.ts';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { singleFlight } from '../core/single-flight.ts';

export interface AskedTokenOptions<T> {
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Asks about one token. Throws `Refusal`: a 401 is what is known of the token; anything else says nothing about it, and is not kept. */
  readonly ask: (token: string) => Promise<T>;
  /** Until when an answer may be kept at most, seconds since 1970. */
  readonly endOf: (answer: T) => number;
  /** Seconds an answer is kept. 0: not at all. */
  readonly cacheSeconds: number;
  /** Seconds a refused token is kept as such. 0: not at all. */
  readonly refusedCacheSeconds: number;
  /** Tokens kept at most, good and refused each; the oldest goes first. */
  readonly maxTokens: number;
  /** Tokens asked about at the same time; one more is told to come back. */
  readonly maxConcurrent: number;
}

interface Kept<T> {
  readonly value: T;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** How soon a token that found no free place may come back. */
const BUSY_SECONDS = 1;

/**
 * Answers about tokens, each asked for once in its time however many requests wait for it. Tokens are kept as their hash. The answer comes
 * at once when it is known. Refused tokens have a room of their own, so that a flood of forged ones pushes no good one out.
 */
export function askedTokens<T>(options: AskedTokenOptions<T>): (token: string) => T | Promise<T> {
  const { clock, maxTokens } = options;
  const good = keep<T>(clock, maxTokens);
  const refused = keep<Refusal>(clock, maxTokens);
  const flights = singleFlight<T>();

  async function ask(token: string, key: string): Promise<T> {
    const askedAt = clock.now();
    try {
      const answer = await options.ask(token);
      const until = Math.min(askedAt + options.cacheSeconds * 1000, options.endOf(answer) * 1000);
      good.set(key, { value: answer, until });
      return answer;
    } catch (error) {
      good.delete(key);
      if (error instanceof Refusal && REFUSALS[error.reason].status === 401)
        refused.set(key, { value: error, until: askedAt + options.refusedCacheSeconds * 1000 });
      throw error;
    }
  }

  return (token) => {
    const key = sha256Text(token);
    const known = good.get(key);
    if (known !== undefined) return known.value;
    const bad = refused.get(key);
    if (bad !== undefined) return Promise.reject(bad.value);
    if (flights.size >= options.maxConcurrent && !flights.has(key))
      return Promise.reject(
        new Refusal(
          'verifier.unavailable',
          { why: `${flights.size} tokens are being asked about` },
          { retryAfterSeconds: BUSY_SECONDS },
        ),
      );
    return flights.run(key, () => ask(token, key));
  };
}

function keep<T>(clock: Clock, maxEntries: number) {
  const entries = new Map<string, Kept<T>>();
  return {
    get(key: string): Kept<T> | undefined {
      const entry = entries.get(key);
      if (entry === undefined || entry.until > clock.now()) return entry;
      entries.delete(key);
      return undefined;
    },
    set(key: string, entry: Kept<T>): void {
      if (entry.until <= clock.now()) return;
      entries.delete(key);
      if (entries.size >= maxEntries) entries.delete(entries.keys().next().value!);
      entries.set(key, entry);
    },
    delete: (key: string) => entries.delete(key),
  };
}

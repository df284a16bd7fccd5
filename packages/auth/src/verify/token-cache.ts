import { hash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { VerifiedToken } from './verifier.ts';

export interface TokenCacheOptions {
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Tokens remembered at most; the oldest goes first. Default 10,000. */
  readonly maxTokens?: number;
}

/** Tokens that were verified, under the hash of the header they came in, for one gate and audience; each until it expires. */
export function tokenCache(options: TokenCacheOptions) {
  const { clock, maxTokens = 10_000 } = options;
  const entries = new Map<string, VerifiedToken>();
  // Its 32 bytes as they are: the shortest text there is.
  const keyOf = (header: string) => hash('sha256', header, 'binary');

  return {
    get(header: string): VerifiedToken | undefined {
      const key = keyOf(header);
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expiresAt * 1000 > clock.now()) return entry;
      entries.delete(key);
      return undefined;
    },
    set(header: string, verified: VerifiedToken): void {
      if (entries.size >= maxTokens) entries.delete(entries.keys().next().value!);
      entries.set(keyOf(header), verified);
    },
    /** After a change of keys or configuration. */
    clear: () => entries.clear(),
  };
}

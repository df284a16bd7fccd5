import { hash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { VerifiedToken } from './verifier.ts';

export interface TokenCacheOptions {
  readonly clock: Clock;
  /** Tokens remembered at most; the oldest goes first. Default 10,000. */
  readonly maxTokens?: number;
}

/** Tokens that were verified, under their hash, for one gate and audience; each until it expires. */
export function tokenCache(options: TokenCacheOptions) {
  const { clock, maxTokens = 10_000 } = options;
  const entries = new Map<string, VerifiedToken>();
  const keyOf = (token: string) => hash('sha256', token, 'base64');

  return {
    get(token: string): VerifiedToken | undefined {
      const key = keyOf(token);
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expiresAt * 1000 > clock.now()) return entry;
      entries.delete(key);
      return undefined;
    },
    set(token: string, verified: VerifiedToken): void {
      if (entries.size >= maxTokens) entries.delete(entries.keys().next().value!);
      entries.set(keyOf(token), verified);
    },
    /** After a change of keys or configuration. */
    clear: () => entries.clear(),
  };
}

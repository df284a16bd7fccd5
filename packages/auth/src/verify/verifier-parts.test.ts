import { describe, expect, it } from 'vitest';
import type { AuthEvent } from '../core/events.ts';
import { type FaultKind, ProviderFault } from '../upstream/provider-fault.ts';
import { completeParts, unavailable } from './verifier-parts.ts';

describe('a provider that can not say', () => {
  it.each(['unavailable', 'misconfigured', 'ended', 'invalid'] as const)(
    'is 503 for %s, and an event',
    (kind: FaultKind) => {
      const events: AuthEvent[] = [];
      const fault = new ProviderFault(kind, 'introspection', { status: 500 }, { retryAfterSeconds: 12 });
      const refusal = unavailable('v', fault, (event) => void events.push(event));
      expect(refusal).toMatchObject({
        reason: 'verifier.unavailable',
        retryAfterSeconds: 12,
        detail: { tokensOf: 'v', operation: 'introspection', status: 500 },
      });
      // No session ends for what a provider says of a bearer token.
      const told = kind === 'ended' ? 'invalid' : kind;
      expect(events).toEqual([
        {
          type: 'upstream.failed',
          signIn: 'v',
          operation: 'introspection',
          kind: told,
          detail: { status: 500 },
        },
      ]);
    },
  );

  it('is tried again in a while that we choose, when it does not', () => {
    const { onEvent } = completeParts({ fetch: () => Promise.reject(new Error('not asked')) });
    expect(unavailable('v', new ProviderFault('unavailable', 'keys', {}), onEvent).retryAfterSeconds).toBe(5);
  });
});

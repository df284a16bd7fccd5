import { type Clock, systemClock } from '../core/clock.ts';
import { type EventSink, ignoreEvents } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import { Refusal } from '../core/refusal.ts';
import type { ProviderFault } from '../upstream/provider-fault.ts';

/** What a verifier works with. */
export interface VerifierParts {
  /** The way out, for verifiers that ask a provider. Must not follow redirects: a request may carry a secret. */
  readonly fetch: Fetch;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Told of every provider that could not be asked. Default: nobody. */
  readonly onEvent?: EventSink;
}

export function completeParts({ fetch, clock = systemClock, onEvent = ignoreEvents }: VerifierParts) {
  return { fetch, clock, onEvent };
}

/** How long a client waits before it tries again, when the provider did not say. */
const RETRY_AFTER_SECONDS = 5;

/**
 * A provider that does not answer as it should says nothing about the token: whatever went wrong, nobody is logged out for it. The operator
 * is told, because some of it only they can mend.
 */
export function unavailable(verifier: string, fault: ProviderFault, onEvent: EventSink): Refusal {
  const { operation, kind, detail, retryAfterSeconds = RETRY_AFTER_SECONDS } = fault;
  onEvent({
    type: 'upstream.failed',
    signIn: verifier,
    operation,
    kind: kind === 'ended' ? 'invalid' : kind,
    detail,
  });
  return new Refusal(
    'verifier.unavailable',
    { tokensOf: verifier, operation, kind, ...detail },
    { cause: fault, retryAfterSeconds },
  );
}

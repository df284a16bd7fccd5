import type { RefusalReason } from './refusal-reasons.ts';

/**
 * A request that is turned down. `reason` decides what the client sees (`refusal-reasons.ts`); `detail` is for the log alone:
 * what was seen, what was expected. It must hold no secret.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Seconds, for `Retry-After`. */
  readonly retryAfterSeconds?: number;

  constructor(
    reason: RefusalReason,
    detail: Readonly<Record<string, unknown>> = {},
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.detail = detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

// RFC 6749 §5.2: error responses of a token endpoint, and what they mean for a person who is signed in.
import { isObject, parseJson } from '../core/json-text.ts';

/**
 * `unavailable`: nobody can tell now; ask again. `misconfigured`: only the operator can mend it; nobody is logged out. `ended`: the provider
 * says that this grant is over. `invalid`: an answer that breaks the rules, and is never acted on.
 */
export type FaultKind = 'unavailable' | 'misconfigured' | 'ended' | 'invalid';

export type ProviderOperation =
  | 'discovery'
  | 'keys'
  | 'authorization'
  | 'code-exchange'
  | 'userinfo'
  | 'refresh'
  | 'revoke'
  | 'introspection'
  | 'token-check';

/** An identity provider did not do what it was asked. `detail` holds no secret; its texts are made printable and short. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  readonly kind: FaultKind;
  readonly operation: ProviderOperation;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Seconds, when the provider said how long to wait. */
  readonly retryAfterSeconds?: number;

  constructor(
    kind: FaultKind,
    operation: ProviderOperation,
    detail: Readonly<Record<string, unknown>>,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(`${operation}: ${kind}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.operation = operation;
    this.detail = Object.fromEntries(
      Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? shown(value) : value]),
    );
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** An answer as it came in, read to the end. */
export interface ProviderAnswer {
  readonly status: number;
  /** Lower case, without parameters; empty when the header is absent. */
  readonly contentType: string;
  readonly text: string;
  readonly retryAfter: string | null;
  /** All headers, for providers that say things in them. */
  readonly headers?: Headers;
}

const MAX_RETRY_AFTER_SECONDS = 3600;

const UNAVAILABLE_ERRORS: ReadonlySet<string> = new Set([
  'temporarily_unavailable',
  'server_error',
  'slow_down',
]);

/** What an OAuth error code means, wherever it stands. */
export function kindOfError(error: string): FaultKind {
  if (UNAVAILABLE_ERRORS.has(error)) return 'unavailable';
  return error === 'invalid_grant' ? 'ended' : 'misconfigured';
}

/**
 * What is wrong with an answer; `undefined` when it is a success. The status comes first: a provider that is falling over may say anything.
 * An error in the body of a 200 counts as one, because some providers answer so.
 */
export function faultOfAnswer(
  operation: ProviderOperation,
  answer: ProviderAnswer,
  secrets: readonly string[] = [],
): ProviderFault | undefined {
  const { status } = answer;
  const body = parseJson(answer.text);
  const error =
    isObject(body) && typeof body.error === 'string' && body.error !== '' ? body.error : undefined;
  const succeeded = status >= 200 && status < 300;
  if (succeeded && error === undefined) return undefined;
  const description = isObject(body) ? body.error_description : undefined;
  const detail = {
    status,
    ...(status >= 300 && status < 400 ? { why: 'it redirects, and redirects are not followed' } : {}),
    ...(answer.contentType ? { contentType: shown(answer.contentType, secrets) } : {}),
    ...(error === undefined ? {} : { error: shown(error, secrets) }),
    ...(typeof description === 'string' ? { description: shown(description, secrets) } : {}),
  };
  const kind =
    kindOfStatus(status) ??
    (error === undefined
      ? 'misconfigured'
      : operation === 'refresh' && isDeadRefreshToken(error, description)
        ? 'ended'
        : kindOfError(error));
  return new ProviderFault(kind, operation, detail, { retryAfterSeconds: retryAfter(answer.retryAfter) });
}

/**
 * Dex says `invalid_request` of a refresh token that is revoked, used up or expired, where §5.2 has `invalid_grant`. Its words tell this
 * apart from a request that is really wrong, for which nobody must be logged out. Seen 2026-11-20.
 */
function isDeadRefreshToken(error: string, description: unknown): boolean {
  return (
    error === 'invalid_request' &&
    typeof description === 'string' &&
    /^refresh token (?:is invalid|expired)\b/i.test(description)
  );
}

function kindOfStatus(status: number): FaultKind | undefined {
  return status === 408 || status === 425 || status === 429 || status >= 500 ? 'unavailable' : undefined;
}

/** RFC 9110 §10.2.3, the form in seconds alone: a date would need to trust the clock of the provider. */
function retryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), MAX_RETRY_AFTER_SECONDS);
}

/** A text of the provider for the log: printable, short, and without what we sent it. */
export function shown(text: string, secrets: readonly string[] = []): string {
  let out = text;
  for (const secret of secrets) if (secret !== '') out = out.replaceAll(secret, '[redacted]');
  return out.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

/** A value of any kind for the log, where a text was expected. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return shown(value);
  if (value === undefined || value === null) return 'none';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

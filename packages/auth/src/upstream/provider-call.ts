import * as oauth from 'oauth4webapi';
import type { Fetch } from '../core/fetch.ts';
import { FetchFault } from '../net/fetch-fault.ts';
import {
  faultOfAnswer,
  type ProviderAnswer,
  ProviderFault,
  type ProviderOperation,
  shown,
} from './provider-fault.ts';

const MAX_ANSWER_BYTES = 1024 * 1024;

/** What `oauth4webapi` takes as the options of any request it makes. */
export interface ProviderRequest {
  readonly headers?: Record<string, string>;
  readonly signal: AbortSignal;
  readonly [oauth.customFetch]: (url: string, init: OutgoingRequest) => Promise<Response>;
  readonly [oauth.allowInsecureRequests]: true;
}

interface OutgoingRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Makes one request, reads the answer to its end within the time and size allowed, and throws a `ProviderFault` for everything that is not
 * a success. `secrets`: values that were sent and must not come back in a log line.
 */
export type ProviderCall = (
  operation: ProviderOperation,
  secrets: readonly string[],
  send: (options: ProviderRequest) => Promise<Response>,
) => Promise<ProviderAnswer>;

export function providerCall(fetch: Fetch, timeoutSeconds: number): ProviderCall {
  return async (operation, secrets, send) => {
    const signal = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    const hidden = new Set(secrets.flatMap(spellings));
    let answer: ProviderAnswer;
    try {
      answer = await within(signal, readAnswer(operation, send(requestOptions(fetch, signal, hidden))));
    } catch (cause) {
      if (cause instanceof ProviderFault) throw cause;
      if (signal.aborted) {
        throw new ProviderFault('unavailable', operation, { why: `no answer in ${timeoutSeconds} s` });
      }
      if (cause instanceof NetworkFault) {
        const refused = notLetOut(cause.cause);
        if (refused)
          throw new ProviderFault('misconfigured', operation, { why: refused }, { cause: cause.cause });
        throw new ProviderFault(
          'unavailable',
          operation,
          { why: networkFault(cause.cause) },
          { cause: cause.cause },
        );
      }
      // The request could not even be made. The cause may hold what it should have carried, and stays here.
      const why = cause instanceof Error ? shown(cause.message, [...hidden]) : 'the request can not be made';
      throw new ProviderFault('invalid', operation, { why });
    }
    const fault = faultOfAnswer(operation, answer, [...hidden]);
    if (fault) throw fault;
    return answer;
  };
}

/** A plain reading of a document. */
export function getRequest(
  url: string,
  headers: Readonly<Record<string, string>> = { accept: 'application/json' },
): (options: ProviderRequest) => Promise<Response> {
  return ({ signal, [oauth.customFetch]: fetch }) =>
    fetch(url, { method: 'GET', headers: { ...headers }, signal });
}

/** As it is, and as it stands in a form and in a query. */
function spellings(secret: string): readonly string[] {
  return secret === ''
    ? []
    : [secret, new URLSearchParams([['', secret]]).toString().slice(1), encodeURIComponent(secret)];
}

/** `hidden`: gets the credentials that go out in a header, since a provider may say again what it was sent. */
function requestOptions(fetch: Fetch, signal: AbortSignal, hidden: Set<string>): ProviderRequest {
  return {
    signal,
    // Which addresses may be plain http was decided when the settings and the metadata were read.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url, { method, headers, body }) => {
      const credentials = new Headers(headers).get('authorization')?.split(' ')[1];
      if (credentials) hidden.add(credentials);
      return fetch(url, {
        method,
        headers,
        ...(body instanceof URLSearchParams || typeof body === 'string' ? { body: body.toString() } : {}),
        signal,
      }).catch((cause) => {
        throw new NetworkFault('no answer', { cause });
      });
    },
  };
}

/** Went wrong on the way to the provider or back; everything else that is thrown is a fault in what was to be sent. */
class NetworkFault extends Error {
  override readonly name = 'NetworkFault';
}

/** A fetch that was handed in may not listen to the signal; the caller must not wait for it all the same. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function readAnswer(operation: ProviderOperation, sent: Promise<Response>): Promise<ProviderAnswer> {
  const response = await sent;
  return {
    status: response.status,
    contentType: (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase(),
    text: await readText(operation, response),
    retryAfter: response.headers.get('retry-after'),
    headers: response.headers,
  };
}

async function readText(operation: ProviderOperation, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new NetworkFault('the answer broke off', { cause });
  }
  if (size <= MAX_ANSWER_BYTES) return Buffer.concat(chunks).toString('utf8');
  throw new ProviderFault('misconfigured', operation, { why: `more than ${MAX_ANSWER_BYTES} bytes` });
}

/** What the way out refuses by its rules stays refused until a setting changes; its message is made for the log. */
function notLetOut(cause: unknown): string | undefined {
  if (!(cause instanceof FetchFault)) return undefined;
  const { kind } = cause;
  return kind === 'network' || kind === 'timeout' || kind === 'aborted' ? undefined : cause.message;
}

/** A code such as `ECONNREFUSED`, from wherever the runtime put it; never the message, which may hold the address with its query. */
function networkFault(cause: unknown): string {
  if (cause instanceof FetchFault && cause.kind === 'timeout') return 'no answer in time';
  for (let error = cause, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code)) return code;
    if (error.name === 'HTTPParserError') return 'the answer is no HTTP';
  }
  return 'the request failed';
}

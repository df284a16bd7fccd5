import * as oauth from 'oauth4webapi';
import type { Fetch } from '../core/fetch.ts';
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';
import type { Claims } from '../upstream/claims.ts';
import { type ProviderRequest, providerCall } from '../upstream/provider-call.ts';
import { type ProviderAnswer, ProviderFault } from '../upstream/provider-fault.ts';

/** One question to a provider's API about a token. */
export interface ProviderApiCall {
  /** https; plain http only on this machine or with `allowPlainHttp`. */
  readonly url: string;
  /** Default: `POST` where the token goes into the body, else `GET`. */
  readonly method?: 'GET' | 'POST';
  /** Headers beside those for the token, such as `accept`, or credentials of this application. Kept out of logs. Default: `accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the token goes: into `Authorization: Bearer`, or a parameter of the query, of a form, or of a JSON object. Default: `bearer`. */
  readonly tokenIn?:
    | 'bearer'
    | { readonly query: string }
    | { readonly form: string }
    | { readonly json: string };
  /** Answers that say the token is bad. Any other failure says nothing about it, and is a 503. Default: 401. */
  readonly refusedStatuses?: readonly number[];
  /** A later call whose refusal only means that it adds nothing. An outage is still a 503, because nobody can tell. Default: `false`. */
  readonly optional?: boolean;
  /**
   * The answer as claims under their usual names: `sub`, `aud`, `client_id`, `scope`, `exp` (seconds since 1970), `email`, `groups`.
   * `undefined`: the answer says that the token is bad. Default: the members of the answer, which must be a JSON object.
   */
  readonly claims?: (answer: ApiAnswer) => Claims | undefined;
}

export interface ApiAnswer {
  /** The parsed JSON, of any shape. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** Errors in the body of an answer that mean the same as a refused status. */
const REFUSED_ERRORS: ReadonlySet<unknown> = new Set(['invalid_token', 'invalid_grant']);

/** Asks one question; `undefined` when the provider says that the token is bad. The function throws `ProviderFault` when it can not be known. */
export function apiAsker(fetch: Fetch, timeoutSeconds: number) {
  const call = providerCall(fetch, timeoutSeconds);
  return async (question: ProviderApiCall, token: string): Promise<Claims | undefined> => {
    const secrets = [token, ...Object.values(question.headers ?? {})];
    let answer: ProviderAnswer;
    try {
      answer = await call('token-check', secrets, (options) => request(question, token, options));
    } catch (error) {
      if (error instanceof ProviderFault && isRefusal(question, error)) return undefined;
      throw error;
    }
    return claimsOf(question, answer);
  };
}

function isRefusal({ refusedStatuses = [401] }: ProviderApiCall, { kind, detail }: ProviderFault): boolean {
  if (kind === 'unavailable') return false;
  return refusedStatuses.includes(Number(detail.status)) || REFUSED_ERRORS.has(detail.error);
}

function request(question: ProviderApiCall, token: string, options: ProviderRequest): Promise<Response> {
  const { tokenIn = 'bearer' } = question;
  const url = new URL(question.url);
  const headers: Record<string, string> = { accept: 'application/json', ...question.headers };
  let body: string | undefined;
  if (tokenIn === 'bearer') {
    headers.authorization = `Bearer ${token}`;
  } else if ('query' in tokenIn) {
    url.searchParams.set(tokenIn.query, token);
  } else if ('form' in tokenIn) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    body = new URLSearchParams({ [tokenIn.form]: token }).toString();
  } else {
    headers['content-type'] = 'application/json';
    body = JSON.stringify({ [tokenIn.json]: token });
  }
  const method = question.method ?? (body === undefined ? 'GET' : 'POST');
  return options[oauth.customFetch](url.href, { method, headers, body, signal: options.signal });
}

function claimsOf(question: ProviderApiCall, answer: ProviderAnswer): Claims | undefined {
  const fault = (why: string, cause?: unknown) =>
    new ProviderFault(
      'misconfigured',
      'token-check',
      { why, contentType: answer.contentType.slice(0, 100) },
      { cause },
    );
  const body = parseJson(answer.text);
  if (body === undefined) throw fault('the answer is no JSON');
  if (hasDuplicateMembers(answer.text)) throw fault('the answer has a member twice');
  if (!question.claims) {
    if (isObject(body)) return body;
    throw fault('the answer is no JSON object');
  }
  try {
    return question.claims({ body, headers: answer.headers ?? new Headers() });
  } catch (cause) {
    throw fault('the answer has not the shape that was expected', cause);
  }
}

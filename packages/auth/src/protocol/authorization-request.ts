// RFC 6749 §4.1.1 with RFC 7636 §4.3, RFC 8707 §2 and OpenID Connect Core §3.1.2.1: the authorization request of a client.
import { Refusal } from '../core/refusal.ts';
import { refuseDuplicates, required, several, single } from './form.ts';
import { isCodeChallenge } from './pkce.ts';
import { MAX_REDIRECT_URI_LENGTH } from './redirect-uri.ts';
import { MAX_SCOPE_LENGTH, parseScope } from './scope.ts';

/** Long enough for the URL of a metadata document and for an id that describes itself. */
export const MAX_CLIENT_ID_LENGTH = 1000;
export const MAX_STATE_LENGTH = 4096;
const MAX_RESOURCES = 10;

export type Prompt = 'none' | 'login' | 'consent' | 'select_account';
const PROMPTS: readonly Prompt[] = ['none', 'login', 'consent', 'select_account'];

/** Whom the answer would go to. Read first: until client and redirect URI are proven, an error is a page and never a redirect. */
export interface AuthorizationTarget {
  readonly clientId: string;
  /** As sent; absent when the request names none (allowed when the client registered exactly one). */
  readonly redirectUri?: string;
  /** Absent when the request has none, or one that must not be repeated. */
  readonly state?: string;
}

export interface AuthorizationRequest extends AuthorizationTarget {
  /** PKCE, S256. */
  readonly codeChallenge: string;
  /** `undefined` when the request names none. */
  readonly scopes?: readonly string[];
  /** As sent, none or several; see `resolveResource`. */
  readonly resources: readonly string[];
  /** Known values only; `none` stands alone. */
  readonly prompts: readonly Prompt[];
  readonly loginHint?: string;
}

/** Reads client, redirect URI and state of a request that may be wrong in every other way. */
export function readAuthorizationTarget(query: URLSearchParams): AuthorizationTarget {
  return {
    clientId: required(query, 'client_id', MAX_CLIENT_ID_LENGTH),
    redirectUri: single(query, 'redirect_uri', MAX_REDIRECT_URI_LENGTH),
    state: repeatableState(query),
  };
}

/** The whole request. A `Refusal` from here may go to the redirect URI, once that is proven by `readAuthorizationTarget` and the client. */
export function parseAuthorizationRequest(query: URLSearchParams): AuthorizationRequest {
  refuseDuplicates(query);
  const target = readAuthorizationTarget(query);
  const state = single(query, 'state', MAX_STATE_LENGTH);
  if (query.has('request')) throw new Refusal('authorization.request-object');
  if (query.has('request_uri')) throw new Refusal('authorization.request-uri');
  checkResponse(query);
  return {
    ...target,
    state,
    codeChallenge: codeChallengeOf(query),
    scopes: scopesOf(query),
    resources: several(query, 'resource', MAX_RESOURCES),
    prompts: promptsOf(query),
    loginHint: single(query, 'login_hint', 320),
  };
}

function repeatableState(query: URLSearchParams): string | undefined {
  try {
    return single(query, 'state', MAX_STATE_LENGTH);
  } catch {
    return undefined;
  }
}

function checkResponse(query: URLSearchParams): void {
  const type = required(query, 'response_type');
  if (type !== 'code') throw new Refusal('authorization.response-type', { seen: type.slice(0, 100) });
  const mode = single(query, 'response_mode');
  if (mode !== undefined && mode !== 'query')
    throw new Refusal('request.invalid-parameter', { parameter: 'response_mode', seen: mode.slice(0, 100) });
}

function codeChallengeOf(query: URLSearchParams): string {
  const challenge = single(query, 'code_challenge');
  // §4.3: an omitted method means `plain`, which is not accepted.
  const method = single(query, 'code_challenge_method') ?? 'plain';
  if (challenge === undefined)
    throw new Refusal('authorization.pkce', { problem: 'code_challenge is missing' });
  if (method !== 'S256') throw new Refusal('authorization.pkce', { method: method.slice(0, 100) });
  if (!isCodeChallenge(challenge))
    throw new Refusal('authorization.pkce', { problem: 'code_challenge is no SHA-256 in base64url' });
  return challenge;
}

function scopesOf(query: URLSearchParams): readonly string[] | undefined {
  const text = single(query, 'scope', MAX_SCOPE_LENGTH);
  if (text === undefined) return undefined;
  const scopes = parseScope(text);
  if (scopes === undefined) throw new Refusal('authorization.scope', { problem: 'syntax' });
  return scopes.length > 0 ? scopes : undefined;
}

function promptsOf(query: URLSearchParams): readonly Prompt[] {
  const given = single(query, 'prompt')?.split(' ') ?? [];
  const prompts = PROMPTS.filter((prompt) => given.includes(prompt));
  if (prompts.includes('none') && prompts.length > 1)
    throw new Refusal('request.invalid-parameter', { parameter: 'prompt', problem: 'none stands alone' });
  return prompts;
}

// RFC 6749 §4.1.3 and §6, with RFC 7636 §4.5 and RFC 8707 §2.2: what a client asks of the token endpoint.
import { Refusal } from '../core/refusal.ts';
import { refuseDuplicates, required, several, single } from './form.ts';
import { isCodeVerifier } from './pkce.ts';
import { MAX_REDIRECT_URI_LENGTH } from './redirect-uri.ts';
import { MAX_SCOPE_LENGTH, parseScope } from './scope.ts';

const MAX_TOKEN_LENGTH = 2000;
const MAX_RESOURCES = 10;

export interface CodeTokenRequest {
  readonly grantType: 'authorization_code';
  readonly code: string;
  readonly codeVerifier: string;
  /** Absent when the client sent none: OAuth 2.1 dropped it. When sent it must be the one of the authorization request. */
  readonly redirectUri?: string;
  /** As sent; see `resolveResource`. */
  readonly resources: readonly string[];
}

export interface RefreshTokenRequest {
  readonly grantType: 'refresh_token';
  readonly refreshToken: string;
  /** May only narrow what was granted; `undefined` means all of it. */
  readonly scopes?: readonly string[];
  readonly resources: readonly string[];
}

export type TokenRequest = CodeTokenRequest | RefreshTokenRequest;

/** Understands the form, or refuses. Who the client is, is read by `presentedClient`. */
export function parseTokenRequest(form: URLSearchParams): TokenRequest {
  refuseDuplicates(form);
  const grantType = required(form, 'grant_type');
  const resources = several(form, 'resource', MAX_RESOURCES);
  if (grantType === 'authorization_code') {
    return {
      grantType,
      code: required(form, 'code'),
      codeVerifier: codeVerifierOf(form),
      redirectUri: single(form, 'redirect_uri', MAX_REDIRECT_URI_LENGTH),
      resources,
    };
  }
  if (grantType === 'refresh_token') {
    return {
      grantType,
      refreshToken: required(form, 'refresh_token', MAX_TOKEN_LENGTH),
      scopes: scopesOf(form),
      resources,
    };
  }
  throw new Refusal('grant.unsupported', { seen: grantType.slice(0, 100) });
}

function codeVerifierOf(form: URLSearchParams): string {
  const verifier = required(form, 'code_verifier');
  // What breaks the syntax matches no challenge, and is answered like any verifier that does not match (RFC 7636 §4.6).
  if (!isCodeVerifier(verifier))
    throw new Refusal('grant.code-verifier', { problem: 'syntax', length: verifier.length });
  return verifier;
}

function scopesOf(form: URLSearchParams): readonly string[] | undefined {
  const text = single(form, 'scope', MAX_SCOPE_LENGTH);
  if (text === undefined) return undefined;
  const scopes = parseScope(text);
  if (scopes === undefined) throw new Refusal('authorization.scope', { problem: 'syntax' });
  return scopes.length > 0 ? scopes : undefined;
}

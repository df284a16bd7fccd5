// RFC 6749 §5.1: what the token endpoint answers.
import { formatScope } from './scope.ts';

/** §5.1: on every answer of the token endpoint, good or bad. */
export const TOKEN_RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  pragma: 'no-cache',
};

export interface IssuedTokens {
  readonly accessToken: string;
  /** How long the access token is good for from now, in seconds. */
  readonly expiresInSeconds: number;
  /** What was granted; always said, since it may differ from what was asked. */
  readonly scopes: readonly string[];
  readonly refreshToken?: string;
}

export function tokenResponse(tokens: IssuedTokens): Record<string, unknown> {
  const body: Record<string, unknown> = {
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: Math.max(0, Math.floor(tokens.expiresInSeconds)),
    scope: formatScope(tokens.scopes),
  };
  if (tokens.refreshToken !== undefined) body.refresh_token = tokens.refreshToken;
  return body;
}

// RFC 6750 §2.1 and §3, RFC 9728 §5.1: the Authorization header that is read, and the challenge that is answered.

/** Longest token that is looked at. */
export const MAX_BEARER_TOKEN_LENGTH = 16_384;

export interface ChallengeParts {
  /** Left out when the request had no credentials at all (RFC 6750 §3.1). */
  readonly error?: string;
  readonly description?: string;
  /** All scopes that the refused operation needs, or those to ask for at first. */
  readonly scope?: readonly string[];
  /** Absolute URL of the resource's metadata document. */
  readonly resourceMetadata?: string;
}

/** The value of `WWW-Authenticate`. */
export function bearerChallenge(parts: ChallengeParts): string {
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ['error', parts.error],
    ['error_description', parts.description],
    ['scope', parts.scope && parts.scope.length > 0 ? parts.scope.join(' ') : undefined],
    ['resource_metadata', parts.resourceMetadata],
  ];
  const given = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : `${name}="${headerText(value)}"`,
  );
  return given.length === 0 ? 'Bearer' : `Bearer ${given.join(', ')}`;
}

/** Every character that RFC 6750 §3 keeps out of these values becomes a space: no quote, no backslash, no line end, nothing beyond ASCII. */
function headerText(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ');
}

export type AuthorizationHeader =
  | { readonly kind: 'absent' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** Another scheme, in lower case. */
  | { readonly kind: 'other'; readonly scheme: string }
  | { readonly kind: 'malformed' };

/** Reads an `Authorization` header. Scheme names know no case (RFC 9110 §11.1); two joined headers are malformed, since a token has no comma. */
export function parseAuthorizationHeader(value: string | null | undefined): AuthorizationHeader {
  if (value === null || value === undefined) return { kind: 'absent' };
  if (value.length > MAX_BEARER_TOKEN_LENGTH + 100) return { kind: 'malformed' };
  const [, scheme, rest] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?: +(.*))?$/.exec(value.trim()) ?? [];
  if (scheme === undefined) return { kind: 'malformed' };
  if (scheme.toLowerCase() !== 'bearer') return { kind: 'other', scheme: scheme.toLowerCase() };
  const usable =
    rest !== undefined && rest.length <= MAX_BEARER_TOKEN_LENGTH && /^[A-Za-z0-9\-._~+/]+=*$/.test(rest);
  return usable ? { kind: 'bearer', token: rest } : { kind: 'malformed' };
}

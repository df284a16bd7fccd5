// RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2: the redirect that answers an authorization request, always with `iss`.

interface ResponseTarget {
  /** Proven to be the client's. Its own query is kept as it is. */
  readonly redirectUri: string;
  /** As the client sent it; given back unchanged, once. */
  readonly state?: string;
  /** The issuer, byte for byte as in the metadata. */
  readonly issuer: string;
}

export interface AuthorizationSuccess extends ResponseTarget {
  readonly code: string;
}

export interface AuthorizationError extends ResponseTarget {
  /** A standard code, such as `access_denied`. */
  readonly error: string;
  readonly description?: string;
}

export function authorizationSuccessUrl(answer: AuthorizationSuccess): string {
  return withParameters(answer.redirectUri, [
    ['code', answer.code],
    ['state', answer.state],
    ['iss', answer.issuer],
  ]);
}

export function authorizationErrorUrl(answer: AuthorizationError): string {
  return withParameters(answer.redirectUri, [
    ['error', errorText(answer.error)],
    ['error_description', answer.description === undefined ? undefined : errorText(answer.description)],
    ['state', answer.state],
    ['iss', answer.issuer],
  ]);
}

/** The characters that RFC 6749 §4.1.2.1 and §5.2 allow in an error; every other becomes a space. At most 500 of them. */
export function errorText(text: string): string {
  return text.slice(0, 500).replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ');
}

/** Spaces as `%20`: programs behind a custom scheme often decode no plus sign. */
function withParameters(uri: string, parameters: readonly (readonly [string, string | undefined])[]): string {
  const query = parameters
    .flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${encodeURIComponent(wellFormed(value))}`,
    )
    .join('&');
  if (!uri.includes('?')) return `${uri}?${query}`;
  return /[?&]$/.test(uri) ? uri + query : `${uri}&${query}`;
}

/** Half a surrogate pair can not be encoded. It never comes out of a parsed query; this keeps any other caller from a throw. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

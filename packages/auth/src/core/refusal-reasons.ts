/** What the client sees of a refusal: the standard's code, and a text that reveals nothing internal. */
export interface WireAnswer {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 421 | 429 | 503;
  /** RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7591 §3.2.2, RFC 8707 §2. */
  readonly error: string;
  readonly description: string;
}

const answer = (status: WireAnswer['status'], error: string, description: string): WireAnswer => ({
  status,
  error,
  description,
});

const invalidRequest = (description: string, status: WireAnswer['status'] = 400) =>
  answer(status, 'invalid_request', description);
const invalidClient = answer(
  401,
  'invalid_client',
  'The client is unknown here, or its credentials are wrong.',
);
const invalidGrant = (description: string) => answer(400, 'invalid_grant', description);
const invalidToken = (description: string) => answer(401, 'invalid_token', description);
const invalidMetadata = (description: string) => answer(400, 'invalid_client_metadata', description);
const unavailable = (description: string) => answer(503, 'temporarily_unavailable', description);

/**
 * Every reason a request can be refused for, and the one answer each gives. The reason goes to the log with an incident id; the answer
 * goes on the wire with the same id.
 */
export const REFUSALS = {
  // The request itself
  'request.method': invalidRequest('This method is not supported here.', 405),
  'request.media-type': invalidRequest('The media type of the body is not supported here.', 415),
  'request.too-large': invalidRequest('The request is too large.', 413),
  'request.body-timeout': invalidRequest('The body of the request did not arrive in time.', 408),
  'request.malformed': invalidRequest('The request is malformed.'),
  'request.encoding': invalidRequest(
    'The body is not valid UTF-8, or is encoded in a way that is not supported.',
  ),
  'request.duplicate-parameter': invalidRequest('A parameter is present more than once.'),
  'request.missing-parameter': invalidRequest('A required parameter is missing.'),
  'request.invalid-parameter': invalidRequest('A parameter has an invalid value.'),
  'request.two-credentials': invalidRequest('Credentials were sent in more than one way.'),
  'request.origin': answer(403, 'invalid_request', 'Requests from this origin are not accepted.'),
  'request.host': answer(421, 'invalid_request', 'This server does not answer for this host name.'),
  'request.forwarded': answer(
    403,
    'invalid_request',
    'Development sign-in does not answer forwarded requests.',
  ),
  'request.not-found': answer(404, 'not_found', 'There is nothing at this address.'),
  'request.sign-in-elsewhere': answer(
    404,
    'not_found',
    'Nobody signs in at this server. Clients get their tokens elsewhere.',
  ),
  'request.rate-limited': answer(429, 'temporarily_unavailable', 'Too many requests. Try again later.'),
  // The client
  'client.unknown': invalidClient,
  'client.authentication-failed': invalidClient,
  'client.authentication-method': invalidClient,
  'client.assertion': invalidClient,
  'client.assertion-replayed': invalidClient,
  'client.denied': invalidClient,
  'client.keys-unreachable': unavailable('The keys of the client can not be fetched now.'),
  'client.keys-invalid': answer(401, 'invalid_client', 'The key set of the client is not acceptable.'),
  'client.metadata-unreachable': unavailable('The metadata document of the client can not be fetched now.'),
  'client.metadata-invalid': answer(
    400,
    'invalid_client',
    'The metadata document of the client is not acceptable.',
  ),
  'client.redirect-uri': invalidRequest(
    'The redirect URI is not registered for this client, or is not allowed here.',
  ),
  'client.grant-not-allowed': answer(400, 'unauthorized_client', 'The client may not use this grant.'),
  'registration.redirect-uri': answer(
    400,
    'invalid_redirect_uri',
    'A redirect URI is missing or not acceptable.',
  ),
  'registration.metadata': invalidMetadata('The client metadata is not acceptable.'),
  'registration.keys': invalidMetadata(
    'The keys of the client are not acceptable: public keys for signatures, either as jwks or by an https jwks_uri.',
  ),
  'registration.disabled': answer(
    403,
    'access_denied',
    'Dynamic registration is switched off on this server.',
  ),
  // The authorization request
  'authorization.response-type': answer(
    400,
    'unsupported_response_type',
    'Only response_type=code is supported.',
  ),
  'authorization.pkce': invalidRequest('PKCE with code_challenge_method=S256 is required.'),
  'authorization.scope': answer(400, 'invalid_scope', 'A requested scope is unknown or not allowed.'),
  'authorization.resource': answer(400, 'invalid_target', 'The resource is unknown here.'),
  'authorization.request-object': answer(400, 'request_not_supported', 'Request objects are not supported.'),
  'authorization.request-uri': answer(
    400,
    'request_uri_not_supported',
    'The request_uri parameter is not supported.',
  ),
  'authorization.prompt': answer(400, 'login_required', 'A sign-in is needed, and prompt=none forbids one.'),
  'authorization.denied': answer(403, 'access_denied', 'The request was denied.'),
  'authorization.expired': invalidRequest(
    'This page has expired. Go back to the application and start again.',
  ),
  'authorization.wrong-browser': answer(
    403,
    'invalid_request',
    'This step belongs to another browser, or cookies are blocked.',
  ),
  'authorization.cross-site': answer(403, 'invalid_request', 'The form was sent from another site.'),
  // Signing in
  'sign-in.unknown-person': answer(403, 'access_denied', 'This person may not sign in here.'),
  'sign-in.refused-by-provider': answer(403, 'access_denied', 'The identity provider did not sign you in.'),
  'sign-in.provider-answer': answer(
    403,
    'access_denied',
    'The answer of the identity provider was not acceptable.',
  ),
  'sign-in.provider-unavailable': unavailable('The identity provider can not be reached now.'),
  'sign-in.provider-misconfigured': unavailable(
    'The identity provider refuses this server. Its operator has to look at it.',
  ),
  // Codes, sessions, refresh
  'grant.unsupported': answer(400, 'unsupported_grant_type', 'This grant type is not supported.'),
  'grant.code-unknown': invalidGrant('The authorization code is invalid.'),
  'grant.code-spent': invalidGrant('The authorization code is invalid.'),
  'grant.code-expired': invalidGrant('The authorization code is invalid.'),
  'grant.code-client': invalidGrant('The authorization code is invalid.'),
  'grant.code-redirect-uri': invalidGrant(
    'The redirect URI differs from the one of the authorization request.',
  ),
  'grant.code-verifier': invalidGrant('The code verifier does not match.'),
  'grant.resource': answer(400, 'invalid_target', 'The resource differs from the one that was granted.'),
  'grant.scope': answer(400, 'invalid_scope', 'The scope exceeds what was granted.'),
  'grant.refresh-malformed': invalidGrant('The refresh token is invalid.'),
  'grant.refresh-unknown': invalidGrant('The refresh token is invalid.'),
  'grant.refresh-client': invalidGrant('The refresh token is invalid.'),
  'grant.refresh-reused': invalidGrant('The refresh token is invalid.'),
  'grant.session-ended': invalidGrant('The session has ended.'),
  'grant.upstream-ended': invalidGrant('The identity provider ended the session.'),
  // Bearer tokens
  'token.absent': answer(401, 'invalid_token', 'Authorization is required.'),
  'token.malformed': invalidToken('The access token is invalid.'),
  'token.signature': invalidToken('The access token is invalid.'),
  'token.algorithm': invalidToken('The access token is invalid.'),
  'token.type': invalidToken('The access token is invalid.'),
  'token.key-unknown': invalidToken('The access token is invalid.'),
  'token.claims': invalidToken('The access token is invalid.'),
  'token.issuer': invalidToken('The access token is invalid.'),
  'token.audience': invalidToken('The access token is invalid.'),
  'token.expired': invalidToken('The access token has expired.'),
  'token.not-yet-valid': invalidToken('The access token is invalid.'),
  'token.revoked': invalidToken('The access token is invalid.'),
  'token.session-ended': invalidToken('The access token is invalid.'),
  'token.unknown': invalidToken('The access token is invalid.'),
  'token.scope': answer(403, 'insufficient_scope', 'The access token does not allow this.'),
  'token.person': answer(403, 'access_denied', 'This person may not use this server.'),
  'authorization-header.malformed': invalidRequest('The Authorization header is malformed.'),
  // When we can not know
  'store.unavailable': unavailable('The state of this server can not be read now. Try again.'),
  'store.unreadable': unavailable('The state of this server can not be read now. Try again.'),
  'verifier.unavailable': unavailable('The token can not be verified now. Try again.'),
  'internal.fault': unavailable('Something went wrong here. Try again.'),
} as const satisfies Record<string, WireAnswer>;

export type RefusalReason = keyof typeof REFUSALS;

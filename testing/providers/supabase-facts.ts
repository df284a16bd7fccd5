// Values, people, addresses and errors of Supabase Auth as an OAuth 2.1 server. «Flows» is supabase.com/docs/guides/auth/oauth-server/oauth-flows,
// «Tokens» .../oauth-server/token-security, «Start» .../oauth-server/getting-started, «MCP» .../oauth-server/mcp-authentication; «source» is what
// the server itself says, github.com/supabase/auth of 2026-08-20, internal/api/oauthserver. All read 2026-11-20 where no `unread` stands.
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';

export const PROJECT = 'https://abcdefghijklmnopqrst.supabase.co';
/** «Tokens», token structure: the issuer has the path of the service. */
export const ISSUER = `${PROJECT}/auth/v1`;
export const REGISTER = `${ISSUER}/oauth/clients/register`;
export const CLIENT_ID = '9a8b7c6d-5e4f-4a2b-8c0d-9e8f7a6b5c4d';
export const CLIENT_SECRET = 'supabase-secret-of-the-oauth-client';

/** Source, `oauth_scope.go`; without any it is `email`. */
export const SCOPES = ['openid', 'profile', 'email', 'phone', 'offline_access'];
export const DEFAULT_SCOPE = 'email';

/** Source, `authorize.go`: once the address is known to be good, everything is one error, in its words. */
const redirected = (description: string): FaultFact => ({
  status: 302,
  error: 'invalid_request',
  description,
  where: 'redirect',
});
/** Source, `NewOAuthError`: always status 400. */
const oauth = (error: string, description: string): FaultFact => ({ status: 400, error, description });
/** Source, `middleware.go` `requireOAuthClientAuth`: not an OAuth error but one of the service. */
const credentials = (description: string): FaultFact => oauth('invalid_credentials', description);
const METHOD = "invalid authentication method: client is registered for 'client_secret_post' but";

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // Source, `authorize.go`: JSON, no page, and nothing is redirected.
  'unknown-client': {
    status: 400,
    error: 'oauth_client_not_found',
    description: 'invalid client_id format',
    where: 'page',
  },
  'redirect-not-registered': {
    status: 400,
    error: 'validation_failed',
    description: 'invalid redirect_uri',
    where: 'page',
  },
  'response-type': redirected('only response_type=code is supported'),
  'challenge-required': redirected('PKCE flow requires both code_challenge and code_challenge_method'),
  'challenge-method': redirected("code_challenge_method must be 'S256' or 'plain'"),
  scope: redirected('unsupported scope: {detail}'),
  denied: {
    status: 302,
    error: 'access_denied',
    description: 'User denied the request',
    where: 'redirect',
  },
  'client-not-found': credentials('Invalid client_id format'),
  'client-unauthenticated': credentials(`${METHOD} 'none' was used`),
  'client-authentication': credentials('invalid client credentials'),
  'two-authentications': credentials(`${METHOD} 'client_secret_basic' was used`),
  'public-client-with-secret': credentials(
    "invalid authentication method: client is registered for 'none' but 'client_secret_post' was used",
  ),
  'grant-type': oauth('unsupported_grant_type', 'Client is not allowed to use grant type: {detail}'),
  code: oauth('invalid_grant', 'Invalid authorization code'),
  // A code that was used is no more there.
  'code-used': oauth('invalid_grant', 'Invalid authorization code'),
  'code-expired': oauth('invalid_grant', 'Authorization code has expired'),
  'redirect-differs': oauth('invalid_grant', 'Invalid redirect_uri'),
  verifier: oauth(
    'invalid_grant',
    'PKCE verification failed: code challenge does not match previously saved code verifier',
  ),
  'verifier-missing': oauth(
    'invalid_grant',
    'PKCE verification failed: code_verifier is required when PKCE challenge is present',
  ),
  // Source, `tokens/service.go`; of one that was used it says «Already Used».
  'refresh-token': oauth('refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found'),
  // Source, `auth.go`.
  'token-missing': {
    status: 401,
    error: 'no_authorization',
    description: 'This endpoint requires a valid Bearer token',
  },
  token: {
    status: 403,
    error: 'bad_jwt',
    description: 'invalid JWT: unable to parse or verify signature, token is malformed',
  },
};

/** Source, `client_auth.go`: who does not even say who it is. */
export const NO_CLIENT = 'Invalid client credentials: client_id is required';

/** Source, `errors.go`: these have the body of the service; all others that of RFC 6749. */
export const OF_THE_SERVICE = [
  'oauth_client_not_found',
  'validation_failed',
  'invalid_credentials',
  'refresh_token_not_found',
  'no_authorization',
  'bad_jwt',
  'bad_json',
  'oauth_dynamic_client_registration_disabled',
];

export const SUPABASE_FACTS: Facts = {
  // «Signing keys», unread: ES256 for new projects. «Tokens»: HS256 is not for ID tokens.
  alg: 'ES256',
  // Source, `configuration.go`: `authorization_ttl` 10m.
  codeSeconds: 600,
  // Source, `configuration.go`: `JWT.Exp` 3600.
  accessTokenSeconds: 3600,
  // Source, `validatePKCEParams`: one and the other have to be there; «Flows»: for every kind of client.
  challengeMethods: ['S256', 'plain'],
  challengeRequired: 'always',
  requiredParameters: [],
  // Source: it can not be left out at the authorization endpoint. At the token endpoint it can there, and can not here.
  redirectUriRequired: true,
  // Source, `client_auth.go`: only the one that each client was registered with.
  clientAuthentication: [],
  // Source, `tokens/service.go`: reuse ends the family. There, the parent of the newest one is let through; here it is not.
  rotation: 'reuse ends all',
  // Source, `api.go`: there is no revocation endpoint.
  revocable: [],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export const ENDPOINTS: Endpoints = {
  // Source, `jwks.go` and `api.go`.
  authorize: [`${ISSUER}/oauth/authorize`],
  token: [`${ISSUER}/oauth/token`],
  userinfo: [`${ISSUER}/oauth/userinfo`],
  jwks: [`${ISSUER}/.well-known/jwks.json`],
  metadata: [
    `${ISSUER}/.well-known/openid-configuration`,
    `${ISSUER}/.well-known/oauth-authorization-server`,
    // As many quote «MCP»: also where RFC 8414 has it.
    `${PROJECT}/.well-known/oauth-authorization-server/auth/v1`,
  ],
};

/** Source, `jwks.go`: one document for both. */
export function metadataOf(dynamicRegistration: boolean): Claims {
  return {
    issuer: ISSUER,
    authorization_endpoint: ENDPOINTS.authorize[0],
    token_endpoint: ENDPOINTS.token[0],
    jwks_uri: ENDPOINTS.jwks![0],
    userinfo_endpoint: ENDPOINTS.userinfo![0],
    ...(dynamicRegistration ? { registration_endpoint: REGISTER } : {}),
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256', 'plain'],
  };
}

export interface SupabasePerson extends Person {
  readonly email: string;
  readonly confirmed: boolean;
  readonly name?: string;
}

export const SUPABASE_PEOPLE: readonly SupabasePerson[] = [
  {
    login: 'alice@acme.example',
    sub: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
    email: 'alice@acme.example',
    confirmed: true,
    name: 'Alice Adams',
  },
  {
    login: 'bob@acme.example',
    sub: '6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
    email: 'bob@acme.example',
    confirmed: false,
  },
];

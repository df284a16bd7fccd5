// Values, people, addresses and errors of Okta. Sources as in `okta.ts`; «the page» is «OpenID Connect & OAuth 2.0 API».
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Route } from '../http-server.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';

export const DOMAIN = 'dev-12345678.okta.com';
export const ORG = `https://${DOMAIN}`;
export const CLIENT_ID = '0oa8xyz1abCDEFgh2i357';
export const CLIENT_SECRET = 'okta-secret-of-the-web-application';

/** «OpenID Connect & OAuth 2.0 API», possible errors, 2026-11-20. */
const refused = (error: string, description: string): FaultFact => ({ status: 400, error, description });
export const redirected = (error: string, description: string): FaultFact => ({
  ...refused(error, description),
  where: 'redirect',
});
const CODE = refused('invalid_grant', 'The authorization code is invalid or has expired.');

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'unknown-client': {
    ...refused('invalid_client', "Invalid value for 'client_id' parameter."),
    where: 'page',
  },
  'redirect-not-registered': {
    ...refused(
      'invalid_request',
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    ),
    where: 'page',
  },
  'missing-parameter': redirected(
    'invalid_request',
    "The authentication request has an invalid '{detail}' parameter.",
  ),
  // As commonly quoted, unread.
  'challenge-required': redirected(
    'invalid_request',
    "PKCE code challenge is required when the token endpoint authentication method is 'NONE'.",
  ),
  'challenge-method': redirected('invalid_request', "The code challenge method must be 'S256'."),
  // As commonly quoted, 2026-11-20.
  scope: redirected(
    'invalid_scope',
    'One or more scopes are not configured for the authorization server resource.',
  ),
  // The page, list of errors, 2026-11-20: the `client_id` was not found.
  'client-not-found': {
    status: 401,
    error: 'invalid_client',
    description: "Invalid value for 'client_id' parameter.",
  },
  'client-authentication': {
    status: 401,
    error: 'invalid_client',
    description: 'The client secret supplied for a confidential client is invalid.',
  },
  // The page's example, 2026-11-20.
  'client-unauthenticated': {
    status: 401,
    error: 'invalid_client',
    description: 'No client credentials found.',
  },
  code: CODE,
  'code-used': CODE,
  'code-expired': CODE,
  'redirect-differs': refused(
    'invalid_grant',
    "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
  ),
  verifier: refused('invalid_grant', 'PKCE verification failed.'),
  'verifier-missing': refused('invalid_grant', 'PKCE verification failed.'),
  // «Okta refresh token invalid or expired error», 2026-11-20.
  'refresh-token': refused('invalid_grant', 'The refresh token is invalid or expired.'),
  token: { status: 401, error: 'invalid_token', description: 'The access token is invalid' },
};

export const OKTA_FACTS: Facts = {
  // The page, access token header, 2026-11-20: always RS256.
  alg: 'RS256',
  keyUses: ['application', 'organisation'],
  // The page, 2026-11-20: sixty seconds.
  codeSeconds: 60,
  accessTokenSeconds: 3600,
  // The page, 2026-11-20: the only valid value.
  challengeMethods: ['S256'],
  challengeRequired: 'of public clients',
  // The page, 2026-11-20: `state` is required on all requests, and so is `scope`.
  requiredParameters: ['state', 'scope'],
  redirectUriRequired: true,
  // The page, client authentication methods, 2026-11-20: the one that the application has; basic by default.
  clientAuthentication: ['basic'],
  rotation: 'none',
  revocable: ['access', 'refresh'],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export interface OktaPerson extends Person {
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly groups: readonly string[];
}

export const OKTA_PEOPLE: readonly OktaPerson[] = [
  {
    login: 'alice@acme.example',
    sub: '00uid4BxXw6I6TV4m0g3',
    email: 'alice@acme.example',
    email_verified: true,
    name: 'Alice Adams',
    groups: ['Everyone', 'Analysts'],
  },
  {
    login: 'bob@acme.example',
    sub: '00uid4BxXw6I6TV4m0g4',
    email: 'bob@acme.example',
    email_verified: false,
    name: 'Bob Brown',
    groups: ['Everyone'],
  },
  // The page, scope-dependent claims, 2026-11-20: with more than a hundred matching groups the request fails.
  {
    login: 'carol@acme.example',
    sub: '00uid4BxXw6I6TV4m0g5',
    email: 'carol@acme.example',
    email_verified: true,
    name: 'Carol',
    groups: Array.from({ length: 101 }, (_, i) => `Group ${i}`),
  },
];

export function endpointsOf(base: string, issuer: string, org: boolean): Endpoints {
  return {
    authorize: [`${base}/v1/authorize`],
    token: [`${base}/v1/token`],
    userinfo: [`${base}/v1/userinfo`],
    introspect: [`${base}/v1/introspect`],
    revoke: [`${base}/v1/revoke`],
    jwks: [`${base}/v1/keys`],
    // The page, 2026-11-20: the metadata of RFC 8414 is only for custom authorization servers.
    metadata: [
      `${issuer}/.well-known/openid-configuration`,
      ...(org ? [] : [`${issuer}/.well-known/oauth-authorization-server`]),
    ],
  };
}

export const RESERVED = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];

export function metadataOf(issuer: string, base: string, endpoints: Endpoints, org: boolean): Claims {
  return {
    issuer,
    authorization_endpoint: endpoints.authorize[0],
    token_endpoint: endpoints.token[0],
    userinfo_endpoint: endpoints.userinfo![0],
    // The page, dynamic registration, 2026-11-20: it needs an API token, which no MCP client has.
    registration_endpoint: `${ORG}/oauth2/v1/clients`,
    jwks_uri: endpoints.jwks![0],
    introspection_endpoint: endpoints.introspect![0],
    revocation_endpoint: endpoints.revoke![0],
    end_session_endpoint: `${base}/v1/logout`,
    response_types_supported: ['code', 'token', 'id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    // The page, 2026-11-20: custom scopes are not in it.
    scopes_supported: org ? [...RESERVED, 'groups'] : RESERVED,
    token_endpoint_auth_methods_supported: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
    ],
    code_challenge_methods_supported: ['S256'],
  };
}

export const REGISTRATION: Route = {
  method: 'POST',
  path: '/oauth2/v1/clients',
  // «Errors», 2026-11-20 for the form; E0000005 unread.
  handle: () => ({
    status: 403,
    body: {
      errorCode: 'E0000005',
      errorSummary: 'Invalid session',
      errorLink: 'E0000005',
      errorId: 'oae-stand-in',
      errorCauses: [],
    },
  }),
};

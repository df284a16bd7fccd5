// Values, people, addresses and errors of Clerk. Pages and dates of reading as in `clerk.ts`.
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';

export const DOMAIN = 'well-hagfish-71.clerk.accounts.dev';
export const INSTANCE = `https://${DOMAIN}`;
export const CLIENT_ID = 'dGd3hVEbAbMZNBbK';
export const CLIENT_SECRET = 'clerk-secret-of-the-oauth-application';

/** «How», scopes; `user:org:read` only with organisations. */
export const SCOPES = ['openid', 'profile', 'email', 'public_metadata', 'private_metadata', 'offline_access'];
export const ORG_SCOPE = 'user:org:read';
/** «API», scope of the authorization request. */
export const DEFAULT_SCOPES = ['profile', 'email'];

const direct = (status: number, error: string, description?: string): FaultFact => ({
  status,
  error,
  ...(description === undefined ? {} : { description }),
});
const CLIENT = direct(401, 'invalid_client', 'Client authentication failed');
/** «API», token: «invalid or expired» codes and refresh tokens are in the list for 401, and so is a wrong verifier. */
const GRANT = direct(401, 'invalid_grant');

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // «API», authorize, 401: the provided client is invalid. How it is shown: unread.
  'unknown-client': { status: 401, error: 'invalid_client', where: 'page' },
  // As quoted in https://github.com/openai/codex/issues/23242.
  scope: {
    status: 302,
    error: 'invalid_scope',
    description:
      'The requested scope is invalid, unknown, or malformed. The OAuth 2.0 Client is not allowed to request scope `{detail}`.',
    where: 'redirect',
  },
  'client-not-found': CLIENT,
  'client-authentication': CLIENT,
  'client-unauthenticated': CLIENT,
  'public-client-with-secret': CLIENT,
  // «API», token: the name is in the list for 401, the mistake in that for 400; the name is believed.
  'grant-type': direct(401, 'unsupported_grant_type'),
  code: GRANT,
  'code-used': GRANT,
  verifier: GRANT,
  'verifier-missing': GRANT,
  'refresh-token': GRANT,
  // «API», token: these two are in the list for 400.
  'code-expired': direct(400, 'invalid_grant'),
  'redirect-differs': direct(400, 'invalid_grant'),
};

export const CLERK_FACTS: Facts = {
  // «SSO», verifying an ID token.
  alg: 'RS256',
  // «How», token expiration: ten minutes, and one day.
  codeSeconds: 600,
  accessTokenSeconds: 86_400,
  // «API», code_challenge_method.
  challengeMethods: ['S256'],
  // «API», code_challenge: required for public clients.
  challengeRequired: 'of public clients',
  // «API», authorize: only `response_type` and `client_id`; for `state` see `clerk.ts`.
  requiredParameters: [],
  redirectUriRequired: false,
  // «API», token: both are treated as one, whatever was registered.
  clientAuthentication: ['basic', 'post'],
  // What becomes of a refresh token that was used: unread.
  rotation: 'old one ends',
  // «API», revocation, 400: a JWT can not be revoked. Opaque tokens can: see `clerk.ts`.
  revocable: ['refresh'],
  // «Metadata» has no word of it.
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export const ENDPOINTS: Endpoints = {
  authorize: [`${INSTANCE}/oauth/authorize`],
  token: [`${INSTANCE}/oauth/token`],
  userinfo: [`${INSTANCE}/oauth/userinfo`],
  introspect: [`${INSTANCE}/oauth/token_info`],
  revoke: [`${INSTANCE}/oauth/token/revoke`],
  jwks: [`${INSTANCE}/.well-known/jwks.json`],
  metadata: [
    `${INSTANCE}/.well-known/oauth-authorization-server`,
    `${INSTANCE}/.well-known/openid-configuration`,
  ],
};
export const REGISTER = `${INSTANCE}/oauth/register`;

export interface ClerkPerson extends Person {
  readonly given_name: string;
  readonly family_name: string;
  readonly preferred_username: string | null;
  readonly email: string;
  readonly email_verified: boolean;
  readonly org_id?: string;
}

export const CLERK_PEOPLE: readonly ClerkPerson[] = [
  {
    login: 'alice@acme.example',
    sub: 'user_3BJN08XElmDVNILqWw1IT4fXzUd',
    given_name: 'Alice',
    family_name: 'Adams',
    preferred_username: 'alice',
    email: 'alice@acme.example',
    email_verified: true,
    org_id: 'org_2abcDEFghiJKLmnoPQRstuVWXyz',
  },
  {
    login: 'bob@mail.example',
    sub: 'user_3BJN08XElmDVNILqWw1IT4fXzUe',
    given_name: 'Bob',
    family_name: 'Brown',
    preferred_username: null,
    email: 'bob@mail.example',
    email_verified: false,
  },
];

/** «API», the schemas of the two documents: they are not the same, and each is closed. */
export function metadataOf(path: string, registration: boolean, organizations: boolean): Claims {
  const common = {
    issuer: INSTANCE,
    authorization_endpoint: ENDPOINTS.authorize[0],
    token_endpoint: ENDPOINTS.token[0],
    revocation_endpoint: ENDPOINTS.revoke![0],
    jwks_uri: ENDPOINTS.jwks![0],
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    // As seen in public, 2026-11-20; the sample in «How» leaves out the last one.
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'none', 'client_secret_post'],
    scopes_supported: [...SCOPES, ...(organizations ? [ORG_SCOPE] : [])],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'email',
      'name',
      ...(organizations ? ['org_id'] : []),
    ],
    code_challenge_methods_supported: ['S256'],
  };
  if (!path.endsWith('openid-configuration')) {
    return { ...common, ...(registration ? { registration_endpoint: REGISTER } : {}) };
  }
  return {
    ...common,
    introspection_endpoint: ENDPOINTS.introspect![0],
    userinfo_endpoint: ENDPOINTS.userinfo![0],
    response_modes_supported: ['query', 'form_post'],
    backchannel_logout_supported: false,
    frontchannel_logout_supported: false,
  };
}

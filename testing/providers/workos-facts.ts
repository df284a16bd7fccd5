// Values, people, addresses and errors of WorkOS Connect, which is also what AuthKit is for MCP clients. «Authorize», «Token», «Introspection»,
// «Metadata» and «Applications» are workos.com/docs/reference/workos-connect/..., «Claims» workos.com/docs/authkit/connect/token-claims, «MCP»
// workos.com/docs/authkit/mcp, «MCP resource indicator» workos.com/docs/reference/authkit/oauth-resource; «emulator» is what WorkOS gives for
// local use, github.com/workos/emulate of 2026-08-21, src/workos/routes/oauth.ts; «measured» is what others measured and wrote down in public in 2026. All read 2026-11-20 where no `unread` stands.
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';

export const DOMAIN = 'acme-staging.authkit.app';
/** «Claims»: the address of the AuthKit domain. */
export const ISSUER = `https://${DOMAIN}`;
export const REGISTER = `${ISSUER}/oauth2/register`;
export const CLIENT_ID = 'client_01JP8BD0CZ401TDF9X54NT5ZEK';
export const CLIENT_SECRET = 'workos-secret-of-the-connect-application';
/** «Claims»: the audience, where no resource is asked for. */
export const ENVIRONMENT_ID = 'client_01JP8BCV7Q4M2W6R9T3Y5A8D1F';
/** «Authorize», acceptable values. */
export const SCOPES = ['openid', 'profile', 'email', 'offline_access'];
/** «Token», ID token: an hour. */
export const ID_TOKEN_SECONDS = 3600;

const CLIENT: FaultFact = {
  status: 401,
  error: 'invalid_client',
  description: 'Invalid client ID or secret.',
};

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // Emulator, for every kind of client that it does not know.
  'client-not-found': CLIENT,
  'client-authentication': CLIENT,
  'client-unauthenticated': {
    status: 400,
    error: 'invalid_request',
    description: 'client_id and client_secret are required.',
  },
  'grant-type': {
    status: 400,
    error: 'unsupported_grant_type',
    description: 'The grant type is not supported: {detail}',
  },
  // Measured: a scope that is not one of these is `invalid_scope`; the text is unread.
};

export const WORKOS_FACTS: Facts = {
  // «Token», header of the example.
  alg: 'RS256',
  // «Get an authorization URL», unread: ten minutes.
  codeSeconds: 600,
  // «Token», access token, `exp` and `iat` of the example.
  accessTokenSeconds: 300,
  // «Authorize»: the only one that is supported.
  challengeMethods: ['S256'],
  // «MCP»: for applications that registered themselves. One of the console is asked for it where it is said to use it.
  challengeRequired: 'of public clients',
  // «Authorize»; see `checkAuthorization` for who is asked for more.
  requiredParameters: [],
  redirectUriRequired: true,
  // «Token» has the secret in the body; the metadata names Basic too.
  clientAuthentication: ['basic', 'post'],
  // «Token» has none for these; «Session tokens» says of its own that each is good once.
  rotation: 'old one ends',
  // «Metadata»: there is no revocation endpoint.
  revocable: [],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

/** Measured: RFC 8707 §2, at the token endpoint; the code is given out before. */
export const INVALID_TARGET: FaultFact = { status: 400, error: 'invalid_target' };
/** Measured, with this text; the status is unread. */
export const REGISTRATION_OFF: FaultFact = {
  status: 400,
  error: 'dynamic_client_registration_disabled',
  description: 'Dynamic client registration is disabled for this environment.',
};

export const ENDPOINTS: Endpoints = {
  authorize: [`${ISSUER}/oauth2/authorize`],
  token: [`${ISSUER}/oauth2/token`],
  userinfo: [`${ISSUER}/oauth2/userinfo`],
  introspect: [`${ISSUER}/oauth2/introspection`],
  jwks: [`${ISSUER}/oauth2/jwks`],
  // «Metadata»: one for each kind of client.
  metadata: [
    `${ISSUER}/.well-known/oauth-authorization-server`,
    `${ISSUER}/.well-known/openid-configuration`,
  ],
};

/** «MCP», the example of the document; it names the registration endpoint also where that is off, as measured. */
export const METADATA: Claims = {
  issuer: ISSUER,
  authorization_endpoint: ENDPOINTS.authorize[0],
  token_endpoint: ENDPOINTS.token[0],
  userinfo_endpoint: ENDPOINTS.userinfo![0],
  introspection_endpoint: ENDPOINTS.introspect![0],
  jwks_uri: ENDPOINTS.jwks![0],
  registration_endpoint: REGISTER,
  scopes_supported: SCOPES,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_post', 'client_secret_basic'],
  code_challenge_methods_supported: ['S256'],
  client_id_metadata_document_supported: true,
  id_token_signing_alg_values_supported: ['RS256'],
  subject_types_supported: ['public'],
};

export interface WorkosPerson extends Person {
  readonly email: string;
  readonly email_verified: boolean;
  readonly given_name: string;
  readonly family_name: string;
  /** Organization that the person picks while agreeing. */
  readonly org_id?: string;
}

export const WORKOS_PEOPLE: readonly WorkosPerson[] = [
  {
    login: 'alice@acme.example',
    sub: 'user_01JQ0E27VT3MH79RY0FVA4QBP9',
    email: 'alice@acme.example',
    email_verified: true,
    given_name: 'Alice',
    family_name: 'Adams',
    org_id: 'org_01HRDMC6CM357W30QMHMQ96Q0S',
  },
  {
    login: 'bob@mail.example',
    sub: 'user_01JQ0E27VT3MH79RY0FVA4QBQ0',
    email: 'bob@mail.example',
    email_verified: false,
    given_name: 'Bob',
    family_name: 'Brown',
  },
];

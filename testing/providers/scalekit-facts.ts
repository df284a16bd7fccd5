// Values, people, addresses and errors of Scalekit's MCP auth. «Quickstart», «Managing clients», «xmcp» and «Overview» are
// docs.scalekit.com/authenticate/mcp/quickstart, .../managing-mcp-clients, .../xmcp-quickstart and .../overview, «Login» .../fsa/complete-login,
// «Sessions» .../fsa/manage-session, «Errors» docs.scalekit.com/sso/reference/sso-integration-errors (github.com/scalekit-inc/developer-docs of
// 2026-08-21); «provider» is what Scalekit's own people wrote down of the live server, github.com/mcp-use/mcp-use issue 2271 and pull request 2272.
// All read 2026-11-20 where no `unread` stands.
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';

export const ENVIRONMENT = 'https://acme.scalekit.com';
export const RESOURCE_ID = 'res_121247790507492638';
/** Provider: what the metadata says of itself. Tokens may still say the environment. */
export const RESOURCE = `${ENVIRONMENT}/resources/${RESOURCE_ID}`;
export const REGISTER = `${ENVIRONMENT}/api/v1/resources/${RESOURCE_ID}/clients:register`;
export const REVOKE = `${ENVIRONMENT}/oauth/revoke`;
/** «Managing clients»: clients are public, and have ids of this form. */
export const CLIENT_ID = 'm2m_121247790507492700';
/** «Quickstart», advanced settings: scopes of the MCP server. */
export const MCP_SCOPES = ['mcp:read', 'mcp:write'];
export const SCOPES = ['openid', 'profile', 'email', 'offline_access', ...MCP_SCOPES];

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // «Errors», with these texts.
  'unknown-client': {
    status: 400,
    error: 'invalid_client',
    description: 'The client application is not recognized or not configured correctly',
    where: 'page',
  },
  'redirect-not-registered': {
    status: 400,
    error: 'invalid_redirect_uri',
    description: 'Redirect URI is not part of the pre-approved list of redirect URIs',
    where: 'page',
  },
  'missing-parameter': {
    status: 302,
    error: 'invalid_request',
    description: 'The authorization request contains invalid or missing parameters',
    where: 'redirect',
  },
  'challenge-required': {
    status: 302,
    error: 'invalid_request',
    description: 'The authorization request contains invalid or missing parameters',
    where: 'redirect',
  },
};

export const SCALEKIT_FACTS: Facts = {
  // «Login», validating tokens.
  alg: 'RS256',
  // «Login»: redeemed once, and for about ten minutes.
  codeSeconds: 600,
  // «Quickstart», advanced settings: 300 to 3600 seconds; which it is before anybody sets it is unread.
  accessTokenSeconds: 3600,
  // Provider: metadata. «Overview»: PKCE is mandatory.
  challengeMethods: ['S256'],
  challengeRequired: 'always',
  requiredParameters: [],
  // «Overview»: only registered addresses, and an exact match.
  redirectUriRequired: true,
  // «Managing clients»: no client that registers has a secret.
  clientAuthentication: [],
  // «Sessions»: a new one with every use; what becomes of the old one is unread.
  rotation: 'old one ends',
  // «Managing clients»: with client authentication, which public clients have not.
  revocable: [],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export const ENDPOINTS: Endpoints = {
  // Provider: under the resource. «Additional reading»: also without.
  authorize: [`${RESOURCE}/oauth/authorize`, `${ENVIRONMENT}/oauth/authorize`],
  token: [`${RESOURCE}/oauth/token`, `${ENVIRONMENT}/oauth/token`],
  // Provider: of the environment; under the resource there are none.
  jwks: [`${ENVIRONMENT}/keys`],
  // Provider and «xmcp»: behind the resource. RFC 8414 §3.1 has it in front. There is no `openid-configuration` of a resource.
  metadata: [
    `${RESOURCE}/.well-known/oauth-authorization-server`,
    `${ENVIRONMENT}/.well-known/oauth-authorization-server/resources/${RESOURCE_ID}`,
  ],
};

/** «xmcp»: the environment has its own document, and nobody registers there. */
export const ENVIRONMENT_METADATA: Claims = {
  issuer: ENVIRONMENT,
  authorization_endpoint: ENDPOINTS.authorize[1],
  token_endpoint: ENDPOINTS.token[1],
  jwks_uri: ENDPOINTS.jwks![0],
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};

/** Provider, `metadata`. «xmcp»: `registration_endpoint` is here, where clients may register. */
export function metadataOf(dynamicRegistration: boolean): Claims {
  return {
    issuer: RESOURCE,
    authorization_endpoint: ENDPOINTS.authorize[0],
    token_endpoint: ENDPOINTS.token[0],
    jwks_uri: ENDPOINTS.jwks![0],
    ...(dynamicRegistration ? { registration_endpoint: REGISTER } : {}),
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_post', 'client_secret_basic'],
    client_id_metadata_document_supported: true,
  };
}

export interface ScalekitPerson extends Person {
  readonly email: string;
  readonly name: string;
  readonly org: string;
}

export const SCALEKIT_PEOPLE: readonly ScalekitPerson[] = [
  {
    login: 'alice@acme.example',
    sub: 'usr_121247790507492801',
    email: 'alice@acme.example',
    name: 'Alice Adams',
    org: 'org_121247790507492900',
  },
  {
    login: 'bob@acme.example',
    sub: 'usr_121247790507492802',
    email: 'bob@acme.example',
    name: 'Bob Brown',
    org: 'org_121247790507492900',
  },
];

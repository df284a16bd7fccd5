// Values, people, addresses and errors of Descope. Pages and dates of reading as in `descope.ts`.
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';

/** «Inbound», base URL. */
export const BASE = 'https://api.descope.com';
export const PROJECT = 'P32juVkF2iM8wAGoM8PiLkGi6POV';
export const SERVER = 'MS35d1Xw1Yo6zozsW7n8BU6xLmnAs';
export const CLIENT_ID = Buffer.from(`${PROJECT}:TPA38fbAsIT7k1nc84SvEb2qOiyn4g`).toString('base64');
export const CLIENT_SECRET = 'descope-secret-of-the-client';
export const REGISTER = `${BASE}/v1/mgmt/mcp/client/${PROJECT}/${SERVER}/register`;

export const SCOPES = ['openid', 'profile', 'email', 'mcp:read', 'mcp:write', 'outbound.token.fetch'];

/** Stands for a number that was not found in any page. */
export const UNREAD = 'E06xxxx';
const refused = (status: number, description: string, error = UNREAD): FaultFact => ({
  status,
  error,
  description,
});
/** Errors that go back to the client: RFC 6749 §4.1.2.1; the words of Descope are unread. */
export const redirected = (error: string): FaultFact => ({ status: 302, error, where: 'redirect' });

const CLIENT = refused(401, 'Invalid client credentials');
const CODE = refused(400, 'Invalid authorization code');
/** The samples of the SDKs for a token that is no good. */
const TOKEN = refused(401, 'Invalid token', 'E061005');

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'unknown-client': { ...refused(404, 'Third party application not found'), where: 'page' },
  'redirect-not-registered': { ...refused(400, 'Redirect URL is not approved'), where: 'page' },
  scope: redirected('invalid_scope'),
  'client-not-found': CLIENT,
  'client-authentication': CLIENT,
  'client-unauthenticated': CLIENT,
  'public-client-with-secret': CLIENT,
  'two-authentications': refused(400, 'Two ways of authentication'),
  'grant-type': refused(400, 'Grant type is not supported'),
  code: CODE,
  'code-used': CODE,
  'code-expired': CODE,
  'redirect-differs': refused(400, 'Redirect URL differs'),
  verifier: refused(400, 'Code verifier does not match'),
  'verifier-missing': refused(400, 'Code verifier is missing'),
  // «Seen», for a consent that was taken back; for other reasons unread.
  'refresh-token': refused(404, 'Cannot find consent by id', 'E063302'),
  'refresh-scope': refused(400, 'Scope was not granted'),
  'token-missing': TOKEN,
  token: TOKEN,
};

export const DESCOPE_FACTS: Facts = {
  // «Discovery», sample.
  alg: 'RS256',
  // Unread.
  codeSeconds: 600,
  // The samples of the SDKs have ten minutes between `iat` and `exp`; it is a setting of the project.
  accessTokenSeconds: 600,
  // «Discovery», code_challenge_methods_supported.
  challengeMethods: ['S256'],
  // «Inbound», creating: optional with a secret, and a must without; with `force_pkce` of «Terraform» always.
  challengeRequired: 'of public clients',
  // «Inbound», GET authorize: it names `client_id`, `redirect_uri` and `response_type`.
  requiredParameters: [],
  redirectUriRequired: true,
  // «Seen», metadata of two of its customers: none, Basic and form.
  clientAuthentication: ['basic', 'post'],
  // The setting `refresh_token_rotation` of a project, when it is off; that this is the default is unread.
  rotation: 'none',
  // «Inbound», endpoint reference.
  revocable: ['access', 'refresh'],
  // «Discovery» has no word of it.
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export interface DescopePerson extends Person {
  readonly name: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly tenants: Readonly<Record<string, { readonly roles: readonly string[] }>>;
}

export const DESCOPE_PEOPLE: readonly DescopePerson[] = [
  {
    login: 'alice@acme.example',
    sub: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1',
    name: 'Alice Adams',
    email: 'alice@acme.example',
    email_verified: true,
    roles: ['analyst'],
    permissions: ['read:data'],
    tenants: { T32jx4acme: { roles: ['analyst'] } },
  },
  {
    login: 'bob@mail.example',
    sub: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr2',
    name: 'Bob Brown',
    email: 'bob@mail.example',
    email_verified: false,
    roles: [],
    permissions: [],
    tenants: {},
  },
];

/**
 * «Discovery», issuer. Of inbound apps «API» says where the metadata is, `/v1/apps/{projectId}/.well-known/openid-configuration`, and an
 * issuer is that without its end (OpenID Connect Discovery §4.3); a document with its value is unread.
 */
export const issuerOf = (agentic: boolean): string =>
  agentic ? `${BASE}/v1/apps/agentic/${PROJECT}/${SERVER}` : `${BASE}/v1/apps/${PROJECT}`;

/** «Discovery», sample; «Inbound», endpoint reference. */
export function endpointsOf(agentic: boolean): Endpoints {
  const apps = `${BASE}/oauth2/v1/apps`;
  const flow = agentic ? `${apps}/agentic/${PROJECT}/${SERVER}` : apps;
  return {
    authorize: [`${flow}/authorize`],
    token: [`${flow}/token`],
    userinfo: [`${apps}/${PROJECT}/userinfo`, `${apps}/userinfo`],
    revoke: [`${apps}/${PROJECT}/revoke`, `${apps}/revoke`],
    jwks: [`${BASE}/${PROJECT}/.well-known/jwks.json`],
    // Behind the issuer; that it is not before its path too is unread.
    metadata: [`${issuerOf(agentic)}/.well-known/openid-configuration`],
  };
}

/** «Discovery», sample; the last two lists from «Seen». */
export function metadataOf(agentic: boolean, registers: boolean): Claims {
  const endpoints = endpointsOf(agentic);
  return {
    issuer: issuerOf(agentic),
    jwks_uri: endpoints.jwks![0],
    authorization_endpoint: endpoints.authorize[0],
    token_endpoint: endpoints.token[0],
    userinfo_endpoint: endpoints.userinfo![0],
    revocation_endpoint: endpoints.revoke![0],
    ...(registers ? { registration_endpoint: REGISTER } : {}),
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: SCOPES.filter((scope) => /[:.]/.test(scope)),
    claims_supported: ['iss', 'aud', 'iat', 'exp', 'sub', 'name', 'email', 'email_verified'],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  };
}

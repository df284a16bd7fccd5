// Values, addresses, people and errors of Microsoft Entra ID. Sources as in `azure.ts`.
import { randomUUID } from 'node:crypto';
import { type Fault, type FaultFact, STANDARD_FAULTS } from '../faults.ts';
import type { Answer, Asked } from '../http-server.ts';
import type { Endpoints, Facts, Person } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { page } from '../stand-in.ts';

export type Cloud = 'public' | 'government';

export const ENTRA_IDS = {
  tenant: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
  otherTenant: '1f2d3c4b-5a69-4788-9abc-def012345678',
  // «Access token claims reference», 2026-11-20: the tenant of personal accounts.
  personalTenant: '9188040d-6c67-4c5b-b112-36a304b66dad',
  client: '6731de76-14a6-49ae-97bc-6eba6914391e',
  graph: '00000003-0000-0000-c000-000000000000',
  secret: 'abc8Q~secret-of-the-app-registration',
};

/** The first is the host of logins. «National clouds», unread: the government has its own. */
export const ENTRA_HOSTS: Readonly<Record<Cloud, readonly [string, ...string[]]>> = {
  public: ['https://login.microsoftonline.com', 'https://sts.windows.net', 'https://graph.microsoft.com'],
  government: ['https://login.microsoftonline.us', 'https://sts.windows.net', 'https://graph.microsoft.us'],
};

/** «Microsoft Entra authentication and authorization error codes», 2026-11-20: the description starts with the number. */
export const fault = (code: number, error: string, text: string): FaultFact => ({
  status: error === 'invalid_client' ? 401 : 400,
  error,
  description: `AADSTS${code}: ${text}`,
});
const shown = (code: number, error: string, text: string): FaultFact => ({
  ...fault(code, error, text),
  where: 'page',
});

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'unknown-client': shown(
    700_016,
    'unauthorized_client',
    "Application with identifier '{detail}' was not found in the directory.",
  ),
  'redirect-not-registered': shown(
    50_011,
    'invalid_request',
    "The redirect URI '{detail}' specified in the request does not match the redirect URIs configured for the application.",
  ),
  // Issues and articles that quote it, 2026-11-20.
  'missing-parameter': fault(
    900_144,
    'invalid_request',
    "The request body must contain the following parameter: '{detail}'.",
  ),
  'challenge-required': fault(
    9_002_325,
    'invalid_request',
    'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
  ),
  denied: fault(65_004, 'access_denied', 'User declined to consent to access the app.'),
  'login-required': fault(
    50_058,
    'login_required',
    'Session information is not sufficient for single-sign-on.',
  ),
  // Error codes, 2026-11-20: 7000215 and 7000218 from articles that quote them; 700025 from the page.
  'client-not-found': fault(
    700_016,
    'unauthorized_client',
    "Application with identifier '{detail}' was not found in the directory.",
  ),
  'client-authentication': fault(
    7_000_215,
    'invalid_client',
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
  ),
  'client-unauthenticated': fault(
    7_000_218,
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  'public-client-with-secret': fault(
    700_025,
    'invalid_client',
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  ),
  'grant-type': fault(70_003, 'unsupported_grant_type', 'The app requested an unsupported grant type.'),
  code: fault(70_000, 'invalid_grant', 'The provided value for the code parameter is not valid.'),
  'code-used': fault(
    54_005,
    'invalid_grant',
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ),
  'code-expired': fault(
    70_008,
    'invalid_grant',
    'The provided authorization code or refresh token has expired due to inactivity.',
  ),
  // Unread, error and status.
  'redirect-differs': fault(
    500_112,
    'invalid_client',
    "The reply address '{detail}' does not match the reply address provided when requesting Authorization code.",
  ),
  verifier: fault(
    501_481,
    'invalid_grant',
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  ),
  'verifier-missing': fault(
    501_481,
    'invalid_grant',
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  ),
  'refresh-token': fault(70_000, 'invalid_grant', 'The provided value for the refresh token is not valid.'),
};

export const ENTRA_FACTS: Facts = {
  alg: 'RS256',
  // «Authorization code flow», 2026-11-20: about ten minutes.
  codeSeconds: 600,
  // Its example answers 3599.
  accessTokenSeconds: 3599,
  // «Authorization code flow», 2026-11-20: `plain` without a method.
  challengeMethods: ['S256', 'plain'],
  challengeMethodDefault: 'plain',
  challengeRequired: 'never',
  // «Authorization code flow», 2026-11-20: required at the authorization endpoint.
  requiredParameters: ['scope'],
  redirectUriRequired: true,
  clientAuthentication: ['post', 'basic'],
  // «Refresh tokens in the Microsoft identity platform», unread: replaced with each use, the old one is not revoked.
  rotation: 'old one stays',
  // There is no revocation endpoint.
  revocable: [],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export function entraEndpoints(cloud: Cloud): Endpoints {
  const [login, , graph] = ENTRA_HOSTS[cloud];
  return {
    authorize: [`${login}/{tenant}/oauth2/v2.0/authorize`],
    token: [`${login}/{tenant}/oauth2/v2.0/token`],
    userinfo: [`${graph}/oidc/userinfo`],
    jwks: [`${login}/{tenant}/discovery/v2.0/keys`, `${login}/{tenant}/discovery/keys`],
    metadata: [
      `${login}/{tenant}/v2.0/.well-known/openid-configuration`,
      `${login}/{tenant}/.well-known/openid-configuration`,
    ],
  };
}

/** «OpenID Connect on the Microsoft identity platform», unread: neither a revocation endpoint nor challenge methods are listed. */
export function entraMetadata(tenant: string, v2: boolean, cloud: Cloud): Claims {
  const [login, sts, graph] = ENTRA_HOSTS[cloud];
  const id = tenant === 'acme.onmicrosoft.example' ? ENTRA_IDS.tenant : tenant;
  // Of the tenants that several share, the issuer is a template, to the letter.
  const issuerTenant = ['common', 'organizations'].includes(id)
    ? '{tenantid}'
    : id === 'consumers'
      ? ENTRA_IDS.personalTenant
      : id;
  const base = `${login}/${tenant}`;
  return {
    issuer: v2 ? `${login}/${issuerTenant}/v2.0` : `${sts}/${issuerTenant}/`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: v2 ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
    userinfo_endpoint: `${graph}/oidc/userinfo`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
  };
}

export interface EntraPerson extends Person {
  readonly oid: string;
  readonly tid: string;
  readonly email: string;
  /** Was the domain of the e-mail verified by its owner? */
  readonly edov: boolean;
  readonly name: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}

const person = (
  login: string,
  number: number,
  tid: string,
  more: Partial<EntraPerson> = {},
): EntraPerson => ({
  login,
  sub: `AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta${number}`,
  oid: `00000000-0000-4000-8000-00000000000${number}`,
  tid,
  email: login,
  edov: true,
  name: login.split('@')[0]!,
  groups: [],
  roles: [],
  ...more,
});

export const ENTRA_PEOPLE: readonly EntraPerson[] = [
  person('alice@acme.example', 1, ENTRA_IDS.tenant, {
    name: 'Alice Adams',
    groups: ['9c3b1e0a-0000-4000-8000-000000000001', '9c3b1e0a-0000-4000-8000-000000000002'],
    roles: ['Mcp.Admin'],
  }),
  // «Access token claims reference», groups overage, 2026-11-20: above 200 groups there is no list.
  person('bob@acme.example', 2, ENTRA_IDS.tenant, {
    groups: Array.from({ length: 201 }, (_, i) => `9c3b1e0a-0000-4000-8000-${String(i).padStart(12, '0')}`),
  }),
  // «ID token claims reference», 2026-11-20: an e-mail is not guaranteed to be correct; here somebody else's, in a tenant of their own.
  person('mallory@evil.example', 3, ENTRA_IDS.otherTenant, { email: 'alice@acme.example', edov: false }),
  person('dave@outlook.example', 4, ENTRA_IDS.personalTenant),
];

/** «Authorization code flow», error response, 2026-11-20. */
export function entraError(
  { status, error, description = '', where }: FaultFact,
  asked: Asked,
  now: Date,
): Answer {
  if (asked.path === '/oidc/userinfo') {
    return {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: {
        error: {
          code: 'InvalidAuthenticationToken',
          message: 'Access token validation failure. Invalid audience.',
        },
      },
    };
  }
  if (where === 'page' && asked.path.endsWith('/authorize')) return page(description, 200);
  const [trace_id, correlation_id] = [randomUUID(), randomUUID()];
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const full = `${description} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`;
  const codes = [Number(/^AADSTS(\d+)/.exec(description)?.[1] ?? '0')];
  return {
    status,
    body: { error, error_description: full, error_codes: codes, timestamp, trace_id, correlation_id },
  };
}

// Auth0, as it documents itself: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes } from 'node:crypto';
import { type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Route } from '../http-server.ts';
import { logoutRoute } from '../logout.ts';
import { asAsked, registrationRoute } from '../registration.ts';
import type { Client, Endpoints, Exchange, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';

const DOMAIN = 'acme.eu.auth0.com';
const CLIENT_ID = 'mQ3Zt0pLw8YxAa7Rb2Nc5Vd1Ke9Uf4Hs';
const CLIENT_SECRET = 'auth0-secret-of-the-regular-web-application';
const USERINFO = `https://${DOMAIN}/userinfo`;

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // Auth0 Community «Unknown or invalid refresh token», 2026-11-20: status 403 and this text.
  'refresh-token': { status: 403, error: 'invalid_grant', description: 'Unknown or invalid refresh token.' },
  // Auth0 Community «Invalid authorization code», unread: status 403.
  code: { status: 403, error: 'invalid_grant', description: 'Invalid authorization code' },
  'code-used': { status: 403, error: 'invalid_grant', description: 'Invalid authorization code' },
  'code-expired': { status: 403, error: 'invalid_grant', description: 'Invalid authorization code' },
  // Authentication API «Get Token», unread.
  verifier: { status: 403, error: 'invalid_grant', description: 'Failed to verify code verifier' },
  'verifier-missing': { status: 403, error: 'invalid_grant', description: 'Failed to verify code verifier' },
  'redirect-differs': {
    status: 403,
    error: 'invalid_grant',
    description: 'The redirect URI is wrong. You sent {detail}',
  },
  // Authentication API «Standard error responses», unread: a wrong secret is `access_denied`, not `invalid_client`.
  'client-not-found': { status: 401, error: 'access_denied', description: 'Unauthorized' },
  'client-authentication': { status: 401, error: 'access_denied', description: 'Unauthorized' },
  'client-unauthenticated': { status: 401, error: 'access_denied', description: 'Unauthorized' },
  'grant-type': {
    status: 403,
    error: 'unsupported_grant_type',
    description: 'Unsupported grant type: {detail}',
  },
  // Docs «Callback URL mismatch», unread: a page, nothing is redirected.
  'redirect-not-registered': { status: 403, error: 'Callback URL mismatch', where: 'page' },
  'unknown-client': {
    status: 400,
    error: 'invalid_request',
    description: 'Unknown client: {detail}',
    where: 'page',
  },
};

export const FACTS: Facts = {
  // Docs «Signing algorithms», unread: RS256 is the default of an API.
  alg: 'RS256',
  codeSeconds: 600,
  // Docs «Update access token lifetime», unread: 86400 seconds for a custom API.
  accessTokenSeconds: 86_400,
  // Docs «Authorization Code Flow with PKCE», unread.
  challengeMethods: ['S256', 'plain'],
  challengeMethodDefault: 'plain',
  challengeRequired: 'never',
  requiredParameters: [],
  redirectUriRequired: true,
  // Docs «Credential settings», unread: an application has one method; `client_secret_post` is the default of a web application.
  clientAuthentication: ['post'],
  // Docs «Configure refresh token rotation», 2026-11-20: reuse is detected, and ends the family.
  rotation: 'reuse ends all',
  // Authentication API «Revoke refresh token», unread.
  revocable: ['refresh'],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export interface Auth0Person extends Person {
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly nickname: string;
  /** Permissions of the API that roles of the person give. */
  readonly permissions: readonly string[];
  /** Claims that a post-login Action adds; Docs «Create custom claims», unread: in a namespace. */
  readonly added?: Claims;
}

export const AUTH0_PEOPLE: readonly Auth0Person[] = [
  {
    login: 'alice@acme.example',
    sub: 'auth0|6540f0e2a1b2c3d4e5f60001',
    email: 'alice@acme.example',
    email_verified: true,
    name: 'Alice Adams',
    nickname: 'alice',
    permissions: ['mcp:read', 'mcp:write'],
    added: { 'https://acme.example/roles': ['analyst', 'admin'] },
  },
  {
    // Docs «User profile structure», unread: the subject starts with the name of the connection.
    login: 'bob@gmail.example',
    sub: 'google-oauth2|108204268033311374519',
    email: 'bob@gmail.example',
    email_verified: false,
    name: 'Bob Brown',
    nickname: 'bob',
    permissions: ['mcp:read'],
  },
];

export interface Auth0Options extends StandInOptions {
  /** «Resource Parameter Compatibility Profile» of the tenant. Default: off, as in the product. */
  readonly resourceProfile?: boolean;
  /** Identifier of the API. Default `https://mcp.acme.example/mcp`. */
  readonly audience?: string;
  /** Access token profile of the API. Default `auth0`. */
  readonly tokenProfile?: 'auth0' | 'rfc9068';
  /** «Enable RBAC» and «Add Permissions in the Access Token» of the API. Default: both off. */
  readonly permissionsInToken?: boolean;
  /** «Allow Offline Access» of the API. Default: on. */
  readonly offlineAccess?: boolean;
  /** «OIDC Dynamic Application Registration» of the tenant. Default: off, as in the product. */
  readonly registration?: boolean;
  /** «Include Issuer in Authorization Responses» of the tenant. Default: off. */
  readonly issuerInResponse?: boolean;
  /** «Allowed Logout URLs» of the application. Default none. */
  readonly logoutUris?: readonly string[];
}

export interface Auth0ConsoleValues {
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** «Identifier» of the API. */
  readonly audience: string;
}

/** Docs «OpenID Connect discovery», unread: the issuer ends with a slash. */
const ISSUER = `https://${DOMAIN}/`;
const API_SCOPES = ['mcp:read', 'mcp:write'];
const OIDC_SCOPES = ['openid', 'profile', 'email', 'offline_access'];

const ENDPOINTS: Endpoints = {
  authorize: [`https://${DOMAIN}/authorize`],
  token: [`https://${DOMAIN}/oauth/token`],
  userinfo: [USERINFO],
  revoke: [`https://${DOMAIN}/oauth/revoke`],
  jwks: [`https://${DOMAIN}/.well-known/jwks.json`],
  metadata: [
    `https://${DOMAIN}/.well-known/openid-configuration`,
    `https://${DOMAIN}/.well-known/oauth-authorization-server`,
  ],
};

const METADATA: Claims = {
  issuer: ISSUER,
  authorization_endpoint: `https://${DOMAIN}/authorize`,
  token_endpoint: `https://${DOMAIN}/oauth/token`,
  userinfo_endpoint: USERINFO,
  jwks_uri: `https://${DOMAIN}/.well-known/jwks.json`,
  revocation_endpoint: `https://${DOMAIN}/oauth/revoke`,
  registration_endpoint: `https://${DOMAIN}/oidc/register`,
  end_session_endpoint: `https://${DOMAIN}/oidc/logout`,
  scopes_supported: ['openid', 'profile', 'offline_access', 'name', 'email', 'email_verified', 'nickname'],
  response_types_supported: ['code', 'token', 'id_token', 'code token', 'code id_token'],
  code_challenge_methods_supported: ['S256', 'plain'],
  subject_types_supported: ['public'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
};

function rulesFor(
  here: Here<Auth0Person>,
  redirectUris: string[],
  options: Auth0Options,
): Rules<Auth0Person> {
  const api = options.audience ?? 'https://mcp.acme.example/mcp';
  const clients: Client[] = [{ id: CLIENT_ID, secret: CLIENT_SECRET, redirectUris }];
  const audienceOf = ({ parameters }: { parameters: URLSearchParams }) => {
    const resource = options.resourceProfile ? parameters.get('resource') : null;
    // «Enable Resource Parameter Compatibility Profile», 2026-11-20: with both, the audience is used; without the profile, only that.
    return parameters.get('audience') ?? resource ?? undefined;
  };
  return {
    hosts: [`https://${DOMAIN}`],
    issuer: ISSUER,
    facts: { ...FACTS, issuerInResponse: options.issuerInResponse ?? FACTS.issuerInResponse },
    endpoints: ENDPOINTS,
    clients,
    people: AUTH0_PEOPLE,
    checkAuthorization(request) {
      const audience = audienceOf(request);
      if (audience !== undefined && audience !== api && audience !== here.place(USERINFO)) {
        // Auth0 Community «Service not found», 2026-11-20: an identifier is compared to the letter.
        throw new Refusal({
          status: 403,
          error: 'access_denied',
          description: `Service not found: ${audience}`,
        });
      }
    },
    grantedScopes(request, person) {
      // Docs «Enable RBAC for APIs», 2026-11-20: on, the scopes are those asked for that the person's roles give; off, all of the API.
      const forApi = audienceOf(request) === api;
      const allowed = options.permissionsInToken ? person.permissions : API_SCOPES;
      return request.scopes.filter(
        (scope) =>
          OIDC_SCOPES.includes(scope) || (forApi && API_SCOPES.includes(scope) && allowed.includes(scope)),
      );
    },
    accessToken: (exchange) =>
      audienceOf(exchange.grant.request) === api ? jwt(here, exchange, api, options) : opaque(here),
    idToken(exchange) {
      const { client, person, scopes, grant } = exchange;
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      return here.keys.sign({
        iss: here.place(ISSUER),
        aud: client.id,
        iat: here.nowSeconds(),
        exp: here.nowSeconds() + 36_000,
        ...about(person, scopes),
        ...(nonce === null || exchange.refreshing ? {} : { nonce }),
      });
    },
    // Docs «Adopt OIDC: Authorization Code Flow», 2026-11-20: `offline_access` must be asked for, and allowed by the API.
    wantsRefreshToken: ({ scopes, grant }) =>
      scopes.includes('offline_access') &&
      (audienceOf(grant.request) !== api || options.offlineAccess !== false),
    newToken: (kind) =>
      kind === 'refresh'
        ? `v1.${randomBytes(40).toString('base64url')}`
        : randomBytes(32).toString('base64url'),
    userinfo({ grant, scopes }) {
      // Authentication API «Get user info», unread: a token with `openid` only.
      if (!scopes.includes('openid')) throw new Refusal('token');
      return about(grant.person, scopes);
    },
    metadata: () => METADATA,
    routes: [
      options.registration ? registration(clients) : NO_REGISTRATION,
      // Authentication API «Auth0 logout», 2026-11-20: with `client_id`, `returnTo` is one of the application. The status of a refusal: unread.
      logoutRoute({
        endpoint: `https://${DOMAIN}/v2/logout`,
        returnParameter: 'returnTo',
        clientId: CLIENT_ID,
        allowed: options.logoutUris ?? [],
      }),
    ],
  };
}

function about(person: Auth0Person, scopes: readonly string[]): Claims {
  const { sub, email, email_verified, name, nickname, added } = person;
  return {
    sub,
    // Docs «OpenID Connect scopes», unread. There is no `preferred_username`.
    ...(scopes.includes('profile') ? { name, nickname, updated_at: '2026-11-01T00:00:00.000Z' } : {}),
    ...(scopes.includes('email') ? { email, email_verified } : {}),
    ...added,
  };
}

const REGISTER = `https://${DOMAIN}/oidc/register`;

/** Docs «Dynamic application registration», 2026-11-20: off until the tenant turns it on. That it is 404 then: unread. */
const NO_REGISTRATION: Route = {
  method: 'POST',
  path: new URL(REGISTER).pathname,
  handle: () => ({ status: 404, body: 'Not Found' }),
};

/** The same page, 2026-11-20: open to everybody, `client_secret_post` by default, or `none`; a secret never expires. */
const registration = (clients: Client[]): Route =>
  registrationRoute({
    endpoint: REGISTER,
    clients,
    register(wanted) {
      const method = String(wanted.metadata.token_endpoint_auth_method ?? 'client_secret_post');
      // The text of the refusal: unread.
      if (!['none', 'client_secret_post'].includes(method))
        throw new Refusal({ status: 400, error: 'invalid_client_metadata' });
      const client = asAsked(randomBytes(24).toString('base64url'), { ...wanted, method });
      const answer = {
        client_name: wanted.metadata.client_name,
        client_id: client.id,
        ...(client.secret === undefined ? {} : { client_secret: client.secret, client_secret_expires_at: 0 }),
        redirect_uris: wanted.redirectUris,
        token_endpoint_auth_method: method,
      };
      return { client, answer };
    },
  });

/** Docs «Access token profiles», 2026-11-20. */
function jwt(
  here: Here<Auth0Person>,
  { client, person, scopes }: Exchange<Auth0Person>,
  api: string,
  options: Auth0Options,
): Promise<string> {
  const own =
    options.tokenProfile === 'rfc9068'
      ? { client_id: client.id, jti: randomBytes(16).toString('base64url') }
      : { azp: client.id };
  return here.keys.sign(
    {
      iss: here.place(ISSUER),
      sub: person.sub,
      // The audience is a list when `openid` was asked for too: the token then also opens userinfo.
      aud: scopes.includes('openid') ? [api, here.place(USERINFO)] : api,
      iat: here.nowSeconds(),
      exp: here.nowSeconds() + FACTS.accessTokenSeconds,
      scope: scopes.join(' '),
      ...own,
      // Docs «Enable RBAC for APIs», 2026-11-20: all permissions of the person for this API, asked for or not.
      ...(options.permissionsInToken ? { permissions: person.permissions } : {}),
      ...person.added,
    },
    options.tokenProfile === 'rfc9068' ? { typ: 'at+jwt' } : { typ: 'JWT' },
  );
}

/** Docs «Access tokens», 2026-11-20: opaque without an audience. It looks like an encrypted token, of five parts. */
function opaque(here: Here<Auth0Person>): string {
  const header = { alg: 'dir', enc: 'A256GCM', iss: here.place(ISSUER) };
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}..${part(12)}.${part(80)}.${part(16)}`;
}

export async function startAuth0(
  options: Auth0Options = {},
): Promise<StandIn<Auth0Person> & { readonly issuer: string; readonly consoleValues: Auth0ConsoleValues }> {
  const standIn = await startStandIn<Auth0Person>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(ISSUER),
    consoleValues: {
      domain: DOMAIN,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      audience: options.audience ?? 'https://mcp.acme.example/mcp',
    },
  };
}

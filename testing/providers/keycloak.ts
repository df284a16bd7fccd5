// Keycloak, light: what a realm does before anybody configures it. The real server runs beside it. Page name and date of reading at each
// fact; «measured» is what others measured with 26.7 and wrote down on 2026-09-07, read 2026-11-20.
import { randomUUID } from 'node:crypto';
import { type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Route } from '../http-server.ts';
import { asAsked, registrationRoute, type Wanted } from '../registration.ts';
import type { Client, Endpoints, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';

const HOST = 'https://sso.acme.example';
const REALM = `${HOST}/realms/acme`;
const PROTOCOL = `${REALM}/protocol/openid-connect`;
const CLIENT_ID = 'mcp-server';
const CLIENT_SECRET = 'keycloak-secret-of-the-client';

const grantError = (description: string): FaultFact => ({ status: 400, error: 'invalid_grant', description });
const CREDENTIALS: FaultFact = {
  status: 401,
  error: 'unauthorized_client',
  description: 'Invalid client or Invalid client credentials',
};

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'unknown-client': { status: 400, error: 'Client not found.', where: 'page' },
  'redirect-not-registered': { status: 400, error: 'Invalid parameter: redirect_uri', where: 'page' },
  'missing-parameter': {
    status: 302,
    error: 'invalid_request',
    description: 'Missing parameter: {detail}',
    where: 'redirect',
  },
  scope: { status: 302, error: 'invalid_scope', description: 'Invalid scopes: {detail}', where: 'redirect' },
  'client-not-found': { ...CREDENTIALS, error: 'invalid_client' },
  'client-authentication': CREDENTIALS,
  'client-unauthenticated': CREDENTIALS,
  // Measured, with their texts.
  code: grantError('Code not valid'),
  'code-used': grantError('Code not valid'),
  'code-expired': grantError('Code not valid'),
  'redirect-differs': grantError('Incorrect redirect_uri'),
  'verifier-missing': grantError('PKCE code verifier not specified'),
  verifier: grantError('PKCE verification failed: Code mismatch'),
  'refresh-token': grantError('Token is not active'),
};

export const FACTS: Facts = {
  alg: 'RS256',
  // Measured: sixty seconds.
  codeSeconds: 60,
  // «Server Administration Guide», session and token timeouts, unread: five minutes.
  accessTokenSeconds: 300,
  challengeMethods: ['S256', 'plain'],
  challengeMethodDefault: 'plain',
  challengeRequired: 'never',
  requiredParameters: [],
  redirectUriRequired: true,
  clientAuthentication: ['basic', 'post'],
  // «Server Administration Guide», revoke refresh token, unread: off, a new one is issued and the old one stays.
  rotation: 'old one stays',
  revocable: ['access', 'refresh'],
  // Since 23, RFC 9207: seen in callbacks that people quote, 2026-11-20.
  issuerInResponse: true,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

const ENDPOINTS: Endpoints = {
  authorize: [`${PROTOCOL}/auth`],
  token: [`${PROTOCOL}/token`],
  userinfo: [`${PROTOCOL}/userinfo`],
  introspect: [`${PROTOCOL}/token/introspect`],
  revoke: [`${PROTOCOL}/revoke`],
  jwks: [`${PROTOCOL}/certs`],
  metadata: [
    `${REALM}/.well-known/openid-configuration`,
    `${HOST}/.well-known/oauth-authorization-server/realms/acme`,
  ],
};

export interface KeycloakPerson extends Person {
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

export const KEYCLOAK_PEOPLE: readonly KeycloakPerson[] = [
  {
    login: 'alice',
    sub: 'f0e1d2c3-0000-4000-8000-000000000001',
    email: 'alice@acme.example',
    email_verified: true,
    name: 'Alice Adams',
    roles: ['analyst', 'offline_access'],
    groups: ['/analysts', '/staff/data'],
  },
  // Without the role `offline_access`.
  {
    login: 'bob',
    sub: 'f0e1d2c3-0000-4000-8000-000000000002',
    email: 'bob@acme.example',
    email_verified: false,
    name: 'Bob Brown',
    roles: [],
    groups: [],
  },
];

export interface KeycloakOptions extends StandInOptions {
  /** «Included Custom Audience» of an audience mapper. Default: no mapper. */
  readonly audience?: string;
  /** A group membership mapper, with full paths. Default: none. */
  readonly groupsMapper?: boolean;
  /** «Trusted Hosts» of the policies for anonymous registration. Default: none, and then nobody can register. */
  readonly trustedHosts?: readonly string[];
  /** A client without authentication. Default: confidential. */
  readonly publicClient?: boolean;
}

export interface KeycloakConsoleValues {
  readonly realmUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly audience?: string;
}

const SCOPES = ['openid', 'profile', 'email', 'roles', 'offline_access', 'mcp:read', 'mcp:write'];

function rulesFor(
  here: Here<KeycloakPerson>,
  redirectUris: string[],
  options: KeycloakOptions,
): Rules<KeycloakPerson> {
  const issuer = () => here.place(REALM);
  const secret = options.publicClient ? {} : { secret: CLIENT_SECRET };
  const clients: Client[] = [{ id: CLIENT_ID, ...secret, redirectUris }];
  const times = () => ({ iat: here.nowSeconds(), exp: here.nowSeconds() + FACTS.accessTokenSeconds });
  return {
    hosts: [HOST],
    issuer: REALM,
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients,
    people: KEYCLOAK_PEOPLE,
    // «Server Administration Guide», valid redirect URIs, unread: a star at the end.
    matchesRedirect: (registered, given) =>
      registered.endsWith('*') ? given.startsWith(registered.slice(0, -1)) : registered === given,
    checkAuthorization({ scopes }) {
      const unknown = scopes.filter((scope) => !SCOPES.includes(scope));
      if (unknown.length > 0) throw new Refusal('scope', unknown.join(' '));
    },
    checkExchange({ grant, person }) {
      // «Server Administration Guide», offline access, unread: by role.
      if (grant.request.scopes.includes('offline_access') && !person.roles.includes('offline_access')) {
        throw new Refusal({
          status: 400,
          error: 'not_allowed',
          description: 'Offline tokens not allowed for the user or client',
        });
      }
    },
    // Default client scopes are there, asked for or not.
    grantedScopes: ({ scopes }) => [...new Set([...scopes, 'profile', 'email'])],
    accessToken: ({ person, client, scopes, grant }) =>
      here.keys.sign(
        {
          ...times(),
          auth_time: grant.authTimeSeconds,
          jti: randomUUID(),
          iss: issuer(),
          // «Server Administration Guide», audience support, unread: never the server that is asked, unless a mapper says so.
          aud: options.audience === undefined ? 'account' : [options.audience, 'account'],
          typ: 'Bearer',
          azp: client.id,
          sid: randomUUID(),
          scope: scopes.join(' '),
          realm_access: { roles: person.roles },
          ...about(person, options),
        },
        { typ: 'JWT' },
      ),
    idToken({ person, client, scopes, grant, refreshing }) {
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      const claims = {
        ...times(),
        iss: issuer(),
        aud: client.id,
        typ: 'ID',
        azp: client.id,
        ...about(person, options),
      };
      return here.keys.sign(
        { ...claims, ...(nonce === null || refreshing ? {} : { nonce }) },
        { typ: 'JWT' },
      );
    },
    // A refresh token of the session, asked for or not.
    wantsRefreshToken: () => true,
    tokenAnswer: (body) => ({
      body: { ...body, refresh_expires_in: 1800, 'not-before-policy': 0, session_state: randomUUID() },
    }),
    userinfo({ grant, scopes }) {
      // Measured by many since 19: without `openid`, status 403.
      if (!scopes.includes('openid')) throw new Refusal('token-scope');
      return about(grant.person, options);
    },
    introspection: ({ grant, scopes, expiresAtSeconds }) => ({
      ...about(grant.person, options),
      username: grant.person.login,
      client_id: grant.client.id,
      scope: scopes.join(' '),
      exp: expiresAtSeconds,
    }),
    metadata: () => ({
      issuer: REALM,
      authorization_endpoint: ENDPOINTS.authorize[0],
      token_endpoint: ENDPOINTS.token[0],
      userinfo_endpoint: ENDPOINTS.userinfo![0],
      introspection_endpoint: ENDPOINTS.introspect![0],
      revocation_endpoint: ENDPOINTS.revoke![0],
      end_session_endpoint: `${PROTOCOL}/logout`,
      jwks_uri: ENDPOINTS.jwks![0],
      registration_endpoint: REGISTER,
      response_types_supported: ['code', 'none', 'id_token'],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'EdDSA'],
      scopes_supported: SCOPES,
      token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
      code_challenge_methods_supported: ['plain', 'S256'],
      authorization_response_iss_parameter_supported: true,
    }),
    routes: [registration(clients, options)],
  };
}

const REGISTER = `${REALM}/clients-registrations/openid-connect`;

/** As quoted in issues and discussions, unread: status and text. */
const rejected = (policy: string, details: string): FaultFact => ({
  status: 403,
  error: 'insufficient_scope',
  description: `Policy '${policy}' rejected request to client-registration service. Details: ${details}`,
});

/**
 * «Client registration policies», 2026-11-20: without a token only from trusted hosts, with addresses of theirs, and there are none at first;
 * only scopes that the realm has by default. Which of a realm's scopes those are is its own affair: here, all.
 */
function registration(clients: Client[], { trustedHosts = [] }: KeycloakOptions): Route {
  const isTrusted = (uri: string) => URL.canParse(uri) && trustedHosts.includes(new URL(uri).hostname);
  const check = ({ redirectUris, metadata }: Wanted) => {
    if (trustedHosts.length === 0) throw new Refusal(rejected('Trusted Hosts', 'Host not trusted.'));
    if (!redirectUris.every(isTrusted))
      throw new Refusal(rejected('Trusted Hosts', "URI doesn't match any trusted host or trusted domain"));
    const asked = String(metadata.scope ?? '')
      .split(' ')
      .filter(Boolean);
    if (asked.some((scope) => !SCOPES.includes(scope)))
      throw new Refusal(rejected('Allowed Client Scopes', 'Not permitted to use specified clientScope'));
  };
  return registrationRoute({
    endpoint: REGISTER,
    clients,
    register(wanted) {
      check(wanted);
      const client = asAsked(randomUUID(), wanted);
      const secret = client.secret === undefined ? {} : { client_secret: client.secret };
      const answer = {
        ...wanted.metadata,
        client_id: client.id,
        ...secret,
        client_secret_expires_at: 0,
        token_endpoint_auth_method: wanted.method,
        registration_client_uri: `${REGISTER}/${client.id}`,
        registration_access_token: randomUUID(),
      };
      return { client, answer };
    },
  });
}

function about(
  { sub, login, email, email_verified, name, groups }: KeycloakPerson,
  options: KeycloakOptions,
): Claims {
  return {
    sub,
    preferred_username: login,
    name,
    email,
    email_verified,
    ...(options.groupsMapper ? { groups } : {}),
  };
}

export async function startKeycloak(
  options: KeycloakOptions = {},
): Promise<
  StandIn<KeycloakPerson> & { readonly issuer: string; readonly consoleValues: KeycloakConsoleValues }
> {
  const standIn = await startStandIn<KeycloakPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  const secret = options.publicClient ? {} : { clientSecret: CLIENT_SECRET };
  const audience = options.audience === undefined ? {} : { audience: options.audience };
  const issuer = standIn.place(REALM);
  return {
    ...standIn,
    issuer,
    consoleValues: { realmUrl: issuer, clientId: CLIENT_ID, ...secret, ...audience },
  };
}

// Amazon Cognito user pools, as AWS documents them: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes, randomUUID } from 'node:crypto';
import { type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import { logoutRoute } from '../logout.ts';
import type { Endpoints, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import { type Claims, tokenHash } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';

const REGION = 'eu-central-1';
const POOL = `${REGION}_Ab12Cd34E`;
const DOMAIN = `https://acme.auth.${REGION}.amazoncognito.com`;
/** «Understanding the access token», 2026-11-20: another host than that of the endpoints. */
const ISSUER = `https://cognito-idp.${REGION}.amazonaws.com/${POOL}`;
const CLIENT_ID = '57cbishk4j24pabc1234567890';
const CLIENT_SECRET = 'secret-of-the-confidential-app-client';
/** «Scopes, M2M, and resource servers», 2026-11-20: identifier of the resource server, a slash, and the name. */
const API = 'https://mcp.acme.example/mcp';
const SCOPES = [
  'openid',
  'email',
  'phone',
  'profile',
  'aws.cognito.signin.user.admin',
  `${API}/read`,
  `${API}/write`,
];

/** «Token endpoint», examples of negative responses, 2026-11-20: status 400, and no description. */
const plain = (error: string): FaultFact => ({ status: 400, error });

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'client-not-found': plain('invalid_client'),
  'client-authentication': plain('invalid_client'),
  'client-unauthenticated': plain('invalid_client'),
  'public-client-with-secret': plain('invalid_client'),
  // «Authorize endpoint», 2026-11-20: with a good client and address all other mistakes are redirected, as `invalid_request`.
  'response-type': { status: 302, error: 'invalid_request', where: 'redirect' },
  // «UserInfo endpoint», 2026-11-20: 400 without a token, 401 with a bad one.
  'token-missing': {
    status: 400,
    error: 'invalid_request',
    description: 'Bad OAuth2 request at UserInfo Endpoint',
  },
  token: {
    status: 401,
    error: 'invalid_token',
    description: 'Access token is expired, disabled, or deleted, or the user has globally signed out.',
  },
};

export const FACTS: Facts = {
  // «Understanding the access token», 2026-11-20: RS256, and other keys for ID tokens than for access tokens.
  alg: 'RS256',
  keyUses: ['access', 'id'],
  // «Authorize endpoint», 2026-11-20: five minutes.
  codeSeconds: 300,
  accessTokenSeconds: 3600,
  // «Authorize endpoint», 2026-11-20: only S256, and the method must be there.
  challengeMethods: ['S256'],
  challengeRequired: 'never',
  requiredParameters: [],
  redirectUriRequired: true,
  // «Token endpoint», 2026-11-20: both, which older editions of the page did not have.
  clientAuthentication: ['basic', 'post'],
  // «Refresh tokens», 2026-11-20: none with a refresh, unless rotation is on.
  rotation: 'none',
  // «Revoke endpoint», 2026-11-20: `unsupported_token_type` for others.
  revocable: ['refresh'],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

const ENDPOINTS: Endpoints = {
  authorize: [`${DOMAIN}/oauth2/authorize`],
  token: [`${DOMAIN}/oauth2/token`],
  userinfo: [`${DOMAIN}/oauth2/userInfo`],
  revoke: [`${DOMAIN}/oauth2/revoke`],
  jwks: [`${ISSUER}/.well-known/jwks.json`],
  metadata: [`${ISSUER}/.well-known/openid-configuration`],
};

/** Discovery document of user pools, unread: it names no challenge methods. */
const METADATA: Claims = {
  issuer: ISSUER,
  authorization_endpoint: ENDPOINTS.authorize[0],
  token_endpoint: ENDPOINTS.token[0],
  userinfo_endpoint: ENDPOINTS.userinfo![0],
  revocation_endpoint: ENDPOINTS.revoke![0],
  // Named since 2024-02; «Logout endpoint», 2026-11-20: its parameters are not those of OpenID Connect.
  end_session_endpoint: `${DOMAIN}/logout`,
  jwks_uri: ENDPOINTS.jwks![0],
  response_types_supported: ['code', 'token'],
  scopes_supported: ['openid', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
};

export interface CognitoPerson extends Person {
  readonly username: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly groups: readonly string[];
}

export const COGNITO_PEOPLE: readonly CognitoPerson[] = [
  {
    login: 'alice@acme.example',
    sub: '3344a852-6001-70e5-4d2a-000000000001',
    username: 'alice',
    email: 'alice@acme.example',
    email_verified: true,
    name: 'Alice Adams',
    groups: ['admin', 'analysts'],
  },
  {
    login: 'bob@acme.example',
    sub: '3344a852-6001-70e5-4d2a-000000000002',
    // A person of a federated provider: «Mapping IdP attributes», unread.
    username: 'google_108204268033311374519',
    email: 'bob@acme.example',
    email_verified: false,
    name: 'Bob Brown',
    groups: [],
  },
];

export interface AwsOptions extends StandInOptions {
  /** Feature plan: resource binding is for `essentials` and `plus`. Default `essentials`. */
  readonly plan?: 'lite' | 'essentials' | 'plus';
  /** «Refresh token rotation» of the app client. Default: off. */
  readonly rotation?: boolean;
  /** An app client without a secret. Default: with one. */
  readonly publicClient?: boolean;
  /** «Allowed sign-out URLs» of the app client. Default none. */
  readonly logoutUris?: readonly string[];
}

export interface AwsConsoleValues {
  readonly region: string;
  readonly userPoolId: string;
  /** «Cognito domain». */
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

function rulesFor(
  here: Here<CognitoPerson>,
  redirectUris: string[],
  options: AwsOptions,
): Rules<CognitoPerson> {
  const secret = options.publicClient ? {} : { secret: CLIENT_SECRET };
  const binds = options.plan !== 'lite';
  return {
    hosts: [DOMAIN, `https://cognito-idp.${REGION}.amazonaws.com`],
    facts: { ...FACTS, rotation: options.rotation ? 'old one ends' : FACTS.rotation },
    endpoints: ENDPOINTS,
    clients: [{ id: CLIENT_ID, ...secret, redirectUris }],
    people: COGNITO_PEOPLE,
    checkAuthorization({ scopes, parameters }) {
      // «Authorize endpoint», 2026-11-20: unknown scopes; and the others of OpenID Connect only together with `openid`.
      const personal = scopes.some((scope) => ['email', 'phone', 'profile'].includes(scope));
      if (scopes.some((scope) => !SCOPES.includes(scope)) || (personal && !scopes.includes('openid'))) {
        throw new Refusal('scope');
      }
      // «Authorize endpoint», 2026-11-20: resources begin with `https://`, `http://localhost` or a scheme of one's own.
      const resources = binds ? parameters.getAll('resource') : [];
      const good = /^(https:\/\/|http:\/\/localhost([:/]|$)|(?!https?:)[a-z][a-z0-9+.-]*:\/\/)/;
      if (resources.length > 1 || resources.some((resource) => !good.test(resource))) {
        throw new Refusal({ status: 302, error: 'invalid_request', where: 'redirect' });
      }
    },
    // «Authorize endpoint», 2026-11-20: without scopes, all of the app client.
    grantedScopes: ({ scopes }) => (scopes.length > 0 ? scopes : SCOPES),
    accessToken({ grant, person, client, scopes }) {
      const resource = binds ? grant.request.parameters.get('resource') : null;
      return here.keys.sign({
        sub: person.sub,
        ...(person.groups.length > 0 ? { 'cognito:groups': person.groups } : {}),
        iss: here.place(ISSUER),
        version: 2,
        client_id: client.id,
        // «Understanding the access token», 2026-11-20: only with a resource binding, and it stays with refreshes.
        ...(resource === null ? {} : { aud: resource }),
        origin_jti: randomUUID(),
        token_use: 'access',
        scope: scopes.join(' '),
        auth_time: grant.authTimeSeconds,
        ...times(here),
        jti: randomUUID(),
        username: person.username,
      });
    },
    idToken({ grant, person, client, scopes, refreshing }, accessToken) {
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      return here.keys.sign(
        {
          at_hash: tokenHash(accessToken!),
          ...about(person, scopes),
          'cognito:username': person.username,
          ...(person.groups.length > 0 ? { 'cognito:groups': person.groups } : {}),
          iss: here.place(ISSUER),
          aud: client.id,
          token_use: 'id',
          auth_time: grant.authTimeSeconds,
          ...times(here),
          ...(nonce === null || refreshing ? {} : { nonce }),
        },
        {},
        'id',
      );
    },
    wantsRefreshToken: () => true,
    newToken: (kind) => (kind === 'code' ? randomUUID() : randomBytes(256).toString('base64url')),
    // «Token endpoint», examples, 2026-11-20: the answer does not name the scopes.
    tokenAnswer: ({ scope: _unsaid, ...body }) => ({ body }),
    userinfo({ grant, scopes }) {
      // «UserInfo endpoint», 2026-11-20: a token with `openid`.
      if (!scopes.includes('openid')) throw new Refusal('token');
      const { email_verified, ...rest } = about(grant.person, scopes);
      // Here, unlike in ID tokens, it is a text: «UserInfo endpoint», sample response, unread.
      const verified = email_verified === undefined ? {} : { email_verified: String(email_verified) };
      return { ...rest, ...verified, username: grant.person.username };
    },
    metadata: () => METADATA,
    // «Logout endpoint», 2026-11-20: `client_id` and `logout_uri`, one of the allowed sign-out URLs. The status of a refusal: unread.
    routes: [
      logoutRoute({
        endpoint: `${DOMAIN}/logout`,
        returnParameter: 'logout_uri',
        clientId: CLIENT_ID,
        allowed: options.logoutUris ?? [],
      }),
    ],
  };
}

const times = (here: Here<CognitoPerson>): Claims => ({
  iat: here.nowSeconds(),
  exp: here.nowSeconds() + FACTS.accessTokenSeconds,
});

function about({ sub, email, email_verified, name }: CognitoPerson, scopes: readonly string[]): Claims {
  return {
    sub,
    ...(scopes.includes('email') ? { email, email_verified } : {}),
    ...(scopes.includes('profile') ? { name } : {}),
  };
}

export async function startAws(
  options: AwsOptions = {},
): Promise<StandIn<CognitoPerson> & { readonly issuer: string; readonly consoleValues: AwsConsoleValues }> {
  const standIn = await startStandIn<CognitoPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(ISSUER),
    consoleValues: {
      region: REGION,
      userPoolId: POOL,
      domain: DOMAIN,
      clientId: CLIENT_ID,
      ...(options.publicClient ? {} : { clientSecret: CLIENT_SECRET }),
    },
  };
}

// Identity domains of Oracle Cloud, as Oracle documents them: page name and date of reading at each fact; `unread` where the page was not
// at hand.
import { randomBytes } from 'node:crypto';
import { type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Exchange, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';

const TENANT = 'idcs-0123456789abcdef0123456789abcdef';
const DOMAIN = `https://${TENANT}.identity.oraclecloud.com`;
/** «Identity provider details to use for iss and aud claims», 2026-11-20: not the address of the domain, with a slash at the end. */
const ISSUER = 'https://identity.oraclecloud.com/';
const CLIENT_ID = '67179f2609ab46309a75e5ca1f582a53';
const CLIENT_SECRET = 'idcscs-secret-of-the-confidential-application';
/** «Primary audience» of the resource application: «OAuth Resource Indicators», 2026-11-20, makes full scopes of it and the name. */
const AUDIENCE = 'https://mcp.acme.example/';
const API_SCOPES = ['mcp.read', 'mcp.write'].map((name) => `${AUDIENCE}${name}`);

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // Texts of errors: unread.
  code: { status: 400, error: 'invalid_grant', description: 'The authorization code is invalid or expired.' },
  'refresh-token': {
    status: 400,
    error: 'invalid_grant',
    description: 'The refresh token is invalid or expired.',
  },
};

export const FACTS: Facts = {
  alg: 'RS256',
  codeSeconds: 600,
  accessTokenSeconds: 3600,
  challengeMethods: ['S256', 'plain'],
  challengeMethodDefault: 'plain',
  challengeRequired: 'of public clients',
  requiredParameters: ['scope'],
  redirectUriRequired: true,
  // «Retrieve OpenID Discovery Doc», example, 2026-11-20: `client_secret_basic` and `client_secret_jwt`, no others.
  clientAuthentication: ['basic'],
  // «Access grant types», refresh token, unread: a new one each time, and the old one ends.
  rotation: 'old one ends',
  revocable: ['access', 'refresh'],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

const ENDPOINTS: Endpoints = {
  authorize: [`${DOMAIN}/oauth2/v1/authorize`],
  token: [`${DOMAIN}/oauth2/v1/token`],
  userinfo: [`${DOMAIN}/oauth2/v1/userinfo`],
  introspect: [`${DOMAIN}/oauth2/v1/introspect`],
  revoke: [`${DOMAIN}/oauth2/v1/revoke`],
  jwks: [`${DOMAIN}/admin/v1/SigningCert/jwk`],
  metadata: [`${DOMAIN}/.well-known/openid-configuration`],
};

/** «Retrieve OpenID Discovery Doc», example, 2026-11-20: `introspect_endpoint`, and no challenge methods. */
const METADATA: Claims = {
  issuer: ISSUER,
  authorization_endpoint: ENDPOINTS.authorize[0],
  token_endpoint: ENDPOINTS.token[0],
  userinfo_endpoint: ENDPOINTS.userinfo![0],
  revocation_endpoint: ENDPOINTS.revoke![0],
  introspect_endpoint: ENDPOINTS.introspect![0],
  end_session_endpoint: `${DOMAIN}/oauth2/v1/userlogout`,
  jwks_uri: ENDPOINTS.jwks![0],
  response_types_supported: ['code', 'token', 'id_token', 'code token', 'code id_token', 'token id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: [
    'openid',
    'profile',
    'offline_access',
    'email',
    'address',
    'phone',
    'groups',
    'get_groups',
    'approles',
    'get_approles',
  ],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_jwt'],
  request_parameter_supported: false,
};
const OIDC_SCOPES = METADATA.scopes_supported as readonly string[];

export interface OciPerson extends Person {
  readonly id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly groups: readonly string[];
}

export const OCI_PEOPLE: readonly OciPerson[] = [
  // «Access token» of identity domains, 2026-11-20: the subject is the user name, and `user_id` the id.
  {
    login: 'alice@acme.example',
    sub: 'alice@acme.example',
    id: '8f1d2c5e0a4b4a9e9b1a1e2f3a4b5c01',
    email: 'alice@acme.example',
    email_verified: true,
    name: 'Alice Adams',
    groups: ['Analysts', 'Administrators'],
  },
  {
    login: 'bob',
    sub: 'bob',
    id: '8f1d2c5e0a4b4a9e9b1a1e2f3a4b5c02',
    email: 'bob@acme.example',
    email_verified: false,
    name: 'Bob Brown',
    groups: [],
  },
];

export interface OciOptions extends StandInOptions {
  /** «Access signing certificate» of the domain settings. Default: on; the product has it off. */
  readonly publicCertificate?: boolean;
  /** «Refresh token» grant of the application, and of the resource application. Default: on. */
  readonly refreshGrant?: boolean;
}

export interface OciConsoleValues {
  readonly domainUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
}

function rulesFor(here: Here<OciPerson>, redirectUris: string[], options: OciOptions): Rules<OciPerson> {
  return {
    // Two hosts: the issuer is not the domain.
    hosts: [DOMAIN, 'https://identity.oraclecloud.com'],
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients: [{ id: CLIENT_ID, secret: CLIENT_SECRET, redirectUris }],
    people: OCI_PEOPLE,
    checkAuthorization({ scopes }) {
      // Scopes in full, of what the application was given: «OAuth Resource Indicators», 2026-11-20.
      if (scopes.some((scope) => !OIDC_SCOPES.includes(scope) && !API_SCOPES.includes(scope)))
        throw new Refusal('scope');
    },
    accessToken: (exchange) =>
      here.keys.sign(accessTokenClaims(here, exchange), { typ: 'JWT', x5t: 'stand-in' }),
    idToken({ grant, person, client, scopes, refreshing }) {
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      return here.keys.sign({
        ...aboutPerson(person),
        iss: here.place(ISSUER),
        // As quoted from real logs, 2026-11-20: a list, with the issuer in it.
        aud: [here.place(ISSUER), client.id],
        azp: client.id,
        tok_type: 'IT',
        auth_time: grant.authTimeSeconds,
        ...times(here),
        jti: randomBytes(16).toString('hex'),
        ...(scopes.includes('groups') ? { groups: person.groups } : {}),
        ...(nonce === null || refreshing ? {} : { nonce }),
      });
    },
    // «Access grant types», unread: with `offline_access`, if both applications allow it.
    wantsRefreshToken: ({ scopes }) => scopes.includes('offline_access') && options.refreshGrant !== false,
    // As its answers are quoted: no scopes are named.
    tokenAnswer: ({ scope: _unsaid, ...body }) => ({ body }),
    userinfo({ grant: { person }, scopes }) {
      // «Get user info», unread: it wants a token of the domain itself, with `openid`.
      if (!scopes.includes('openid')) throw new Refusal('token');
      const { sub, email, email_verified, name, groups } = person;
      return {
        sub,
        ...(scopes.includes('profile') ? { name, preferred_username: sub } : {}),
        ...(scopes.includes('email') ? { email, email_verified } : {}),
        // «Retrieve OpenID Discovery Doc», 2026-11-20, has both scopes; here groups are objects: unread.
        ...(scopes.includes('get_groups')
          ? { groups: groups.map((display) => ({ name: display, id: display.toLowerCase() })) }
          : {}),
      };
    },
    introspection: ({ grant, scopes, expiresAtSeconds }) => ({
      ...aboutPerson(grant.person),
      client_id: grant.client.id,
      scope: scopes.join(' '),
      exp: expiresAtSeconds,
    }),
    jwks() {
      // «Change default settings», 2026-11-20: without the setting, only for who is signed in.
      if (options.publicCertificate === false) throw new Refusal('token-missing');
      return here.keys.jwks;
    },
    metadata: () => METADATA,
  };
}

const times = (here: Here<OciPerson>): Claims => ({
  iat: here.nowSeconds(),
  exp: here.nowSeconds() + FACTS.accessTokenSeconds,
});

const aboutPerson = ({ sub, id, name }: OciPerson): Claims => ({
  sub,
  user_id: id,
  user_displayname: name,
  user_tenantname: TENANT,
  sub_type: 'user',
  sub_mappingattr: 'userName',
  tenant: TENANT,
});

/** «Access token» of identity domains, 2026-11-20. */
function accessTokenClaims(here: Here<OciPerson>, { person, client, scopes }: Exchange<OciPerson>): Claims {
  const api = scopes.filter((scope) => API_SCOPES.includes(scope));
  return {
    ...aboutPerson(person),
    iss: here.place(ISSUER),
    aud: api.length > 0 ? AUDIENCE : [here.place(DOMAIN), here.place(ISSUER)],
    tok_type: 'AT',
    client_id: client.id,
    client_name: 'MCP',
    // The audience is not said again in the scopes.
    scope: scopes.map((scope) => (api.includes(scope) ? scope.slice(AUDIENCE.length) : scope)).join(' '),
    ...times(here),
    jti: randomBytes(16).toString('hex'),
  };
}

export async function startOci(
  options: OciOptions = {},
): Promise<StandIn<OciPerson> & { readonly issuer: string; readonly consoleValues: OciConsoleValues }> {
  const standIn = await startStandIn<OciPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(ISSUER),
    consoleValues: {
      domainUrl: standIn.place(DOMAIN),
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      audience: AUDIENCE,
    },
  };
}

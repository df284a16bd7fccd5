// Google, as it documents itself: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes } from 'node:crypto';
import { errorBody, type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Answer, Asked } from '../http-server.ts';
import type { Endpoints, Facts, Here, Person, Rules, StandInOptions, Token } from '../rules.ts';
import { type Claims, tokenHash } from '../signing-keys.ts';
import { isLive, page, type StandIn, startStandIn } from '../stand-in.ts';

const CLIENT_ID = '407408718192-k1r5e2h8.apps.googleusercontent.com';
const CLIENT_SECRET = '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ation';
/** «OpenID Connect API reference», 2026-11-20: the modern value; `accounts.google.com` is a legacy one. */
const ISSUER = 'https://accounts.google.com';
const SCOPE_PREFIX = 'https://www.googleapis.com/auth/';

/** «Using OAuth 2.0 for Web Server Applications», 2026-11-20: mistakes of the request are shown to the person, «Error 400: ...». */
const shown = (error: string, description = ''): FaultFact => ({
  status: 400,
  error,
  description,
  where: 'page',
});
const CLIENT: FaultFact = {
  status: 401,
  error: 'invalid_client',
  description: 'The OAuth client was not found.',
};
const BAD_CODE: FaultFact = { status: 400, error: 'invalid_grant', description: 'Bad Request' };

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'redirect-not-registered': shown('redirect_uri_mismatch'),
  'missing-parameter': shown('invalid_request', 'Missing required parameter: {detail}'),
  'repeated-parameter': shown('invalid_request', 'OAuth 2 parameters can only have a single value: {detail}'),
  'response-type': shown('invalid_request', 'Invalid response_type: {detail}'),
  'challenge-method': shown('invalid_request', 'Invalid code_challenge_method: {detail}'),
  scope: shown('invalid_scope', 'Some requested scopes were invalid. {invalid=[{detail}]}'),
  'unknown-client': { ...CLIENT, where: 'page' },
  'client-not-found': CLIENT,
  'client-authentication': { status: 401, error: 'invalid_client', description: 'Unauthorized' },
  'client-unauthenticated': {
    status: 400,
    error: 'invalid_request',
    description: 'client_secret is missing.',
  },
  code: { status: 400, error: 'invalid_grant', description: 'Malformed auth code.' },
  'code-used': BAD_CODE,
  'code-expired': BAD_CODE,
  'redirect-differs': { status: 400, error: 'redirect_uri_mismatch', description: 'Bad Request' },
  verifier: { status: 400, error: 'invalid_grant', description: 'Invalid code verifier.' },
  'verifier-missing': { status: 400, error: 'invalid_grant', description: 'Missing code verifier.' },
  // As quoted in many issues, 2026-11-20.
  'refresh-token': { status: 400, error: 'invalid_grant', description: 'Token has been expired or revoked.' },
  'token-missing': { status: 401, error: 'invalid_request', description: 'Invalid Credentials' },
  token: { status: 401, error: 'invalid_request', description: 'Invalid Credentials' },
};

export const FACTS: Facts = {
  alg: 'RS256',
  codeSeconds: 600, // unread
  // «Using OAuth 2.0 to Access Google APIs», 2026-11-20: about an hour; answers say 3599.
  accessTokenSeconds: 3599,
  challengeMethods: ['S256', 'plain'],
  challengeMethodDefault: 'plain',
  challengeRequired: 'never',
  requiredParameters: ['scope'],
  redirectUriRequired: true,
  // Discovery document, 2026-11-20. A web application needs its secret even with a code challenge.
  clientAuthentication: ['post', 'basic'],
  rotation: 'none', // a refresh gives an access token only
  revocable: [], // an endpoint of its own kind
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

const ENDPOINTS: Endpoints = {
  authorize: ['https://accounts.google.com/o/oauth2/v2/auth'],
  token: ['https://oauth2.googleapis.com/token'],
  userinfo: [
    'https://openidconnect.googleapis.com/v1/userinfo',
    'https://www.googleapis.com/oauth2/v3/userinfo',
  ],
  jwks: ['https://www.googleapis.com/oauth2/v3/certs'],
  metadata: ['https://accounts.google.com/.well-known/openid-configuration'],
};

const METADATA: Claims = {
  issuer: ISSUER,
  authorization_endpoint: ENDPOINTS.authorize[0],
  token_endpoint: ENDPOINTS.token[0],
  userinfo_endpoint: ENDPOINTS.userinfo![0],
  revocation_endpoint: 'https://oauth2.googleapis.com/revoke',
  jwks_uri: ENDPOINTS.jwks![0],
  response_types_supported: ['code', 'token', 'id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['openid', 'email', 'profile'],
  token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  code_challenge_methods_supported: ['plain', 'S256'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
};

/**
 * Parameters of the authorization endpoint. Others are refused: «Parameter not allowed for this message type», quoted for `username` and
 * `action`, 2026-11-20. RFC 8707 is documented nowhere, so `resource` is taken for one of the others: doubtful.
 */
const PARAMETERS = new Set(
  `client_id redirect_uri response_type scope state nonce access_type prompt login_hint hd include_granted_scopes code_challenge
  code_challenge_method display enable_granular_consent response_mode`.split(/\s+/),
);

export interface GooglePerson extends Person {
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  /** Domain of the organisation, for accounts of one. */
  readonly hd?: string;
}

export const GOOGLE_PEOPLE: readonly GooglePerson[] = [
  {
    login: 'alice@acme.example',
    sub: '110169484474386276334',
    email: 'alice@acme.example',
    email_verified: true,
    name: 'Alice Adams',
    hd: 'acme.example',
  },
  {
    login: 'bob@gmail.example',
    sub: '108204268033311374519',
    email: 'bob@gmail.example',
    email_verified: true,
    name: 'Bob Brown',
  },
  // «Authenticate with a backend server», unread: an account of a foreign domain has an e-mail of that domain, and no `hd`.
  {
    login: 'carol@acme.example',
    sub: '104411118231121321129',
    email: 'carol@acme.example',
    email_verified: false,
    name: 'Carol Clark',
  },
];

export interface GoogleOptions extends StandInOptions {
  /** «User type: Internal» of the consent screen, with the organisation's domain. Default: external. */
  readonly internalTo?: string;
}

export interface GoogleConsoleValues {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** «OAuth 2.0 Scopes for Google APIs», 2026-11-20: the short names are said in full in answers. */
const inFull = (scope: string) =>
  scope === 'email' || scope === 'profile' ? `${SCOPE_PREFIX}userinfo.${scope}` : scope;

function rulesFor(
  here: Here<GooglePerson>,
  redirectUris: string[],
  options: GoogleOptions,
): Rules<GooglePerson> {
  return {
    hosts: [
      ISSUER,
      'https://oauth2.googleapis.com',
      'https://openidconnect.googleapis.com',
      'https://www.googleapis.com',
    ],
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients: [{ id: CLIENT_ID, secret: CLIENT_SECRET, redirectUris }],
    people: GOOGLE_PEOPLE,
    checkAuthorization({ parameters, scopes }) {
      for (const name of parameters.keys()) {
        if (!PARAMETERS.has(name)) {
          throw new Refusal(shown('invalid_request', `Parameter not allowed for this message type: ${name}`));
        }
      }
      // There is no `offline_access`: «Using OAuth 2.0 for Web Server Applications», 2026-11-20, has `access_type` for it.
      const invalid = scopes.filter((scope) => scope !== 'openid' && !inFull(scope).startsWith(SCOPE_PREFIX));
      if (invalid.length > 0) throw new Refusal('scope', invalid.join(', '));
    },
    checkPerson(_request, person) {
      // «Using OAuth 2.0 for Web Server Applications», authorization errors, 2026-11-20.
      if (options.internalTo !== undefined && person.hd !== options.internalTo) {
        throw new Refusal({ status: 403, error: 'org_internal', where: 'page' });
      }
      // `hd` of the request prefills the login page, and keeps nobody out: «OpenID Connect», 2026-11-20.
    },
    grantedScopes: ({ scopes }) => scopes.map(inFull),
    accessToken: () => `ya29.${randomBytes(96).toString('base64url')}`,
    idToken({ grant, client, scopes, refreshing }, accessToken) {
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      const iat = here.nowSeconds();
      return here.keys.sign({
        iss: here.place(ISSUER),
        azp: client.id,
        aud: client.id,
        ...about(grant.person, scopes),
        at_hash: tokenHash(accessToken!),
        ...(nonce === null || refreshing ? {} : { nonce }),
        iat,
        exp: iat + 3600,
      });
    },
    // «Using OAuth 2.0 for Web Server Applications», 2026-11-20: with `access_type=offline`, and at the first consent or a new one.
    wantsRefreshToken: ({ grant, refreshing }) =>
      !refreshing &&
      grant.request.parameters.get('access_type') === 'offline' &&
      (!grant.consentedBefore ||
        (grant.request.parameters.get('prompt') ?? '').split(' ').includes('consent')),
    newToken: (kind) => `${kind === 'code' ? '4/0A' : '1//0'}${randomBytes(48).toString('base64url')}`,
    userinfo: ({ grant, scopes }) => about(grant.person, scopes, false),
    metadata: () => METADATA,
    routes: [
      { method: 'GET', path: '/tokeninfo', handle: (asked) => tokenInfo(here, asked) },
      { method: 'POST', path: '/revoke', handle: (asked) => revoke(here, asked) },
      { method: 'GET', path: '/oauth2/v2/userinfo', handle: (asked) => oldUserinfo(here.bearer(asked)) },
    ],
    errorAnswer,
  };
}

function about(
  { sub, email, email_verified, name, hd }: GooglePerson,
  scopes: readonly string[],
  full = true,
): Claims {
  const has = (scope: string) => scopes.includes(`${SCOPE_PREFIX}userinfo.${scope}`);
  return {
    sub,
    ...(has('profile') ? { name, given_name: name.split(' ')[0], family_name: name.split(' ')[1] } : {}),
    ...(has('email') ? { email, email_verified } : {}),
    // «OpenID Connect API reference», 2026-11-20: only for accounts of a Workspace or Cloud organisation.
    ...(hd !== undefined && (full || has('email')) ? { hd } : {}),
  };
}

/** As its answers are quoted, 2026-11-20: every value is a text. */
function tokenInfo(here: Here<GooglePerson>, { query }: Asked): Answer {
  const token = here.tokens.get(query.get('access_token') ?? '');
  if (token?.kind !== 'access' || !isLive(token, here.nowSeconds())) {
    return { status: 400, body: { error: 'invalid_token', error_description: 'Invalid Value' } };
  }
  const { grant, scopes, expiresAtSeconds } = token;
  const { email, email_verified } = about(grant.person, scopes);
  return {
    body: {
      azp: grant.client.id,
      aud: grant.client.id,
      sub: grant.person.sub,
      scope: scopes.join(' '),
      exp: String(expiresAtSeconds),
      expires_in: String(expiresAtSeconds - here.nowSeconds()),
      ...(email === undefined ? {} : { email, email_verified: String(email_verified) }),
      access_type: grant.request.parameters.get('access_type') ?? 'online',
    },
  };
}

/** «Using OAuth 2.0 for Web Server Applications», revoking, 2026-11-20: no client authentication; with an access token, its refresh token. */
function revoke(here: Here<GooglePerson>, { form, query }: Asked): Answer {
  const token = here.tokens.get(form.get('token') ?? query.get('token') ?? '');
  if (!token || token.grant.ended) {
    return { status: 400, body: { error: 'invalid_token', error_description: 'Token expired or revoked' } };
  }
  token.grant.ended = true;
  return { body: {} };
}

/** The older one, unread: `id` for `sub`, `verified_email`. */
function oldUserinfo({ grant, scopes }: Token<GooglePerson>): Answer {
  const { sub, email_verified, ...rest } = about(grant.person, scopes, false);
  return {
    body: { id: sub, ...(email_verified === undefined ? {} : { verified_email: email_verified }), ...rest },
  };
}

/** The same fault is a page for a person, and JSON for a program. */
function errorAnswer({ status, error, description }: FaultFact, asked: Asked): Answer {
  if (asked.path === '/o/oauth2/v2/auth')
    return page(`Error ${status}: ${error} ${description ?? ''}`, status);
  return errorBody({ status, error, ...(description === undefined ? {} : { description }) });
}

export async function startGoogle(
  options: GoogleOptions = {},
): Promise<StandIn<GooglePerson> & { readonly issuer: string; readonly consoleValues: GoogleConsoleValues }> {
  const standIn = await startStandIn<GooglePerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  const consoleValues = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  return { ...standIn, issuer: standIn.place(ISSUER), consoleValues };
}

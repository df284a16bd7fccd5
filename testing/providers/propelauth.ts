// MCP authentication of PropelAuth, as it documents itself; every page was read on 2026-11-20, and `unread` is said where there was none.
// «Reference»: https://docs.propelauth.com/reference/api/mcp
// «Overview»: https://docs.propelauth.com/mcp-authentication/overview
// «Collection»: https://github.com/api-evangelist/propelauth, its copy of the reference
// «Seen»: what users of it published, 2026-03 to 2026-09: metadata, code that reads its answers, and notes
import { randomBytes } from 'node:crypto';
import { Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Answer, Asked } from '../http-server.ts';
import { asAsked, registrationRoute, type Wanted } from '../registration.ts';
import type { Client, Endpoints, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import { isLive, type StandIn, startStandIn } from '../stand-in.ts';
import { authenticatedClient } from '../token-endpoint.ts';

/** «Auth URL» of the page «Backend Integration». */
const AUTH_URL = 'https://auth.acme.example';
const ISSUER = `${AUTH_URL}/oauth/2.1`;
const CLIENT_ID = '7d0c1f0a2b3c4d5e6f708192a3b4c5d6';
const CLIENT_SECRET = 'propelauth-secret-of-the-oauth-client';
/** «MCP», «Request Validation». */
const INTROSPECTION_ID = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';
const INTROSPECTION_SECRET = 'propelauth-secret-for-introspection';
const REGISTER = `${ISSUER}/register`;
const INTROSPECT = `${ISSUER}/introspect`;

/** «MCP», «Scopes». */
const SCOPES = ['read:user_data', 'tools:execute'];

export const FACTS: Facts = {
  // Nothing is signed.
  alg: 'ES256',
  // Unread.
  codeSeconds: 600,
  // «Seen»: ninety minutes at one customer; it is a setting. The default is unread.
  accessTokenSeconds: 5400,
  // «Reference», code_challenge and code_challenge_method: both are required.
  challengeMethods: ['S256'],
  challengeRequired: 'always',
  // «Reference», authorize: the members with a star.
  requiredParameters: ['state', 'resource'],
  redirectUriRequired: true,
  // «Seen», metadata of a customer; «Collection» has the form.
  clientAuthentication: ['basic', 'post'],
  // «Reference», token: a refresh token becomes a new pair. What becomes of the old one: unread.
  rotation: 'old one ends',
  // There is no such endpoint in «Reference».
  revocable: [],
  issuerInResponse: false,
  // Words of errors: unread.
  faults: STANDARD_FAULTS,
};

const ENDPOINTS: Endpoints = {
  authorize: [`${ISSUER}/authorize`],
  token: [`${ISSUER}/token`],
  // «Collection», metadata; «Seen»: only here, in front of the path.
  metadata: [`${AUTH_URL}/.well-known/oauth-authorization-server/oauth/2.1`],
};

export interface PropelAuthPerson extends Person {
  readonly org_id?: string;
}

export const PROPELAUTH_PEOPLE: readonly PropelAuthPerson[] = [
  {
    login: 'alice@acme.example',
    sub: '31c41c16-c281-44ae-9602-8a047e3bf33d',
    org_id: '1189c444-8a2d-4c41-8b4b-ae43ce79a492',
  },
  { login: 'bob@mail.example', sub: '31c41c16-c281-44ae-9602-8a047e3bf33e' },
];

export interface PropelAuthOptions extends StandInOptions {
  /** «Dynamic Client Registration», one of the ways to create clients. Default: off, as in «Overview». */
  readonly dynamicRegistration?: boolean;
  /** The client from the dashboard has no secret. Default: it has one. */
  readonly publicClient?: boolean;
}

export interface PropelAuthConsoleValues {
  readonly authUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly introspectionClientId: string;
  readonly introspectionClientSecret: string;
}

function rulesFor(
  here: Here<PropelAuthPerson>,
  redirectUris: string[],
  options: PropelAuthOptions,
): Rules<PropelAuthPerson> {
  const own: Client = {
    id: CLIENT_ID,
    ...(options.publicClient ? {} : { secret: CLIENT_SECRET }),
    redirectUris,
  };
  const clients = [own];
  const registers = options.dynamicRegistration ?? false;
  const registration = registrationRoute({
    endpoint: REGISTER,
    clients,
    register: (wanted) => register(wanted, here, redirectUris),
  });
  return {
    hosts: [AUTH_URL],
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients,
    people: PROPELAUTH_PEOPLE,
    checkAuthorization({ scopes, parameters }) {
      // «Reference», scope: those of the page «Scopes».
      const more = scopes.find((scope) => !SCOPES.includes(scope));
      if (more !== undefined) throw new Refusal('scope', more);
      // «Reference», resource: the address of the MCP server; one of them, as there is one audience.
      const resources = parameters.getAll('resource');
      if (resources.length > 1 || !URL.canParse(resources[0]!)) {
        throw new Refusal({ status: 302, error: 'invalid_target', where: 'redirect' });
      }
    },
    // What a token looks like: unread. That it says nothing follows from «Overview»: it is introspected.
    accessToken: () => randomBytes(32).toString('hex'),
    wantsRefreshToken: () => true,
    metadata: () => ({
      issuer: ISSUER,
      authorization_endpoint: ENDPOINTS.authorize[0],
      token_endpoint: ENDPOINTS.token[0],
      introspection_endpoint: INTROSPECT,
      ...(registers ? { registration_endpoint: REGISTER } : {}),
      scopes_supported: SCOPES,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
    }),
    routes: [
      { method: 'POST', path: new URL(INTROSPECT).pathname, handle: (asked) => introspect(here, asked) },
      ...(registers ? [registration] : []),
    ],
  };
}

/** «Overview», request validation: with credentials that are for this alone, and with Basic as all of «Seen» do it. */
function introspect(here: Here<PropelAuthPerson>, asked: Asked): Answer {
  const validator = { id: INTROSPECTION_ID, secret: INTROSPECTION_SECRET, redirectUris: [] };
  authenticatedClient({ facts: { clientAuthentication: ['basic'] }, clients: [validator] }, asked);
  const token = here.tokens.get(asked.form.get('token') ?? '');
  // «Reference» calls it the validation of access tokens.
  if (token?.kind !== 'access' || !isLive(token, here.nowSeconds())) return { body: { active: false } };
  const { person, client, request, authTimeSeconds } = token.grant;
  return {
    body: {
      active: true,
      sub: person.sub,
      client_id: client.id,
      scope: token.scopes.join(' '),
      token_type: 'Bearer',
      exp: token.expiresAtSeconds,
      iat: authTimeSeconds,
      // «Seen»: the overview has `aud`. That it is the resource letter by letter is unread.
      aud: request.parameters.get('resource'),
      // «Seen», for tokens of an organisation. That there is an e-mail, as some code hopes, is unread: there is none here.
      ...(person.org_id === undefined ? {} : { org_id: person.org_id }),
    },
  };
}

/** Which refusals there are is unread; «Overview», allowed MCP clients: an address that nobody allowed is of no use. */
function register(wanted: Wanted, here: Here<PropelAuthPerson>, allowed: readonly string[]) {
  const { redirectUris, method, grantTypes, metadata } = wanted;
  if (redirectUris.length === 0 || redirectUris.some((uri) => !allowed.includes(uri))) {
    throw new Refusal({ status: 400, error: 'invalid_redirect_uri' });
  }
  if (!['client_secret_basic', 'client_secret_post', 'none'].includes(method)) {
    throw new Refusal({ status: 400, error: 'invalid_client_metadata' });
  }
  const client = asAsked(randomBytes(16).toString('hex'), wanted);
  const answer = {
    client_id: client.id,
    ...(client.secret === undefined ? {} : { client_secret: client.secret, client_secret_expires_at: 0 }),
    client_id_issued_at: here.nowSeconds(),
    redirect_uris: redirectUris,
    grant_types: grantTypes,
    response_types: ['code'],
    token_endpoint_auth_method: method,
    ...(metadata.client_name === undefined ? {} : { client_name: metadata.client_name }),
    ...(metadata.scope === undefined ? {} : { scope: metadata.scope }),
  };
  return { client, answer };
}

export async function startPropelAuth(options: PropelAuthOptions = {}): Promise<
  StandIn<PropelAuthPerson> & {
    readonly issuer: string;
    /** Where clients register. */
    readonly registration: string;
    readonly consoleValues: PropelAuthConsoleValues;
  }
> {
  const standIn = await startStandIn<PropelAuthPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(ISSUER),
    registration: standIn.place(REGISTER),
    consoleValues: {
      authUrl: standIn.place(AUTH_URL),
      clientId: CLIENT_ID,
      ...(options.publicClient ? {} : { clientSecret: CLIENT_SECRET }),
      introspectionClientId: INTROSPECTION_ID,
      introspectionClientSecret: INTROSPECTION_SECRET,
    },
  };
}

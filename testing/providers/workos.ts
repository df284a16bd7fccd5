// WorkOS Connect and AuthKit, as WorkOS documents them; sources in `workos-facts.ts`. It is one server: applications of the console have a secret
// (Connect), and MCP clients register themselves (AuthKit).
import { randomBytes, randomUUID } from 'node:crypto';
import { Refusal } from '../faults.ts';
import { asAsked, registrationRoute, type Wanted } from '../registration.ts';
import type { AuthorizationRequest, Client, Exchange, Here, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  DOMAIN,
  ENDPOINTS,
  ENVIRONMENT_ID,
  ID_TOKEN_SECONDS,
  INVALID_TARGET,
  ISSUER,
  METADATA,
  REGISTER,
  REGISTRATION_OFF,
  SCOPES,
  WORKOS_FACTS,
  WORKOS_PEOPLE,
  type WorkosPerson,
} from './workos-facts.ts';

export interface WorkosOptions extends StandInOptions {
  /** «MCP Auth»: Dynamic Client Registration. Default: off, as in the product. */
  readonly dynamicRegistration?: boolean;
  /** «MCP resource indicators» of the environment. Default: none. */
  readonly resources?: readonly string[];
  /** «MCP resource indicator», `default`: whom tokens are for when a client names none; what it does is unread. Default: none. */
  readonly defaultResource?: string;
  /** «Applications», `uses_pkce` of the application of the console. Default: off. */
  readonly usesPkce?: boolean;
}

export interface WorkosConsoleValues {
  readonly authkitDomain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** «Client ID» of the environment, which is not that of the application. */
  readonly environmentId: string;
}

function rulesFor(
  here: Here<WorkosPerson>,
  redirectUris: string[],
  { dynamicRegistration = false, resources = [], defaultResource, usesPkce = false }: WorkosOptions,
): Rules<WorkosPerson> {
  const clients: Client[] = [{ id: CLIENT_ID, secret: CLIENT_SECRET, redirectUris }];
  return {
    hosts: [ISSUER],
    issuer: ISSUER,
    facts: WORKOS_FACTS,
    endpoints: ENDPOINTS,
    clients,
    people: WORKOS_PEOPLE,
    checkAuthorization: (request) => checkRequest(request, usesPkce),
    checkExchange: (exchange) => {
      const resource = resourceOf(exchange);
      if (resource !== undefined && !resources.includes(resource)) throw new Refusal(INVALID_TARGET);
    },
    accessToken: (exchange) => {
      const audience = resourceOf(exchange) ?? defaultResource ?? ENVIRONMENT_ID;
      return here.keys.sign(accessClaims(here, exchange, audience));
    },
    idToken: (exchange) => idToken(here, exchange),
    // «Authorize»: `offline_access` adds a refresh token.
    wantsRefreshToken: ({ scopes }) => scopes.includes('offline_access'),
    newToken: (kind) => (kind === 'refresh' ? randomBytes(32).toString('base64url') : ulid()),
    tokenAnswer({ scope: _, ...body }) {
      // «Token», response: these and no others.
      return { body };
    },
    userinfo({ grant, scopes }) {
      // OpenID Connect Core §5.3.1; of WorkOS itself unread.
      if (!scopes.includes('openid')) throw new Refusal('token-scope');
      return about(grant.person, scopes);
    },
    introspection: ({ grant, kind, expiresAtSeconds, scopes }) => ({
      // «Introspection», response.
      client_id: grant.client.id,
      iss: here.place(ISSUER),
      sub: grant.person.sub,
      ...(grant.person.org_id === undefined ? {} : { org_id: grant.person.org_id }),
      scope: scopes.join(' '),
      token_type: `${kind}_token`,
      ...(kind === 'access' ? { exp: expiresAtSeconds } : {}),
    }),
    metadata: () => METADATA,
    routes: [
      registrationRoute({
        endpoint: REGISTER,
        clients,
        register(wanted) {
          if (!dynamicRegistration) throw new Refusal(REGISTRATION_OFF);
          return registered(wanted, here.nowSeconds());
        },
      }),
    ],
  };
}

/** «Authorize», parameters. MCP clients send no nonce, and some no scopes: only applications of the console are asked for them. */
function checkRequest({ client, parameters, scopes }: AuthorizationRequest, usesPkce: boolean): void {
  if (client.id === CLIENT_ID) {
    for (const name of ['scope', 'nonce']) {
      if (!parameters.get(name)) throw new Refusal('missing-parameter', name);
    }
    if (usesPkce && !parameters.has('code_challenge')) throw new Refusal('challenge-required');
    // «Authorize»: nobody looks at the challenge of an application without PKCE.
    if (!usesPkce) parameters.delete('code_challenge');
  }
  const unknown = scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) throw new Refusal('scope', unknown);
}

function resourceOf({ form, grant }: Exchange<WorkosPerson>): string | undefined {
  return form.get('resource') ?? grant.request.parameters.get('resource') ?? undefined;
}

/** «Claims», of a user token. */
function accessClaims(
  here: Here<WorkosPerson>,
  { person, client, scopes }: Exchange<WorkosPerson>,
  audience: string,
): Claims {
  return {
    iss: here.place(ISSUER),
    aud: audience,
    sub: person.sub,
    client_id: client.id,
    ...(person.org_id === undefined ? {} : { org_id: person.org_id }),
    sid: `app_consent_${ulid()}`,
    scope: scopes.join(' '),
    jti: ulid(),
    exp: here.nowSeconds() + WORKOS_FACTS.accessTokenSeconds,
    iat: here.nowSeconds(),
  };
}

/** «Token», ID token. */
function idToken(
  here: Here<WorkosPerson>,
  { person, client, scopes, grant }: Exchange<WorkosPerson>,
): Promise<string> | undefined {
  if (!scopes.includes('openid')) return undefined;
  const nonce = grant.request.parameters.get('nonce');
  return here.keys.sign({
    iss: here.place(ISSUER),
    aud: client.id,
    ...about(person, scopes),
    ...(nonce === null ? {} : { nonce }),
    exp: here.nowSeconds() + ID_TOKEN_SECONDS,
    iat: here.nowSeconds(),
  });
}

/** «Authorize», scopes. */
function about(
  { sub, email, email_verified, given_name, family_name }: WorkosPerson,
  scopes: readonly string[],
): Claims {
  return {
    sub,
    ...(scopes.includes('profile') ? { name: `${given_name} ${family_name}`, given_name, family_name } : {}),
    ...(scopes.includes('email') ? { email, email_verified } : {}),
  };
}

/** RFC 7591 §3.2.1; what WorkOS refuses there is unread. */
function registered(wanted: Wanted, now: number) {
  const { redirectUris, method, metadata, grantTypes } = wanted;
  if (redirectUris.length === 0 || redirectUris.some((uri) => !URL.canParse(uri))) {
    throw new Refusal({ status: 400, error: 'invalid_redirect_uri' });
  }
  const client = asAsked(`client_${ulid()}`, wanted);
  return {
    client,
    answer: {
      client_id: client.id,
      ...(client.secret === undefined ? {} : { client_secret: client.secret, client_secret_expires_at: 0 }),
      client_id_issued_at: now,
      ...(metadata.client_name === undefined ? {} : { client_name: metadata.client_name }),
      redirect_uris: redirectUris,
      grant_types: grantTypes,
      response_types: ['code'],
      token_endpoint_auth_method: method,
    },
  };
}

/** In the form of the ids that WorkOS gives: 26 letters and digits. */
const ulid = () => `01J${randomUUID().replaceAll('-', '').toUpperCase().slice(0, 23)}`;

export async function startWorkos(options: WorkosOptions = {}): Promise<
  StandIn<WorkosPerson> & {
    readonly issuer: string;
    readonly registration: string;
    readonly consoleValues: WorkosConsoleValues;
  }
> {
  const standIn = await startStandIn<WorkosPerson>(
    (here, uris) => rulesFor(here, uris, options),
    WORKOS_FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(ISSUER),
    registration: standIn.place(REGISTER),
    consoleValues: {
      authkitDomain: DOMAIN,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      environmentId: ENVIRONMENT_ID,
    },
  };
}

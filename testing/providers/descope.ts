// Descope, as it documents itself; every page was read on 2026-11-20, and `unread` is said where there was none.
// «Discovery»: https://docs.descope.com/agentic-identity-hub/mcp-servers/discovery-url
// «Settings»: https://docs.descope.com/agentic-identity-hub/core-components/mcp-servers/settings
// «Registration»: https://docs.descope.com/agentic-identity-hub/mcp-servers/registration-methods
// «Inbound»: https://docs.descope.com/identity-federation/inbound-apps/authorization-server, and `creating-inbound-apps` beside it
// «Token»: https://docs.descope.com/api/third-party-apps/token-endpoint
// «API»: the OpenAPI document of https://docs.descope.com/examples/Descope_API.yaml, its part «Apps» as api-evangelist/descope has it
// «Terraform»: https://github.com/descope/terraform-provider-descope, docs/raw/inboundapp
// «Seen»: what users of it published, metadata and answers, 2026-05 to 2026-11
import { randomBytes } from 'node:crypto';
import { Refusal } from '../faults.ts';
import { asAsked, registrationRoute, type Wanted } from '../registration.ts';
import type { AuthorizationRequest, Client, Exchange, Here, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { page, type StandIn, startStandIn } from '../stand-in.ts';
import {
  BASE,
  CLIENT_ID,
  CLIENT_SECRET,
  DESCOPE_FACTS,
  DESCOPE_PEOPLE,
  type DescopePerson,
  endpointsOf,
  issuerOf,
  metadataOf,
  PROJECT,
  REGISTER,
  redirected,
  SCOPES,
  SERVER,
  UNREAD,
} from './descope-facts.ts';

export interface DescopeOptions extends StandInOptions {
  /** What the clients are of. Default `mcp server`. */
  readonly application?: 'mcp server' | 'inbound app';
  /** «MCP Server URL». Default `https://mcp.acme.example/mcp`. */
  readonly mcpServerUrl?: string;
  /** «DCR» of the MCP server. Default: on, as in «Settings». */
  readonly dynamicRegistration?: boolean;
  /** What an inbound app may ask for with `resource`. Default: nothing. */
  readonly audienceWhitelist?: readonly string[];
  /** «Force add all authorization info». Default: no. */
  readonly authorizationInfo?: boolean;
  /** The client from the console has no secret. Default: it has one. */
  readonly publicClient?: boolean;
}

export interface DescopeConsoleValues {
  readonly projectId: string;
  readonly baseUrl: string;
  /** «Issuer URL». */
  readonly issuerUrl: string;
  /** «Discovery URL». */
  readonly wellKnownUrl: string;
  readonly mcpServerId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

function rulesFor(
  here: Here<DescopePerson>,
  redirectUris: string[],
  options: DescopeOptions,
): Rules<DescopePerson> {
  const agentic = options.application !== 'inbound app';
  const issuer = issuerOf(agentic);
  const endpoints = endpointsOf(agentic);
  const registers = agentic && (options.dynamicRegistration ?? true);
  const own: Client = {
    id: CLIENT_ID,
    ...(options.publicClient ? {} : { secret: CLIENT_SECRET }),
    redirectUris,
  };
  const clients = [own];
  return {
    hosts: [BASE],
    facts: DESCOPE_FACTS,
    endpoints,
    clients,
    people: DESCOPE_PEOPLE,
    checkAuthorization(request) {
      const more = request.scopes.find((scope) => !SCOPES.includes(scope));
      if (more !== undefined) throw new Refusal('scope', more);
      audienceOf(request, options);
    },
    checkExchange({ form, grant }) {
      // «Token»: a single resource; that it is the one of the request is RFC 8707 §2.2.
      const [resource, ...others] = form.getAll('resource');
      const asked = grant.request.parameters.getAll('resource');
      const other = resource !== undefined && asked.length > 0 && !asked.includes(resource);
      if (others.length > 0 || other) throw new Refusal({ status: 400, error: UNREAD });
    },
    accessToken: (exchange) => here.keys.sign(accessTokenClaims(here, exchange, issuer, options)),
    idToken({ person, client, scopes, grant, refreshing }) {
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      return here.keys.sign({
        ...about(person, scopes),
        iss: here.place(issuer),
        // «Seen»: the resource is not in it.
        aud: [client.id, PROJECT],
        ...times(here),
        ...(nonce === null || refreshing ? {} : { nonce }),
      });
    },
    // «Inbound», public clients: they can refresh. That `offline_access` is not needed: unread.
    wantsRefreshToken: () => true,
    userinfo({ grant, scopes }) {
      // «Seen»: it knows no tokens that are of an MCP server.
      if (agentic) {
        throw new Refusal({ status: 404, error: UNREAD, description: 'Third party application not found' });
      }
      return about(grant.person, scopes);
    },
    // «Seen», E063302 and E063316: not the members of RFC 6749.
    errorAnswer({ status, error, description = '', where }) {
      if (where === 'page') return page(`${error}: ${description}`, status);
      return { status, body: { errorCode: error, errorDescription: description, errorMessage: description } };
    },
    metadata: () => metadataOf(agentic, registers),
    routes: registers
      ? [
          registrationRoute({
            endpoint: REGISTER,
            clients,
            register: (wanted) => register(wanted, here),
            malformed: { status: 400, error: UNREAD, description: 'The request is no JSON' },
          }),
        ]
      : [],
  };
}

/** «Inbound», creating: nobody gets a secret who registers; what was asked for is overruled. */
function register(wanted: Wanted, here: Here<DescopePerson>) {
  const { redirectUris, metadata } = wanted;
  if (redirectUris.length === 0 || !redirectUris.every((uri) => URL.canParse(uri))) {
    throw new Refusal({ status: 400, error: UNREAD, description: 'redirect_uris' });
  }
  // «Seen»: the id is Base64 of an application in the project.
  const client = asAsked(Buffer.from(`${PROJECT}:TPA${randomBytes(12).toString('hex')}`).toString('base64'), {
    ...wanted,
    method: 'none',
  });
  const answer = {
    client_id: client.id,
    client_id_issued_at: here.nowSeconds(),
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    ...(metadata.client_name === undefined ? {} : { client_name: metadata.client_name }),
    ...(metadata.scope === undefined ? {} : { scope: metadata.scope }),
  };
  return { client, answer };
}

const times = (here: Here<DescopePerson>): Claims => ({
  iat: here.nowSeconds(),
  exp: here.nowSeconds() + DESCOPE_FACTS.accessTokenSeconds,
});

/** «Settings», MCP Server URL: always among the audiences. «Terraform», audience_whitelist: others only from the list. */
function audienceOf(
  { parameters, client }: AuthorizationRequest,
  options: DescopeOptions,
): readonly string[] {
  const asked = parameters.getAll('resource');
  const agentic = options.application !== 'inbound app';
  const server = options.mcpServerUrl ?? 'https://mcp.acme.example/mcp';
  const allowed = agentic ? [server] : (options.audienceWhitelist ?? []);
  // RFC 8707 §2; the words of Descope are unread.
  if (asked.some((one) => !allowed.includes(one))) throw new Refusal(redirected('invalid_target'));
  // «Terraform», default_audience: both ids, unless one was chosen.
  return [client.id, PROJECT, ...(agentic ? [server] : asked)];
}

function accessTokenClaims(
  here: Here<DescopePerson>,
  { person, scopes, grant }: Exchange<DescopePerson>,
  issuer: string,
  options: DescopeOptions,
): Claims {
  return {
    // As samples of the SDKs have it: a session token.
    drn: 'DS',
    amr: ['email'],
    iss: here.place(issuer),
    aud: audienceOf(grant.request, options),
    sub: person.sub,
    ...times(here),
    scope: scopes.join(' '),
    // «Terraform», force_add_all_authorization_info.
    ...(options.authorizationInfo
      ? { roles: person.roles, permissions: person.permissions, tenants: person.tenants }
      : {}),
  };
}

/** «Discovery», claims_supported. */
function about({ sub, name, email, email_verified }: DescopePerson, scopes: readonly string[]): Claims {
  return {
    sub,
    ...(scopes.includes('profile') ? { name } : {}),
    ...(scopes.includes('email') ? { email, email_verified } : {}),
  };
}

export async function startDescope(options: DescopeOptions = {}): Promise<
  StandIn<DescopePerson> & {
    readonly issuer: string;
    /** Where clients register. */
    readonly registration: string;
    readonly consoleValues: DescopeConsoleValues;
  }
> {
  const standIn = await startStandIn<DescopePerson>(
    (here, uris) => rulesFor(here, uris, options),
    DESCOPE_FACTS,
    options,
  );
  const issuer = standIn.place(issuerOf(options.application !== 'inbound app'));
  return {
    ...standIn,
    issuer,
    registration: standIn.place(REGISTER),
    consoleValues: {
      projectId: PROJECT,
      baseUrl: standIn.place(BASE),
      issuerUrl: issuer,
      wellKnownUrl: `${issuer}/.well-known/openid-configuration`,
      mcpServerId: SERVER,
      clientId: CLIENT_ID,
      ...(options.publicClient ? {} : { clientSecret: CLIENT_SECRET }),
    },
  };
}

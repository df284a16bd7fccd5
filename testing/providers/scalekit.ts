// Scalekit as the authorization server of one MCP server, as it documents itself; sources in `scalekit-facts.ts`.
import { randomUUID } from 'node:crypto';
import { Refusal } from '../faults.ts';
import { registrationRoute, type Wanted } from '../registration.ts';
import type { Client, Exchange, Here, Rules, StandInOptions } from '../rules.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import {
  CLIENT_ID,
  ENDPOINTS,
  ENVIRONMENT,
  ENVIRONMENT_METADATA,
  metadataOf,
  REGISTER,
  RESOURCE,
  RESOURCE_ID,
  REVOKE,
  SCALEKIT_FACTS,
  SCALEKIT_PEOPLE,
  SCOPES,
  type ScalekitPerson,
} from './scalekit-facts.ts';

export interface ScalekitOptions extends StandInOptions {
  /** «Allow dynamic client registration» of the MCP server. Default: on, as in the product. */
  readonly dynamicRegistration?: boolean;
  /** «Server URL» of the MCP server: an audience beside the resource id. Default: none. */
  readonly serverUrl?: string;
  /** Provider: who issues, as tokens say; it is being moved. Default: the environment. */
  readonly issuedBy?: 'environment' | 'resource';
  /** Where the scopes of a token are. «xmcp» reads a text, Scalekit's SDK a list. Default: in both. */
  readonly scopesIn?: 'both' | 'list';
}

export interface ScalekitConsoleValues {
  readonly environmentUrl: string;
  readonly resourceId: string;
  /** Of an MCP client that has registered before. */
  readonly clientId: string;
}

function rulesFor(
  here: Here<ScalekitPerson>,
  redirectUris: string[],
  options: ScalekitOptions,
): Rules<ScalekitPerson> {
  const clients: Client[] = [{ id: CLIENT_ID, redirectUris }];
  const dynamic = options.dynamicRegistration ?? true;
  return {
    hosts: [ENVIRONMENT],
    issuer: RESOURCE,
    facts: SCALEKIT_FACTS,
    endpoints: ENDPOINTS,
    clients,
    people: SCALEKIT_PEOPLE,
    checkAuthorization({ scopes }) {
      // RFC 6749 §4.1.2.1; of Scalekit itself unread.
      const unknown = scopes.find((scope) => !SCOPES.includes(scope));
      if (unknown !== undefined) throw new Refusal('scope', unknown);
    },
    accessToken: (exchange) => accessToken(here, exchange, options),
    idToken: (exchange) => idToken(here, exchange),
    // «Sessions»: only with `offline_access`.
    wantsRefreshToken: ({ scopes }) => scopes.includes('offline_access'),
    metadata: () => metadataOf(dynamic),
    routes: [
      {
        method: 'GET',
        path: '/.well-known/openid-configuration',
        handle: () => ({
          body: Object.fromEntries(
            Object.entries(ENVIRONMENT_METADATA).map(([name, value]) => [
              name,
              typeof value === 'string' ? here.place(value) : value,
            ]),
          ),
        }),
      },
      {
        method: 'POST',
        // The address is unread.
        path: new URL(REVOKE).pathname,
        // «Managing clients»: a public client can not revoke.
        handle() {
          throw new Refusal('client-unauthenticated');
        },
      },
      registrationRoute({
        endpoint: REGISTER,
        clients,
        register(wanted) {
          // How it is refused where it is off is unread.
          if (!dynamic) throw new Refusal({ status: 403, error: 'access_denied' });
          return registered(wanted, here.nowSeconds());
        },
      }),
    ],
  };
}

/** «Quickstart»: `aud`, `iss`, `exp`, `iat` and scopes are to be looked at; the audience is the id of the resource, and its address where it has one. */
function accessToken(
  here: Here<ScalekitPerson>,
  { person, client, scopes }: Exchange<ScalekitPerson>,
  { serverUrl, issuedBy = 'environment', scopesIn = 'both' }: ScalekitOptions,
): Promise<string> {
  const claims = {
    iss: here.place(issuedBy === 'environment' ? ENVIRONMENT : RESOURCE),
    sub: person.sub,
    aud: serverUrl === undefined ? [RESOURCE_ID] : [serverUrl, RESOURCE_ID],
    client_id: client.id,
    iat: here.nowSeconds(),
    nbf: here.nowSeconds(),
    exp: here.nowSeconds() + SCALEKIT_FACTS.accessTokenSeconds,
    jti: `tkn_${randomUUID()}`,
    sid: `ses_${randomUUID()}`,
    org_id: person.org,
    scopes,
    ...(scopesIn === 'both' ? { scope: scopes.join(' ') } : {}),
  };
  return here.keys.sign(claims, { typ: 'JWT' });
}

/** «ID token claims», docs.scalekit.com/guides/idtoken-claims: the audience is a list. */
function idToken(
  here: Here<ScalekitPerson>,
  { person, client, scopes, grant }: Exchange<ScalekitPerson>,
): Promise<string> | undefined {
  if (!scopes.includes('openid')) return undefined;
  const nonce = grant.request.parameters.get('nonce');
  const claims = {
    iss: here.place(ENVIRONMENT),
    sub: person.sub,
    aud: [client.id],
    azp: client.id,
    iat: here.nowSeconds(),
    exp: here.nowSeconds() + SCALEKIT_FACTS.accessTokenSeconds,
    ...(scopes.includes('profile') ? { name: person.name } : {}),
    ...(scopes.includes('email') ? { email: person.email, email_verified: true } : {}),
    ...(nonce === null ? {} : { nonce }),
  };
  return here.keys.sign(claims, { typ: 'JWT' });
}

let registrations = 0;

/** «Managing clients»: whatever a client asks for, it is public. What is refused is unread; RFC 7591 §3.2.2. */
function registered({ redirectUris, metadata, grantTypes }: Wanted, now: number) {
  if (redirectUris.length === 0 || redirectUris.some((uri) => !URL.canParse(uri))) {
    throw new Refusal({ status: 400, error: 'invalid_redirect_uri' });
  }
  registrations += 1;
  const client: Client = {
    id: `m2m_1212477905074928${String(registrations).padStart(2, '0')}`,
    redirectUris: [...redirectUris],
  };
  return {
    client,
    answer: {
      client_id: client.id,
      client_id_issued_at: now,
      ...(metadata.client_name === undefined ? {} : { client_name: metadata.client_name }),
      redirect_uris: redirectUris,
      grant_types: grantTypes,
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  };
}

export async function startScalekit(options: ScalekitOptions = {}): Promise<
  StandIn<ScalekitPerson> & {
    /** Of the metadata, not of the tokens. */
    readonly issuer: string;
    readonly registration: string;
    readonly consoleValues: ScalekitConsoleValues;
  }
> {
  const standIn = await startStandIn<ScalekitPerson>(
    (here, uris) => rulesFor(here, uris, options),
    SCALEKIT_FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(RESOURCE),
    registration: standIn.place(REGISTER),
    consoleValues: { environmentUrl: ENVIRONMENT, resourceId: RESOURCE_ID, clientId: CLIENT_ID },
  };
}

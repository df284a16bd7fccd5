// Supabase Auth as an OAuth 2.1 server, as it documents itself; sources in `supabase-facts.ts`. There, the browser is sent on to a page of the
// project, which lets the person sign in and agree; here the one login page stands for the service and for that page.
import { randomBytes, randomUUID } from 'node:crypto';
import { errorBody, type FaultFact, Refusal } from '../faults.ts';
import type { Asked } from '../http-server.ts';
import { asAsked, registrationRoute, type Wanted } from '../registration.ts';
import type { AuthorizationRequest, Client, Exchange, Here, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  DEFAULT_SCOPE,
  ENDPOINTS,
  ISSUER,
  metadataOf,
  NO_CLIENT,
  OF_THE_SERVICE,
  PROJECT,
  REGISTER,
  SCOPES,
  SUPABASE_FACTS,
  SUPABASE_PEOPLE,
  type SupabasePerson,
} from './supabase-facts.ts';

export interface SupabaseOptions extends StandInOptions {
  /** «Dynamic Client Registration» of the project. Default: off, as in the product. */
  readonly dynamicRegistration?: boolean;
  /** What a Custom Access Token Hook of the project sets. Default: there is none. */
  readonly tokenHook?: Claims;
}

export interface SupabaseConsoleValues {
  readonly projectUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

function rulesFor(
  here: Here<SupabasePerson>,
  redirectUris: string[],
  options: SupabaseOptions,
): Rules<SupabasePerson> {
  const clients: Client[] = [{ id: CLIENT_ID, secret: CLIENT_SECRET, authentication: 'post', redirectUris }];
  const dynamic = options.dynamicRegistration ?? false;
  return {
    hosts: [PROJECT],
    issuer: ISSUER,
    facts: SUPABASE_FACTS,
    endpoints: ENDPOINTS,
    clients,
    people: SUPABASE_PEOPLE,
    checkAuthorization: checkRequest,
    checkExchange({ form, grant, refreshing }) {
      const resource = refreshing ? null : form.get('resource');
      if (resource !== null && resource !== grant.request.parameters.get('resource')) {
        throw new Refusal({
          status: 400,
          error: 'invalid_grant',
          description: 'Authorization code resource does not match the resource parameter',
        });
      }
    },
    grantedScopes: ({ scopes }) => (scopes.length > 0 ? scopes : [DEFAULT_SCOPE]),
    accessToken: (exchange) => accessToken(here, exchange, options.tokenHook),
    idToken: (exchange) => idToken(here, exchange),
    // Source, `handlers.go`: always, whatever the scopes.
    wantsRefreshToken: () => true,
    // Source, `refresh_token.go`: twelve characters.
    newToken: (kind) => (kind === 'refresh' ? randomBytes(9).toString('base64url') : randomUUID()),
    // Source, `handlers.go`: no scopes in the answer, the type in small letters, and an ID token only with the code.
    tokenAnswer({ scope: _, ...body }) {
      return { body: { ...body, token_type: 'bearer' } };
    },
    userinfo: ({ grant, scopes }) => about(grant.person, scopes),
    errorAnswer,
    metadata: () => metadataOf(dynamic),
    routes: [
      registrationRoute({
        endpoint: REGISTER,
        clients,
        malformed: { status: 400, error: 'bad_json', description: 'Invalid JSON body' },
        register(wanted) {
          if (!dynamic) {
            throw new Refusal({
              status: 403,
              error: 'oauth_dynamic_client_registration_disabled',
              description: 'Dynamic client registration is not enabled',
            });
          }
          return registered(wanted, here.nowSeconds());
        },
      }),
    ],
  };
}

/** Source, `errors.go`: the service has a body of its own. */
function errorAnswer(fact: FaultFact, { form, headers }: Asked) {
  const { status, error, description } = fact;
  if (!OF_THE_SERVICE.includes(error)) return errorBody(fact);
  const nobody = error === 'invalid_credentials' && !form.has('client_id') && !headers.authorization;
  return {
    status,
    headers: { 'x-sb-error-code': error },
    body: { code: status, error_code: error, msg: nobody ? NO_CLIENT : description },
  };
}

const invalid = (description: string) =>
  new Refusal({ status: 302, error: 'invalid_request', description, where: 'redirect' });

/** Source, `validateRemainingAuthorizeParams`. */
function checkRequest({ scopes, parameters }: AuthorizationRequest): void {
  const unknown = scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) throw new Refusal('scope', unknown);
  const { length } = parameters.get('code_challenge') ?? '';
  if (length < 43 || length > 128) throw invalid('code_challenge must be between 43 and 128 characters');
  const resource = parameters.get('resource');
  if (resource === null) return;
  if (!URL.canParse(resource)) throw invalid('resource must be an absolute URI');
  const { hash, search } = new URL(resource);
  if (hash !== '') throw invalid('resource must not include a fragment component');
  if (search !== '') throw invalid('resource must not include a query component');
}

/** «Tokens», token structure; `scope` and the rest by source, `GenerateAccessToken`. A resource changes nothing: the audience is the role. */
function accessToken(
  here: Here<SupabasePerson>,
  { person, client, scopes, grant }: Exchange<SupabasePerson>,
  hook: Claims = {},
): Promise<string> {
  const claims = {
    iss: here.place(ISSUER),
    sub: person.sub,
    aud: 'authenticated',
    iat: here.nowSeconds(),
    exp: here.nowSeconds() + SUPABASE_FACTS.accessTokenSeconds,
    email: person.email,
    phone: '',
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: person.name === undefined ? {} : { name: person.name },
    role: 'authenticated',
    aal: 'aal1',
    amr: [{ method: 'password', timestamp: grant.authTimeSeconds }],
    session_id: randomUUID(),
    is_anonymous: false,
    client_id: client.id,
    scope: scopes.join(' '),
    ...hook,
  };
  return here.keys.sign(claims, { typ: 'JWT' });
}

/** Source, `GenerateIDToken`. */
function idToken(
  here: Here<SupabasePerson>,
  { person, client, scopes, grant, refreshing }: Exchange<SupabasePerson>,
): Promise<string> | undefined {
  if (refreshing || !scopes.includes('openid')) return undefined;
  const nonce = grant.request.parameters.get('nonce');
  const claims = {
    iss: here.place(ISSUER),
    aud: client.id,
    iat: here.nowSeconds(),
    exp: here.nowSeconds() + 3600,
    auth_time: grant.authTimeSeconds,
    client_id: client.id,
    ...about(person, scopes),
    ...(nonce === null ? {} : { nonce }),
  };
  return here.keys.sign(claims, { typ: 'JWT' });
}

/** Source, `OAuthUserInfo`: who has no name goes by the address. */
function about({ sub, email, confirmed, name }: SupabasePerson, scopes: readonly string[]): Claims {
  return {
    sub,
    ...(scopes.includes('email') ? { email, ...(confirmed ? { email_verified: true } : {}) } : {}),
    ...(scopes.includes('profile') ? { name: name ?? email } : {}),
  };
}

const METHODS = ['none', 'client_secret_basic', 'client_secret_post'];
const GRANTS = ['authorization_code', 'refresh_token'];

/** Source, `service.go` and `handlers.go`. */
function registered(wanted: Wanted, now: number) {
  const { redirectUris, metadata, method } = wanted;
  const refused = (description: string) =>
    new Refusal({ status: 400, error: 'validation_failed', description: `400: ${description}` });
  if (redirectUris.length === 0) throw refused('redirect_uris is required');
  if (redirectUris.length > 10) throw refused('redirect_uris cannot exceed 10 items');
  for (const uri of redirectUris) {
    const why = redirectFault(uri);
    if (why !== undefined) throw refused(`invalid redirect_uri '${uri}': ${why}`);
  }
  if (!METHODS.includes(method)) {
    throw refused(`token_endpoint_auth_method must be one of: [${METHODS.join(' ')}]`);
  }
  if (metadata.grant_types !== undefined && wanted.grantTypes.some((type) => !GRANTS.includes(type))) {
    throw refused("grant_types must only contain 'authorization_code' and/or 'refresh_token'");
  }
  const client = asAsked(randomUUID(), wanted);
  const at = new Date(now * 1000).toISOString();
  return {
    client,
    answer: {
      client_id: client.id,
      ...(client.secret === undefined ? {} : { client_secret: client.secret }),
      client_type: client.secret === undefined ? 'public' : 'confidential',
      redirect_uris: redirectUris,
      token_endpoint_auth_method: method,
      grant_types: metadata.grant_types ?? GRANTS,
      response_types: ['code'],
      ...(metadata.client_name === undefined ? {} : { client_name: metadata.client_name }),
      registration_type: 'dynamic',
      created_at: at,
      updated_at: at,
    },
  };
}

/** Source, `validateRedirectURI`. */
function redirectFault(uri: string): string | undefined {
  if (!URL.canParse(uri)) return 'must have scheme and host';
  const { protocol, hostname, hash } = new URL(uri);
  if (['javascript:', 'data:', 'file:', 'vbscript:', 'about:', 'blob:'].includes(protocol)) {
    return `scheme '${protocol.slice(0, -1)}' is not allowed for security reasons`;
  }
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    return 'HTTP scheme only allowed for localhost';
  }
  return hash === '' ? undefined : 'fragment not allowed in redirect URI';
}

export async function startSupabase(options: SupabaseOptions = {}): Promise<
  StandIn<SupabasePerson> & {
    readonly issuer: string;
    readonly registration: string;
    readonly consoleValues: SupabaseConsoleValues;
  }
> {
  const standIn = await startStandIn<SupabasePerson>(
    (here, uris) => rulesFor(here, uris, options),
    SUPABASE_FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(ISSUER),
    registration: standIn.place(REGISTER),
    consoleValues: { projectUrl: PROJECT, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
  };
}

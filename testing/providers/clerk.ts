// Clerk as an identity provider, as it documents itself; every page was read on 2026-11-20, and `unread` is said where there was none.
// «How»: https://clerk.com/docs/guides/configure/auth-strategies/oauth/how-clerk-implements-oauth
// «SSO»: https://clerk.com/docs/guides/configure/auth-strategies/oauth/single-sign-on
// «API»: https://clerk.com/docs/reference/frontend-api, its version 2026-05-12, OAuth2 identity provider and well-known
// «Metadata»: the sample in «How»
// «Measured»: what others saw of real tokens and wrote down in 2026-05
import { randomBytes } from 'node:crypto';
import { errorBody, Refusal } from '../faults.ts';
import type { Asked } from '../http-server.ts';
import { asAsked, registrationRoute, type Wanted } from '../registration.ts';
import type { AuthorizationRequest, Client, Exchange, Here, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { page, type StandIn, startStandIn } from '../stand-in.ts';
import {
  CLERK_FACTS,
  CLERK_PEOPLE,
  CLIENT_ID,
  CLIENT_SECRET,
  type ClerkPerson,
  DEFAULT_SCOPES,
  DOMAIN,
  ENDPOINTS,
  INSTANCE,
  metadataOf,
  ORG_SCOPE,
  REGISTER,
  SCOPES,
} from './clerk-facts.ts';

export interface ClerkOptions extends StandInOptions {
  /** «Generate access tokens as JWTs». Default `jwt`, as in «How», access token format. */
  readonly accessTokens?: 'jwt' | 'opaque';
  /** «Public». Default: with a secret. */
  readonly publicClient?: boolean;
  /** «Dynamic client registration». Default: off, as in «API», register. */
  readonly dynamicRegistration?: boolean;
  /** Has the instance organisations? Default: no. */
  readonly organizations?: boolean;
}

export interface ClerkConsoleValues {
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

function rulesFor(
  here: Here<ClerkPerson>,
  redirectUris: string[],
  options: ClerkOptions,
): Rules<ClerkPerson> {
  const opaque = options.accessTokens === 'opaque';
  const organizations = options.organizations ?? false;
  const known = [...SCOPES, ...(organizations ? [ORG_SCOPE] : [])];
  const own: Client = {
    id: CLIENT_ID,
    ...(options.publicClient ? {} : { secret: CLIENT_SECRET }),
    redirectUris,
  };
  const clients = [own];
  const registered = new Map<string, readonly string[]>();
  return {
    hosts: [INSTANCE],
    facts: opaque ? { ...CLERK_FACTS, revocable: ['access', 'refresh'] } : CLERK_FACTS,
    endpoints: ENDPOINTS,
    clients,
    people: CLERK_PEOPLE,
    checkAuthorization(request) {
      checkState(request);
      const allowed = registered.get(request.client.id) ?? known;
      const more = request.scopes.find((scope) => !allowed.includes(scope));
      if (more !== undefined) throw new Refusal('scope', more);
    },
    grantedScopes: ({ scopes, client }) =>
      scopes.length > 0 ? scopes : (registered.get(client.id) ?? DEFAULT_SCOPES),
    accessToken(exchange) {
      const jti = `oat_${randomBytes(24).toString('base64url')}`;
      // RFC 9068, as https://github.com/clerk/javascript/pull/7308 reads them.
      return opaque ? jti : here.keys.sign(accessTokenClaims(here, exchange, jti), { typ: 'at+jwt' });
    },
    idToken(exchange) {
      const { grant, client, scopes, refreshing } = exchange;
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      return here.keys.sign({
        ...about(exchange.person, scopes),
        iss: here.place(INSTANCE),
        aud: client.id,
        ...times(here),
        jti: randomBytes(12).toString('hex'),
        ...(nonce === null || refreshing ? {} : { nonce }),
      });
    },
    // «How», scopes. The samples in «API» have a refresh token without it: who needs one asks for it.
    wantsRefreshToken: ({ scopes }) => scopes.includes('offline_access'),
    // «Measured»: in small letters.
    tokenAnswer: (body) => ({ body: { ...body, token_type: 'bearer' } }),
    userinfo: ({ grant, scopes }) => ({
      object: 'oauth_user_info',
      instance_id: 'ins_2abcDEFghiJKLmnoPQRstuVWXyz',
      user_id: grant.person.sub,
      ...about(grant.person, scopes),
    }),
    // «API», the schema of the answer is closed: no audience, no issuer and no end.
    introspection: ({ grant, scopes }) => ({
      client_id: grant.client.id,
      iat: grant.authTimeSeconds,
      scope: scopes.join(' '),
      sub: grant.person.sub,
      ...orgOf(grant.person, scopes),
    }),
    checkRevocation(asked) {
      // «API», revocation: who has a secret sends it with Basic.
      if (asked.form.has('client_secret')) throw new Refusal('client-authentication');
    },
    errorAnswer(fact, { path }) {
      if (fact.where === 'page') return page(fact.error, fact.status);
      return path === '/oauth/userinfo' ? clerkErrors(fact.status) : errorBody(fact);
    },
    metadata: ({ path }) => metadataOf(path, options.dynamicRegistration ?? false, organizations),
    routes: [
      registrationRoute({
        endpoint: REGISTER,
        clients,
        register(wanted, asked) {
          if (!options.dynamicRegistration) throw new Refusal({ status: 422, error: 'feature_not_enabled' });
          return register(wanted, asked, { here, registered, known });
        },
      }),
    ],
  };
}

/** «API», state: eight characters at least, and required without a challenge. Name and text of the error: unread. */
function checkState({ parameters }: AuthorizationRequest): void {
  const state = parameters.get('state') ?? '';
  if (state === '' ? !parameters.has('code_challenge') : state.length < 8) {
    throw new Refusal({ status: 302, error: 'invalid_state', where: 'redirect' });
  }
}

interface Registry {
  readonly here: Here<ClerkPerson>;
  readonly registered: Map<string, readonly string[]>;
  readonly known: readonly string[];
}

/** «API», the schema of errors of a registration. */
const INVALID_METADATA = { status: 400, error: 'invalid_client_metadata' };

/** «API», register. */
function register(wanted: Wanted, asked: Asked, { here, registered, known }: Registry) {
  const { redirectUris, method, metadata } = wanted;
  if (!asked.headers['content-type']?.startsWith('application/json')) throw new Refusal(INVALID_METADATA);
  if (redirectUris.length === 0 || !redirectUris.every((uri) => URL.canParse(uri))) {
    throw new Refusal({ status: 400, error: 'invalid_redirect_uri' });
  }
  if (!['client_secret_basic', 'client_secret_post', 'none'].includes(method)) {
    throw new Refusal(INVALID_METADATA);
  }
  // «Measured»: the scopes of a client that names none.
  const scope = String(metadata.scope ?? 'email offline_access profile');
  const scopes = scope.split(' ');
  if (scopes.some((one) => !known.includes(one))) throw new Refusal(INVALID_METADATA);
  // Both methods are one: so nothing is kept of what was asked for.
  const { authentication: _either, ...client } = asAsked(randomBytes(8).toString('hex'), wanted);
  registered.set(client.id, scopes);
  const answer = {
    client_id: client.id,
    ...(client.secret === undefined ? {} : { client_secret: client.secret }),
    client_id_issued_at: here.nowSeconds(),
    client_secret_expires_at: 0,
    client_name: metadata.client_name ?? client.id,
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope,
    token_endpoint_auth_method: method,
  };
  return { client, answer };
}

const times = (here: Here<ClerkPerson>): Claims => ({
  iat: here.nowSeconds(),
  exp: here.nowSeconds() + CLERK_FACTS.accessTokenSeconds,
});

/** «Measured», and https://github.com/clerk/javascript/pull/9585: an audience only with `resource`. */
function accessTokenClaims(
  here: Here<ClerkPerson>,
  { person, client, scopes, grant }: Exchange<ClerkPerson>,
  jti: string,
): Claims {
  const resources = grant.request.parameters.getAll('resource');
  return {
    client_id: client.id,
    ...times(here),
    nbf: here.nowSeconds() - 10,
    iss: here.place(INSTANCE),
    jti,
    scope: scopes.join(' '),
    sub: person.sub,
    ...(resources.length > 0 ? { aud: resources } : {}),
    ...orgOf(person, scopes),
  };
}

/** «SSO», the claims of ID tokens and of userinfo, depending on scopes. */
function about(person: ClerkPerson, scopes: readonly string[]): Claims {
  const { sub, given_name, family_name, preferred_username, email, email_verified } = person;
  const name = `${given_name} ${family_name}`;
  return {
    sub,
    ...(scopes.includes('profile')
      ? { given_name, family_name, name, preferred_username, picture: 'https://img.clerk.com/stand-in' }
      : {}),
    ...(scopes.includes('email') ? { email, email_verified } : {}),
    ...(scopes.includes('public_metadata') ? { public_metadata: {}, unsafe_metadata: {} } : {}),
    ...(scopes.includes('private_metadata') ? { private_metadata: {} } : {}),
    ...orgOf(person, scopes),
  };
}

/** «How», organisations and OAuth. */
const orgOf = ({ org_id }: ClerkPerson, scopes: readonly string[]): Claims =>
  org_id !== undefined && scopes.includes(ORG_SCOPE) ? { org_id } : {};

/** «API», `ClerkErrors`; codes and texts unread. */
function clerkErrors(status: number) {
  const message = 'The access token is not valid';
  return {
    status,
    body: { errors: [{ code: 'oauth_token_invalid', message, long_message: message, meta: {} }] },
  };
}

export async function startClerk(options: ClerkOptions = {}): Promise<
  StandIn<ClerkPerson> & {
    readonly issuer: string;
    /** Where clients register. */
    readonly registration: string;
    readonly consoleValues: ClerkConsoleValues;
  }
> {
  const standIn = await startStandIn<ClerkPerson>(
    (here, uris) => rulesFor(here, uris, options),
    CLERK_FACTS,
    options,
  );
  const secret = options.publicClient ? {} : { clientSecret: CLIENT_SECRET };
  return {
    ...standIn,
    issuer: standIn.place(INSTANCE),
    registration: standIn.place(REGISTER),
    consoleValues: { domain: DOMAIN, clientId: CLIENT_ID, ...secret },
  };
}

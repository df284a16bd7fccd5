// Okta, as it documents itself: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes } from 'node:crypto';
import { Refusal } from '../faults.ts';
import type { Exchange, Here, Rules, StandInOptions } from '../rules.ts';
import { type Claims, tokenHash } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  DOMAIN,
  endpointsOf,
  metadataOf,
  OKTA_FACTS,
  OKTA_PEOPLE,
  type OktaPerson,
  ORG,
  REGISTRATION,
  RESERVED,
  redirected,
} from './okta-facts.ts';

export interface OktaOptions extends StandInOptions {
  /** Id of a custom authorization server, or the one of the organisation. Default `default`. */
  readonly server?: string | 'org';
  /** Type of the application. Default `web`. */
  readonly application?: 'web' | 'spa';
  /** «Client authentication» of the web application. Default `basic`. */
  readonly authentication?: 'basic' | 'post';
  /** Scopes that were added to the custom authorization server, `groups` too. Default `mcp:read` and `mcp:write`. */
  readonly scopes?: readonly string[];
  /** A `groups` claim of the custom authorization server, in access tokens. Default: none. */
  readonly groupsClaim?: boolean;
  /** Is there an access policy of the custom authorization server for this application? Default: yes. */
  readonly policy?: boolean;
}

export interface OktaConsoleValues {
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Of the custom authorization server. */
  readonly authorizationServerId?: string;
  readonly audience: string;
}

function rulesFor(here: Here<OktaPerson>, redirectUris: string[], options: OktaOptions): Rules<OktaPerson> {
  const org = options.server === 'org';
  const issuer = org ? ORG : `${ORG}/oauth2/${options.server ?? 'default'}`;
  // The page, composing your base URL, 2026-11-20.
  const base = org ? `${ORG}/oauth2` : issuer;
  const endpoints = endpointsOf(base, issuer, org);
  const spa = options.application === 'spa';
  // «Refresh access tokens», 2026-11-20: single-page applications rotate, others keep the token.
  const rotation = spa ? 'reuse ends all' : OKTA_FACTS.rotation;
  const known = [...RESERVED, ...(org ? ['groups'] : (options.scopes ?? ['mcp:read', 'mcp:write']))];
  return {
    hosts: [ORG],
    facts: { ...OKTA_FACTS, rotation, clientAuthentication: [options.authentication ?? 'basic'] },
    endpoints,
    clients: [{ id: CLIENT_ID, ...(spa ? {} : { secret: CLIENT_SECRET }), redirectUris }],
    people: OKTA_PEOPLE,
    checkAuthorization({ scopes }) {
      // The page, custom scopes, 2026-11-20: a custom authorization server has `groups` only when somebody added it.
      if (scopes.some((scope) => !known.includes(scope))) throw new Refusal('scope');
      if (!org && options.policy === false) {
        // As quoted in issues, 2026-11-20.
        throw new Refusal(
          redirected(
            'access_denied',
            'Policy evaluation failed for this request, please check the policy configurations.',
          ),
        );
      }
    },
    checkPerson({ scopes }, { groups }) {
      if (scopes.includes('groups') && groups.length > 100) {
        throw new Refusal(redirected('invalid_request', 'The groups claim has more than 100 groups.'));
      }
    },
    checkExchange({ asked, form }) {
      // «Browser requests to the token endpoint must use Proof Key for Code Exchange», 2026-11-20.
      if (asked.headers.origin !== undefined && !form.has('code_verifier') && !spa) {
        throw new Refusal({
          status: 401,
          error: 'invalid_client',
          description: 'Browser requests to the token endpoint must use Proof Key for Code Exchange.',
        });
      }
    },
    accessToken: (exchange) =>
      here.keys.sign(
        accessTokenClaims(here, exchange, issuer, options),
        org ? { typ: 'application/okta-internal-at+jwt' } : {},
      ),
    idToken(exchange, accessToken) {
      const { person, client, scopes, grant, refreshing } = exchange;
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      const { groups, ...claims } = about(person, scopes);
      return here.keys.sign({
        ...claims,
        ...(org && groups !== undefined ? { groups } : {}),
        ver: 1,
        iss: here.place(issuer),
        aud: client.id,
        ...times(here),
        jti: `ID.${randomBytes(32).toString('base64url')}`,
        amr: ['pwd'],
        idp: '00ok1u7AsAkrwdZL3z0g3',
        auth_time: grant.authTimeSeconds,
        at_hash: tokenHash(accessToken!),
        ...(nonce === null || refreshing ? {} : { nonce }),
      });
    },
    // The page, 2026-11-20: with `offline_access`.
    wantsRefreshToken: ({ scopes }) => scopes.includes('offline_access'),
    userinfo({ grant, scopes }) {
      // The page, userinfo, response example, 2026-11-20.
      if (!scopes.some((scope) => ['profile', 'email', 'address', 'phone'].includes(scope))) {
        throw new Refusal('token-scope');
      }
      return about(grant.person, scopes);
    },
    introspection: ({ grant, scopes, expiresAtSeconds, kind }) => ({
      token_type: 'Bearer',
      scope: scopes.join(' '),
      client_id: grant.client.id,
      username: grant.person.login,
      sub: grant.person.login,
      ...(kind === 'access' ? { exp: expiresAtSeconds, uid: grant.person.sub, iss: here.place(issuer) } : {}),
    }),
    jwks({ query }) {
      // The page, keys, 2026-11-20: of the organisation's server, an application that does not rotate keys has its own with `client_id`.
      return org && query.get('client_id') !== CLIENT_ID
        ? here.keys.jwksWithout('application')
        : here.keys.jwks;
    },
    metadata: () => metadataOf(issuer, base, endpoints, org),
    routes: [REGISTRATION],
  };
}

const times = (here: Here<OktaPerson>): Claims => ({
  iat: here.nowSeconds(),
  exp: here.nowSeconds() + OKTA_FACTS.accessTokenSeconds,
});

function accessTokenClaims(
  here: Here<OktaPerson>,
  { person, client, scopes, grant }: Exchange<OktaPerson>,
  issuer: string,
  options: OktaOptions,
): Claims {
  return {
    ver: 1,
    jti: `AT.${randomBytes(32).toString('base64url')}`,
    iss: here.place(issuer),
    // «Validation failed on access token issued by the org authorization server», 2026-11-20: its audience is Okta itself.
    aud: options.server === 'org' ? here.place(ORG) : 'api://default',
    ...times(here),
    auth_time: grant.authTimeSeconds,
    cid: client.id,
    uid: person.sub,
    // The page, access token payload, 2026-11-20: a list; and the subject is the login, not the id.
    scp: scopes,
    sub: person.login,
    ...(options.groupsClaim && options.server !== 'org' ? { groups: person.groups } : {}),
  };
}

/** The page, scope-dependent claims, 2026-11-20. */
function about(
  { sub, login, email, email_verified, name, groups }: OktaPerson,
  scopes: readonly string[],
): Claims {
  return {
    sub,
    ...(scopes.includes('profile') ? { name, preferred_username: login } : {}),
    ...(scopes.includes('email') ? { email, email_verified } : {}),
    ...(scopes.includes('groups') ? { groups } : {}),
  };
}

export async function startOkta(
  options: OktaOptions = {},
): Promise<StandIn<OktaPerson> & { readonly issuer: string; readonly consoleValues: OktaConsoleValues }> {
  const standIn = await startStandIn<OktaPerson>(
    (here, uris) => rulesFor(here, uris, options),
    OKTA_FACTS,
    options,
  );
  const org = options.server === 'org';
  const server = options.server ?? 'default';
  return {
    ...standIn,
    issuer: standIn.place(org ? ORG : `${ORG}/oauth2/${server}`),
    consoleValues: {
      domain: DOMAIN,
      clientId: CLIENT_ID,
      ...(options.application === 'spa' ? {} : { clientSecret: CLIENT_SECRET }),
      ...(org ? {} : { authorizationServerId: server }),
      audience: org ? standIn.place(ORG) : 'api://default',
    },
  };
}

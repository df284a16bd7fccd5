// Microsoft Entra ID, as Microsoft documents it: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes } from 'node:crypto';
import { Refusal } from '../faults.ts';
import type { Answer } from '../http-server.ts';
import type { AuthorizationRequest, Grant, Here, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import {
  ENTRA_FACTS,
  ENTRA_HOSTS,
  ENTRA_IDS,
  ENTRA_PEOPLE,
  type EntraPerson,
  entraEndpoints,
  entraError,
  entraMetadata,
  fault,
} from './azure-facts.ts';
import {
  ADDRESS_IDENTIFIER,
  API_SCOPES,
  checkResource,
  checkScopes,
  GRAPH,
  IDENTIFIER,
  isApi,
  OIDC_SCOPES,
  resourceScopes,
  scopesOf,
} from './azure-scopes.ts';
import { accessTokenClaims, graphToken, idTokenClaims } from './azure-tokens.ts';

export interface AzureOptions extends StandInOptions {
  /** «Supported account types». Default `one tenant`. */
  readonly accounts?: 'one tenant' | 'any organisation' | 'organisations and personal';
  /** `requestedAccessTokenVersion` of the manifest. Default 2; an app registered without it has 1. */
  readonly tokenVersion?: 1 | 2;
  /** Optional claim `xms_edov` of the ID token. Default: not chosen. */
  readonly edov?: boolean;
  /** `groupMembershipClaims`. Default: none. */
  readonly groups?: boolean;
  /** Platform of the redirect addresses. Default `web`. */
  readonly platform?: 'web' | 'spa' | 'public';
  /** Default `public`; `government` is login.microsoftonline.us. */
  readonly cloud?: 'public' | 'government';
}

export interface AzureConsoleValues {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** «Application ID URI». */
  readonly identifierUri: string;
  /** Another one of the same registration, which is the address of the server. */
  readonly addressUri: string;
  /** «Scopes defined by this API», without the prefix. */
  readonly scopes: readonly string[];
}

function checkTenant({ asked }: AuthorizationRequest, options: AzureOptions): void {
  const { tenant } = asked.parts;
  if (tenant === ENTRA_IDS.tenant || tenant === 'acme.onmicrosoft.example') return;
  const shared = ['common', 'organizations', 'consumers'].includes(tenant ?? '');
  if (!shared && tenant !== ENTRA_IDS.otherTenant) {
    throw new Refusal({
      ...fault(90_002, 'invalid_request', `Tenant '${tenant}' not found.`),
      where: 'page',
    });
  }
  if ((options.accounts ?? 'one tenant') === 'one tenant') {
    throw new Refusal({
      ...fault(
        50_194,
        'invalid_request',
        `Application '${ENTRA_IDS.client}'(MCP) isn't configured as a multi-tenant application.`,
      ),
      where: 'page',
    });
  }
}

function checkPerson(
  { asked }: AuthorizationRequest,
  { tid, email }: EntraPerson,
  options: AzureOptions,
): void {
  const tenant = asked.parts.tenant === 'acme.onmicrosoft.example' ? ENTRA_IDS.tenant : asked.parts.tenant;
  const personal = tid === ENTRA_IDS.personalTenant;
  const fits =
    tenant === tid ||
    (tenant === 'organizations' && !personal) ||
    (tenant === 'consumers' && personal) ||
    (tenant === 'common' && (!personal || options.accounts === 'organisations and personal'));
  if (!fits) {
    throw new Refusal({
      ...fault(50_020, 'invalid_request', `User account '${email}' does not exist in tenant '${tenant}'.`),
      where: 'page',
    });
  }
}

const isSharedTenant = (tenant = '') => ['common', 'organizations', 'consumers'].includes(tenant);

function rulesFor(
  here: Here<EntraPerson>,
  redirectUris: string[],
  options: AzureOptions,
): Rules<EntraPerson> {
  const secret = (options.platform ?? 'web') === 'web' ? { secret: ENTRA_IDS.secret } : {};
  const cloud = options.cloud ?? 'public';
  const named = (grant: Grant<EntraPerson>, scopes: readonly string[]) => {
    const [first] = resourceScopes(scopes);
    const isDefault = resourceScopes(scopes).some(({ name }) => name === '.default');
    const names = isDefault ? API_SCOPES : resourceScopes(scopes).map(({ name }) => name);
    return {
      api: first !== undefined && isApi(first.resource),
      resource: first?.resource ?? GRAPH,
      names,
      grant,
    };
  };
  return {
    hosts: ENTRA_HOSTS[cloud],
    facts: ENTRA_FACTS,
    endpoints: entraEndpoints(cloud),
    clients: [{ id: ENTRA_IDS.client, ...secret, redirectUris }],
    people: ENTRA_PEOPLE,
    checkAuthorization(request) {
      checkTenant(request, options);
      // «Authorization code flow», 2026-11-20: single-page applications must send a challenge.
      if (options.platform === 'spa' && !request.parameters.has('code_challenge'))
        throw new Refusal('challenge-required');
      checkResource(request.parameters, request.scopes);
      checkScopes(request.scopes, request.asked.parts.tenant!);
    },
    checkPerson: (request, person) => checkPerson(request, person, options),
    checkExchange({ asked, form, grant }) {
      const origin = asked.headers.origin;
      if (options.platform === 'spa' && origin === undefined) {
        throw new Refusal(
          fault(
            9_002_327,
            'invalid_request',
            "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
          ),
        );
      }
      checkResource(form, (form.get('scope') ?? grant.request.scopes.join(' ')).split(' '));
    },
    exchangedScopes: scopesOf,
    accessToken(exchange) {
      const { api, resource, names } = named(exchange.grant, exchange.scopes);
      // Without a scope of an API the token is for Microsoft Graph, and nobody else can verify it.
      if (!api) return graphToken(here, exchange, cloud);
      const { claims, header } = accessTokenClaims(here, exchange, {
        names,
        identifier: resource === ADDRESS_IDENTIFIER ? ADDRESS_IDENTIFIER : IDENTIFIER,
        options,
        cloud,
      });
      return here.keys.sign(claims, header);
    },
    idToken: (exchange) =>
      exchange.scopes.includes('openid')
        ? here.keys.sign(idTokenClaims(here, exchange, options, cloud), { typ: 'JWT' })
        : undefined,
    // «Scopes and permissions», offline_access, 2026-11-20: it must be asked for.
    wantsRefreshToken: ({ grant }) => grant.request.scopes.includes('offline_access'),
    newToken: (kind) => `${kind === 'code' ? '1.AX' : '1.AR'}${randomBytes(64).toString('base64url')}`,
    tokenAnswer(body, { scopes, grant }): Answer {
      const { api, resource, names } = named(grant, scopes);
      // The answer says scopes in full, those of OpenID Connect only with Graph.
      const full = names.map((name) => `${resource}/${name}`);
      const oidc = api
        ? []
        : scopes.filter((scope) => OIDC_SCOPES.includes(scope) && scope !== 'offline_access');
      return { body: { ...body, scope: [...oidc, ...full].join(' '), ext_expires_in: 3599 } };
    },
    userinfo({ grant, scopes }): Claims {
      // «UserInfo endpoint», 2026-11-20: it is hosted by Graph, and takes only tokens for Graph.
      if (named(grant, scopes).api) throw new Refusal('token');
      const { sub, name, email } = grant.person;
      return { sub, name, email, picture: `${GRAPH}/v1.0/me/photo/$value` };
    },
    errorAnswer: (fact, asked) => entraError(fact, asked, new Date(here.nowSeconds() * 1000)),
    metadata({ parts, path }) {
      const { tenant = '' } = parts;
      const tenants = [ENTRA_IDS.tenant, ENTRA_IDS.otherTenant, 'acme.onmicrosoft.example'];
      if (!isSharedTenant(tenant) && !tenants.includes(tenant))
        throw new Refusal(fault(90_002, 'invalid_tenant', `Tenant '${tenant}' not found.`));
      return entraMetadata(tenant, path.includes('/v2.0/'), cloud);
    },
  };
}

export async function startAzure(
  options: AzureOptions = {},
): Promise<StandIn<EntraPerson> & { readonly issuer: string; readonly consoleValues: AzureConsoleValues }> {
  const standIn = await startStandIn<EntraPerson>(
    (here, uris) => rulesFor(here, uris, options),
    ENTRA_FACTS,
    options,
  );
  const [login] = ENTRA_HOSTS[options.cloud ?? 'public'];
  return {
    ...standIn,
    issuer: standIn.place(`${login}/${ENTRA_IDS.tenant}/v2.0`),
    consoleValues: {
      tenantId: ENTRA_IDS.tenant,
      clientId: ENTRA_IDS.client,
      ...((options.platform ?? 'web') === 'web' ? { clientSecret: ENTRA_IDS.secret } : {}),
      identifierUri: IDENTIFIER,
      addressUri: ADDRESS_IDENTIFIER,
      scopes: API_SCOPES,
    },
  };
}

// Azure AD B2C, as Microsoft documents it: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes, randomUUID } from 'node:crypto';
import { type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Exchange, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import { page, type StandIn, startStandIn } from '../stand-in.ts';

const NAME = 'acmecustomers';
const TENANT_ID = '775527ff-9a37-4307-8b3d-cc311f58d925';
const POLICY = 'B2C_1_sign_in';
const HOST = `https://${NAME}.b2clogin.com`;
const CLIENT_ID = '90c0fe63-bcf2-44d5-8fb7-b8bbc0b29dc6';
const CLIENT_SECRET = 'b2c~secret-of-the-web-application';
/** «Application ID URI» of the API, below the domain of the tenant. */
const IDENTIFIER = `https://${NAME}.onmicrosoft.com/mcp`;
const SCOPES = ['mcp.read', 'mcp.write'];
const OIDC_SCOPES = ['openid', 'offline_access', 'profile'];

/** «Error codes: Azure Active Directory B2C», 2026-11-20. */
const fault = (code: string, error: string, text: string): FaultFact => ({
  status: 400,
  error,
  description: `AADB2C${code}: ${text}`,
});
const shown = (code: string, error: string, text: string): FaultFact => ({
  ...fault(code, error, text),
  where: 'page',
});

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'redirect-not-registered': shown(
    '90006',
    'redirect_uri_mismatch',
    `The redirect URI '{detail}' provided in the request is not registered for the client ID '${CLIENT_ID}'.`,
  ),
  'unknown-client': shown('90008', 'invalid_request', 'The request does not contain a client ID parameter.'),
  'missing-parameter': fault(
    '90010',
    'invalid_request',
    'The request does not contain a {detail} parameter.',
  ),
  scope: fault(
    '90055',
    'invalid_request',
    "The scope '{detail}' provided in request must specify a resource, such as 'https://example.com/calendar.read'.",
  ),
  'client-not-found': fault(
    '90068',
    'invalid_request',
    "The provided application with ID '{detail}' is not valid against this service.",
  ),
  'client-authentication': fault(
    '90081',
    'invalid_grant',
    'The specified client_secret does not match the expected value for this client. Please correct the client_secret and try again.',
  ),
  'client-unauthenticated': fault(
    '90079',
    'invalid_grant',
    'Clients must send a client_secret when redeeming a confidential grant.',
  ),
  // Which of them a bad or used code gets is unread.
  code: fault('90090', 'invalid_grant', 'The provided JWE is not a valid 5 segment token.'),
  'code-used': fault(
    '90080',
    'invalid_grant',
    'The provided grant has expired. Please re-authenticate and try again.',
  ),
  verifier: fault(
    '90182',
    'invalid_grant',
    'The supplied code_verifier does not match associated code_challenge',
  ),
  'verifier-missing': fault(
    '90182',
    'invalid_grant',
    'The supplied code_verifier does not match associated code_challenge',
  ),
  'grant-type': fault(
    '90086',
    'unsupported_grant_type',
    'The supplied grant_type [{detail}] is not supported.',
  ),
  'code-expired': fault(
    '90080',
    'invalid_grant',
    'The provided grant has expired. Please re-authenticate and try again.',
  ),
  'refresh-token': fault('90129', 'invalid_grant', 'The provided grant has been revoked.'),
};

export const FACTS: Facts = {
  alg: 'RS256',
  // «Authorization code flow in Azure AD B2C», unread: ten minutes, and an hour.
  codeSeconds: 600,
  accessTokenSeconds: 3600,
  challengeMethods: ['S256', 'plain'],
  challengeMethodDefault: 'plain',
  challengeRequired: 'never',
  requiredParameters: ['scope'],
  redirectUriRequired: true,
  clientAuthentication: ['post', 'basic'],
  rotation: 'old one stays',
  revocable: [],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

export interface B2cPerson extends Person {
  readonly name: string;
  readonly emails: readonly string[];
}

export const B2C_PEOPLE: readonly B2cPerson[] = [
  {
    login: 'alice@mail.example',
    sub: '884408e1-2918-4cz0-b12d-3aa027d7563b',
    name: 'Alice',
    emails: ['alice@mail.example'],
  },
];

export interface B2cOptions extends StandInOptions {
  /** «Issuer (iss) claim» of the user flow. Default `tenant`: without the policy. */
  readonly issuerForm?: 'tenant' | 'tfp';
  /** «Mobile and desktop applications»: without a secret. Default: a web application. */
  readonly publicClient?: boolean;
}

export interface B2cConsoleValues {
  readonly tenantName: string;
  readonly policyName: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly identifierUri: string;
}

/** «Azure AD B2C issuer claim support», 2026-11-20: the id of the tenant, not its name, and a slash at the end. */
function issuerOf(options: B2cOptions): string {
  return options.issuerForm === 'tfp'
    ? `${HOST}/tfp/${TENANT_ID}/${POLICY.toLowerCase()}/v2.0/`
    : `${HOST}/${TENANT_ID}/v2.0/`;
}

function rulesFor(here: Here<B2cPerson>, redirectUris: string[], options: B2cOptions): Rules<B2cPerson> {
  const base = `${HOST}/{tenant}/{policy}`;
  const real = `${HOST}/${NAME}.onmicrosoft.com/${POLICY.toLowerCase()}`;
  const apiScopes = (scopes: readonly string[]) =>
    scopes.filter((scope) => scope === CLIENT_ID || scope.startsWith(`${IDENTIFIER}/`));
  const checkPolicy = (parts: Readonly<Record<string, string>>) => {
    const tenant = [`${NAME}.onmicrosoft.com`, TENANT_ID].includes(parts.tenant ?? '');
    // Names of policies are compared without regard to case.
    if (!tenant || parts.policy?.toLowerCase() !== POLICY.toLowerCase())
      throw new Refusal({ status: 404, error: 'not_found', where: 'page' });
  };
  return {
    hosts: [HOST],
    facts: FACTS,
    endpoints: {
      authorize: [`${base}/oauth2/v2.0/authorize`],
      token: [`${base}/oauth2/v2.0/token`],
      jwks: [`${base}/discovery/v2.0/keys`],
      metadata: [`${base}/v2.0/.well-known/openid-configuration`],
    },
    clients: [{ id: CLIENT_ID, ...(options.publicClient ? {} : { secret: CLIENT_SECRET }), redirectUris }],
    people: B2C_PEOPLE,
    checkAuthorization({ asked, scopes }) {
      checkPolicy(asked.parts);
      const known = [...OIDC_SCOPES, CLIENT_ID, ...SCOPES.map((name) => `${IDENTIFIER}/${name}`)];
      const unknown = scopes.find((scope) => !known.includes(scope));
      if (unknown !== undefined) throw new Refusal('scope', unknown);
    },
    // «Request an access token in Azure AD B2C», unread: none without a scope of an API, or the client's own id.
    accessToken: (exchange) => {
      const api = apiScopes(exchange.scopes);
      if (api.length === 0) return undefined;
      const names = api
        .filter((scope) => scope !== CLIENT_ID)
        .map((scope) => scope.slice(IDENTIFIER.length + 1));
      const claims = { ...shared(here, exchange, options), aud: CLIENT_ID, azp: CLIENT_ID };
      return here.keys.sign(
        { ...claims, ...(names.length > 0 ? { scp: names.join(' ') } : {}) },
        { typ: 'JWT' },
      );
    },
    idToken(exchange) {
      const nonce = exchange.grant.request.parameters.get('nonce');
      // «Overview of tokens», unread: `emails`, a list, and no word of their verification.
      const { name, emails } = exchange.person;
      const claims = {
        ...shared(here, exchange, options),
        aud: CLIENT_ID,
        name,
        emails,
        auth_time: exchange.grant.authTimeSeconds,
      };
      return here.keys.sign({ ...claims, ...(nonce === null ? {} : { nonce }) }, { typ: 'JWT' });
    },
    wantsRefreshToken: ({ grant }) => grant.request.scopes.includes('offline_access'),
    newToken: () => randomBytes(64).toString('base64url'),
    errorAnswer({ status, error, description = '', where }, asked) {
      if (where === 'page' && asked.path.endsWith('/authorize')) return page(description || error, status);
      const more = `Correlation ID: ${randomUUID()} Timestamp: ${new Date(here.nowSeconds() * 1000).toISOString()}`;
      return { status, body: { error, error_description: `${description}\r\n${more}\r\n` } };
    },
    metadata({ parts }) {
      checkPolicy(parts);
      return {
        issuer: issuerOf(options),
        authorization_endpoint: `${real}/oauth2/v2.0/authorize`,
        token_endpoint: `${real}/oauth2/v2.0/token`,
        end_session_endpoint: `${real}/oauth2/v2.0/logout`,
        jwks_uri: `${real}/discovery/v2.0/keys`,
        response_types_supported: ['code', 'code id_token', 'id_token'],
        scopes_supported: ['openid'],
        subject_types_supported: ['pairwise'],
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      };
    },
  };
}

function shared(here: Here<B2cPerson>, { person }: Exchange<B2cPerson>, options: B2cOptions): Claims {
  const iat = here.nowSeconds();
  const times = { iat, nbf: iat, exp: iat + FACTS.accessTokenSeconds };
  return {
    iss: here.place(issuerOf(options)),
    ...times,
    sub: person.sub,
    oid: person.sub,
    tfp: POLICY,
    ver: '1.0',
  };
}

export async function startAzureB2c(
  options: B2cOptions = {},
): Promise<StandIn<B2cPerson> & { readonly issuer: string; readonly consoleValues: B2cConsoleValues }> {
  const standIn = await startStandIn<B2cPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  return {
    ...standIn,
    issuer: standIn.place(issuerOf(options)),
    consoleValues: {
      tenantName: NAME,
      policyName: POLICY,
      clientId: CLIENT_ID,
      ...(options.publicClient ? {} : { clientSecret: CLIENT_SECRET }),
      identifierUri: IDENTIFIER,
    },
  };
}

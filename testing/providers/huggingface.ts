// Hugging Face, as it documents itself: page name and date of reading at each fact; `unread` where the page was not at hand.
// «Measured» is what others measured against the real server and wrote down in 2026-09, read 2026-11-20.
import { randomBytes } from 'node:crypto';
import { Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Here, Person, Rules, StandInOptions } from '../rules.ts';
import { type Claims, makeSigningKeys, type SigningKeys } from '../signing-keys.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';

const ISSUER = 'https://huggingface.co';
const CLIENT_ID = 'd1f2a3b4-0000-4000-8000-0123456789ab';
const CLIENT_SECRET = 'hf-oauth-app-secret';

/** «Sign in with Hugging Face», currently supported scopes, 2026-11-20. There is no `offline_access`. */
const SCOPES =
  `openid profile email read-billing read-repos write-repos manage-repos inference-api write-discussions`.split(
    ' ',
  );

export const FACTS: Facts = {
  // Measured: ID tokens are RS256; access tokens are another thing.
  alg: 'RS256',
  codeSeconds: 600,
  // Measured: eight hours.
  accessTokenSeconds: 28_800,
  challengeMethods: ['S256'],
  challengeRequired: 'of public clients',
  requiredParameters: ['scope'],
  redirectUriRequired: true,
  // «Sign in with Hugging Face», unread: the secret with Basic; public applications have none.
  clientAuthentication: ['basic', 'post'],
  // Measured: a new one each time, and the old one is dead.
  rotation: 'old one ends',
  // Measured: there is no revocation endpoint.
  revocable: [],
  issuerInResponse: false,
  faults: {
    ...STANDARD_FAULTS,
    // Measured: with this text.
    denied: {
      status: 303,
      error: 'access_denied',
      description: 'The user denied the request',
      where: 'redirect',
    },
  },
};

const ENDPOINTS: Endpoints = {
  authorize: [`${ISSUER}/oauth/authorize`],
  token: [`${ISSUER}/oauth/token`],
  userinfo: [`${ISSUER}/oauth/userinfo`],
  jwks: [`${ISSUER}/oauth/jwks`],
  metadata: [`${ISSUER}/.well-known/openid-configuration`],
};

export interface HuggingFaceOrg {
  readonly sub: string;
  readonly preferred_username: string;
  readonly roleInOrg: string;
}

export interface HuggingFacePerson extends Person {
  readonly preferred_username: string;
  readonly name: string;
  readonly email: string;
  readonly orgs: readonly HuggingFaceOrg[];
}

export const HUGGING_FACE_PEOPLE: readonly HuggingFacePerson[] = [
  {
    login: 'alice',
    sub: '62f264b9f3c90f4b6514a269',
    preferred_username: 'alice',
    name: 'Alice Adams',
    email: 'alice@acme.example',
    orgs: [
      { sub: '62f264b9f3c90f4b65140001', preferred_username: 'acme', roleInOrg: 'admin' },
      { sub: '62f264b9f3c90f4b65140002', preferred_username: 'open-models', roleInOrg: 'read' },
    ],
  },
  {
    login: 'bob',
    sub: '62f264b9f3c90f4b6514a270',
    preferred_username: 'bob',
    name: 'Bob',
    email: 'bob@mail.example',
    orgs: [],
  },
];

export interface HuggingFaceOptions extends StandInOptions {
  /** An application without a secret. Default: with one. */
  readonly publicClient?: boolean;
}

export interface HuggingFaceConsoleValues {
  readonly clientId: string;
  readonly clientSecret?: string;
}

function rulesFor(
  here: Here<HuggingFacePerson>,
  tokenKeys: SigningKeys,
  redirectUris: string[],
  options: HuggingFaceOptions,
): Rules<HuggingFacePerson> {
  return {
    hosts: [ISSUER],
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients: [{ id: CLIENT_ID, ...(options.publicClient ? {} : { secret: CLIENT_SECRET }), redirectUris }],
    people: HUGGING_FACE_PEOPLE,
    checkAuthorization({ scopes, parameters }) {
      if (scopes.some((scope) => !SCOPES.includes(scope))) throw new Refusal('scope');
      const org = parameters.get('orgIds');
      const known = HUGGING_FACE_PEOPLE.some(({ orgs }) => orgs.some(({ sub }) => sub === org));
      if (org !== null && !known) throw new Refusal('missing-parameter', 'orgIds');
    },
    // As it is seen in public, 2026-11-20: a prefix, and then a JWT that is signed with EdDSA, its audience the hub itself.
    async accessToken({ person, scopes }) {
      const claims = {
        scope: scopes,
        aud: here.place(ISSUER),
        oauthApp: CLIENT_ID,
        sessionId: randomBytes(12).toString('hex'),
        iss: here.place(ISSUER),
        sub: person.sub,
        iat: here.nowSeconds(),
        exp: here.nowSeconds() + FACTS.accessTokenSeconds,
        jti: randomBytes(12).toString('hex'),
      };
      return `hf_oauth_${await tokenKeys.sign(claims)}`;
    },
    idToken({ grant, person, client, scopes, refreshing }) {
      // «Sign in with Hugging Face», 2026-11-20: with `openid`.
      if (!scopes.includes('openid')) return undefined;
      const nonce = grant.request.parameters.get('nonce');
      return here.keys.sign({
        ...about(person, scopes),
        aud: client.id,
        iss: here.place(ISSUER),
        iat: here.nowSeconds(),
        // Measured: an hour, less than the access token.
        exp: here.nowSeconds() + 3600,
        ...(nonce === null || refreshing ? {} : { nonce }),
      });
    },
    // Measured: always.
    wantsRefreshToken: () => true,
    tokenAnswer: (body) => ({ body: { ...body, token_type: 'bearer' } }),
    userinfo: ({ grant, scopes }) => {
      const asked = grant.request.parameters.get('orgIds');
      const { orgs } = grant.person;
      // «Sign in with Hugging Face», 2026-11-20: the person chooses; here, those that were asked for, or all.
      const shown = asked === null ? orgs : orgs.filter(({ sub }) => sub === asked);
      return { ...about(grant.person, scopes), ...(scopes.includes('profile') ? { orgs: shown } : {}) };
    },
    // Measured: it has no `scopes_supported`.
    metadata: () => ({
      issuer: ISSUER,
      authorization_endpoint: ENDPOINTS.authorize[0],
      token_endpoint: ENDPOINTS.token[0],
      userinfo_endpoint: ENDPOINTS.userinfo![0],
      jwks_uri: ENDPOINTS.jwks![0],
      registration_endpoint: `${ISSUER}/oauth/register`,
      device_authorization_endpoint: `${ISSUER}/oauth/device`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
    }),
    routes: [
      {
        method: 'GET',
        path: '/api/whoami-v2',
        // «Hub API endpoints», unread: any live token; what it may do is inside.
        handle(asked) {
          const { grant, scopes } = here.bearer(asked);
          const { sub, preferred_username, name } = grant.person;
          return {
            body: {
              type: 'user',
              id: sub,
              name: preferred_username,
              fullname: name,
              auth: { type: 'oauth', accessToken: { scopes } },
            },
          };
        },
      },
    ],
  };
}

/** «Interface: UserInfo» of huggingface.js, 2026-11-20. E-mails are always verified: an application is not granted otherwise. */
function about(
  { sub, preferred_username, name, email }: HuggingFacePerson,
  scopes: readonly string[],
): Claims {
  return {
    sub,
    ...(scopes.includes('profile')
      ? { name, preferred_username, profile: `https://huggingface.co/${preferred_username}`, isPro: false }
      : {}),
    ...(scopes.includes('email') ? { email, email_verified: true } : {}),
  };
}

export async function startHuggingFace(
  options: HuggingFaceOptions = {},
): Promise<
  StandIn<HuggingFacePerson> & { readonly issuer: string; readonly consoleValues: HuggingFaceConsoleValues }
> {
  const tokenKeys = await makeSigningKeys('EdDSA');
  const standIn = await startStandIn<HuggingFacePerson>(
    (here, uris) => rulesFor(here, tokenKeys, uris, options),
    FACTS,
    options,
  );
  const secret = options.publicClient ? {} : { clientSecret: CLIENT_SECRET };
  return { ...standIn, issuer: standIn.place(ISSUER), consoleValues: { clientId: CLIENT_ID, ...secret } };
}

// Discord, as it documents itself; every page was read on 2026-11-20, and `unread` is said where there was none.
// «OAuth2»: https://docs.discord.com/developers/topics/oauth2
// «User resource»: https://docs.discord.com/developers/resources/user
// «Metadata»: https://discord.com/.well-known/oauth-authorization-server, and `openid-configuration` beside it
// «Issues»: https://github.com/discord/discord-api-docs/issues, the numbers are named
import { randomBytes } from 'node:crypto';
import { errorBody, type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Endpoints, Facts, Here, Rules, StandInOptions } from '../rules.ts';
import { page, type StandIn, startStandIn } from '../stand-in.ts';
import { DISCORD_PEOPLE, type DiscordPerson, discordRoutes, UNAUTHORIZED } from './discord-api.ts';

const ISSUER = 'https://discord.com';
const CLIENT_ID = '157730590492196864';
const CLIENT_SECRET = 'discord-secret-of-the-application';

/** «OAuth2», scopes: those an application can have without approval. «Metadata» implies `openid`; it is left out here. */
const SCOPES =
  `identify email guilds guilds.join guilds.members.read connections gdm.join messages.read role_connections.write`.split(
    ' ',
  );

const refused = (status: number, error: string, description?: string): FaultFact => ({
  status,
  error,
  ...(description === undefined ? {} : { description }),
});
/** «Issues» 982 and what is quoted of it since: unknown, used and late codes are one thing. */
const CODE = refused(400, 'invalid_grant', 'Invalid "code" in request.');

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  // Words of the page: unread.
  'redirect-not-registered': { status: 400, error: 'Invalid OAuth2 redirect_uri', where: 'page' },
  // As commonly quoted from the address of a callback.
  denied: {
    status: 302,
    error: 'access_denied',
    description: 'The resource owner or authorization server denied the request',
    where: 'redirect',
  },
  scope: {
    status: 302,
    error: 'invalid_scope',
    description: 'The requested scope is invalid, unknown, or malformed.',
    where: 'redirect',
  },
  code: CODE,
  'code-used': CODE,
  'code-expired': CODE,
  // As quoted by those who met it: the address at the token endpoint is compared letter by letter.
  'redirect-differs': refused(400, 'invalid_grant', 'Invalid "redirect_uri" in request.'),
  // https://github.com/pilcrowonpaper/arctic/issues/167: not `invalid_grant`.
  'verifier-missing': refused(400, 'invalid_request', 'Missing "code_verifier"'),
  // Text unread.
  verifier: refused(400, 'invalid_grant', 'Code challenge failed.'),
};

export const FACTS: Facts = {
  // Nothing is signed without `openid`.
  alg: 'RS256',
  // Unread.
  codeSeconds: 600,
  // «OAuth2», access token response: seven days.
  accessTokenSeconds: 604_800,
  // «Metadata».
  challengeMethods: ['S256'],
  // «OAuth2»: not spoken of; for public clients as https://arcticjs.dev/providers/discord has it.
  challengeRequired: 'of public clients',
  // «OAuth2», state and security: `state` is not required. For `scope`: unread.
  requiredParameters: ['scope'],
  // «OAuth2», advanced bot authorization: the first one of the list, when none is named.
  redirectUriRequired: false,
  // «OAuth2»: Basic, or in the form.
  clientAuthentication: ['basic', 'post'],
  // «OAuth2», refresh token exchange: a whole new answer. What becomes of the old token: unread.
  rotation: 'old one ends',
  // «OAuth2», token revocation example.
  revocable: ['access', 'refresh'],
  // «Metadata»: `authorization_response_iss_parameter_supported`.
  issuerInResponse: true,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

const ENDPOINTS: Endpoints = {
  // «OAuth2» has the first, «Metadata» the second.
  authorize: [`${ISSUER}/oauth2/authorize`, `${ISSUER}/api/oauth2/authorize`],
  token: [`${ISSUER}/api/oauth2/token`, `${ISSUER}/api/v10/oauth2/token`],
  revoke: [`${ISSUER}/api/oauth2/token/revoke`, `${ISSUER}/api/v10/oauth2/token/revoke`],
  jwks: [`${ISSUER}/api/oauth2/keys`],
  metadata: [
    `${ISSUER}/.well-known/oauth-authorization-server`,
    `${ISSUER}/.well-known/openid-configuration`,
  ],
};

export interface DiscordOptions extends StandInOptions {
  /** «Public Client» in the developer portal. Default: with a secret. */
  readonly publicClient?: boolean;
}

export interface DiscordConsoleValues {
  readonly clientId: string;
  readonly clientSecret?: string;
}

/** As the examples of «OAuth2»: thirty letters and digits. */
const newValue = () => randomBytes(48).toString('base64').replaceAll(/[+/=]/g, '').slice(0, 30);

function metadataOf(path: string) {
  const common = {
    issuer: ISSUER,
    authorization_endpoint: ENDPOINTS.authorize[1],
    token_endpoint: ENDPOINTS.token[0],
    jwks_uri: ENDPOINTS.jwks![0],
  };
  if (path.endsWith('openid-configuration')) {
    return {
      ...common,
      userinfo_endpoint: `${ISSUER}/api/oauth2/userinfo`,
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }
  const methods = ['client_secret_basic', 'client_secret_post', 'none'];
  return {
    ...common,
    revocation_endpoint: ENDPOINTS.revoke![0],
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

function rulesFor(
  here: Here<DiscordPerson>,
  redirectUris: string[],
  options: DiscordOptions,
): Rules<DiscordPerson> {
  return {
    hosts: [ISSUER],
    issuer: ISSUER,
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients: [{ id: CLIENT_ID, ...(options.publicClient ? {} : { secret: CLIENT_SECRET }), redirectUris }],
    people: DISCORD_PEOPLE,
    checkAuthorization({ scopes }) {
      if (scopes.some((scope) => !SCOPES.includes(scope))) throw new Refusal('scope');
    },
    checkExchange({ asked }) {
      // «OAuth2»: only a form; «Issues» 5249: JSON is as if nothing had been said.
      const isForm = asked.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
      if (!isForm) throw new Refusal('grant-type');
    },
    accessToken: newValue,
    wantsRefreshToken: () => true,
    newToken: newValue,
    // «OAuth2», token revocation: whatever is handed in, everything of that authorization ends.
    checkRevocation(_asked, token) {
      if (token) token.grant.ended = true;
    },
    errorAnswer(fact, { path }) {
      const said = fact.description ?? fact.error;
      if (fact.where === 'page') return page(said, fact.status);
      return path.includes('@me') ? UNAUTHORIZED : errorBody(fact);
    },
    metadata: ({ path }) => metadataOf(path),
    routes: discordRoutes(here, CLIENT_ID),
  };
}

export async function startDiscord(
  options: DiscordOptions = {},
): Promise<
  StandIn<DiscordPerson> & { readonly issuer: string; readonly consoleValues: DiscordConsoleValues }
> {
  const standIn = await startStandIn<DiscordPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  const secret = options.publicClient ? {} : { clientSecret: CLIENT_SECRET };
  return { ...standIn, issuer: standIn.place(ISSUER), consoleValues: { clientId: CLIENT_ID, ...secret } };
}

import { parameters } from './object-types.ts';
import { optionalSetting, section, setting } from './row.ts';
import { discovery, issuerAddress, logoutReturn, scopeList } from './special-types.ts';
import { listOf, oneOf, onOff, text, webUrl, wholeNumber } from './value-types.ts';

const claim = text({ says: 'name of a claim, or a path such as `realm_access.roles`', max: 128 });

const endpoint = (what: string, example: string) =>
  optionalSetting({
    type: webUrl('anywhere'),
    defaultText: 'from discovery',
    description: `${what} Wins over what discovery says: for a provider that this server sees under another address, such as inside a cluster.`,
    example,
    wrong: 'Sign-in ends with an error page. Whoever answers there decides who people are.',
  });

/** The identity provider people sign in at. */
export const UPSTREAM_ROWS = section('Identity provider', {
  'upstream.issuer': optionalSetting({
    type: issuerAddress,
    defaultText: 'none: development people',
    description:
      'The issuer of your identity provider, to the letter; for a plain OAuth 2 provider, which has none, its address. Its endpoints and keys are then discovered. Not for a provider that `upstream.preset` names: there its own options say it.',
    example: 'https://login.example.com/realms/main',
    wrong:
      'The start stops when nothing is found there, or when the provider calls itself otherwise. Changed later, everybody is somebody else.',
  }),
  'upstream.clientId': optionalSetting({
    type: text({ says: 'client id', max: 1024 }),
    defaultText: 'none; needed with a provider',
    description:
      'The id of this server at the provider. Register the public URL with `/auth/callback` behind it there, as the redirect URI.',
    example: 'portcullis',
    wrong: 'The provider shows an error page in place of its sign-in.',
  }),
  'upstream.clientSecret': optionalSetting({
    type: text({ says: 'client secret', max: 4096 }),
    secret: true,
    defaultText: 'none',
    description:
      'The secret of this server at the provider. No key is made from it: it can change at any time.',
    example: 'env:OIDC_CLIENT_SECRET',
    wrong: 'Sign-in and refresh are answered with 503 until it is right. Nobody is logged out.',
  }),
  'upstream.clientAuthentication': optionalSetting({
    type: oneOf('basic', 'post', 'none'),
    defaultText: '`none` without a secret; with one `basic`, or `post` where the provider offers only that',
    description: 'How this server shows its secret to the provider: in a header, in the body, or not at all.',
    example: 'post',
    wrong: 'The provider answers `invalid_client`, and every sign-in is a 503.',
  }),
  'upstream.scopes': optionalSetting({
    type: scopeList,
    defaultText: 'those of `upstream.preset`, else `openid profile email`',
    description:
      'The scopes that this server asks the provider for. They have nothing to do with those of its own tokens. With `openid` an ID token is required.',
    example: 'openid profile email offline_access',
    wrong:
      'Without `offline_access` (or what the provider has in its place) there is no refresh, and sessions end after `lifetimes.sessionUncheckedSeconds`.',
  }),
  'upstream.title': optionalSetting({
    type: text({ says: 'a few words', max: 64 }),
    defaultText: 'the name of the provider, else the host of its issuer',
    description: 'What the provider is called on pages: "Sign in with ...".',
    example: 'Example Login',
    wrong: 'People do not know where they are being sent.',
  }),
  'upstream.subjectClaim': optionalSetting({
    type: text({ says: 'name of a claim', max: 128 }),
    defaultText: 'that of `upstream.preset`, else `sub`',
    description: 'Without `openid`: the member of the userinfo answer that names the person for ever.',
    example: 'id',
    wrong: 'A claim that can change, or that people choose, lets one person become another.',
  }),
  'upstream.groupsClaim': optionalSetting({
    type: claim,
    defaultText: 'that of `upstream.preset`, else `groups`',
    description: 'The claim that holds the groups of a person.',
    example: 'realm_access.roles',
    wrong: 'People have no groups, or groups they chose themselves.',
  }),
  'upstream.keepClaims': setting<readonly string[]>({
    type: listOf(claim, { max: 50 }),
    default: [],
    defaultText: 'none',
    description: 'Further claims to keep with the session.',
    example: 'department',
    wrong: 'Each costs room in every record.',
  }),
});

/** Addresses of the provider, and how it is called. */
export const UPSTREAM_CALL_ROWS = section('Identity provider: fine tuning', {
  'upstream.discovery': optionalSetting<boolean | string>({
    type: discovery,
    defaultText: 'as `upstream.preset` has it, else `on`',
    description:
      'Whether the metadata of the provider is read below its issuer, from another address, or not at all.',
    example: 'http://keycloak:8080/realms/main/.well-known/openid-configuration',
    wrong: 'With `off`, the start stops when `upstream.endpoints` is incomplete.',
  }),
  'upstream.endpoints.authorization': endpoint(
    'Where the browser is sent: the address that people see.',
    'https://login.example.com/authorize',
  ),
  'upstream.endpoints.token': endpoint(
    'Where this server exchanges codes and refresh tokens.',
    'https://login.example.com/token',
  ),
  'upstream.endpoints.userinfo': endpoint(
    'Where this server asks who it was.',
    'https://login.example.com/userinfo',
  ),
  'upstream.endpoints.revocation': endpoint(
    'Where this server gives tokens back when a session ends.',
    'https://login.example.com/revoke',
  ),
  'upstream.endpoints.keys': endpoint(
    'The keys that ID tokens are signed with.',
    'https://login.example.com/jwks',
  ),
  'upstream.endpoints.endSession': optionalSetting({
    type: webUrl('anywhere'),
    defaultText: 'from discovery',
    description: 'Where `/logout` sends the browser, so that it is logged out of the provider too.',
    example: 'https://login.example.com/logout',
    wrong: 'People stay logged in at the provider.',
  }),
  'upstream.logoutReturnParameter': optionalSetting<string | false>({
    type: logoutReturn,
    defaultText: 'that of `upstream.preset`, else `post_logout_redirect_uri`',
    description:
      'How the provider is told where a browser goes after it was logged out: to the public URL with `/logout/done` behind it, which it has to know. `off`: it is not told, and browsers are not sent there.',
    example: 'returnTo',
    wrong: 'People end on a page of the provider.',
  }),
  'upstream.allowPlainHttp': setting({
    type: onOff,
    default: false,
    description:
      'Whether addresses of the provider may be plain http on other machines, for one inside a cluster.',
    example: 'on',
    wrong: 'Whoever can read that network can sign in as anybody.',
  }),
  'upstream.authorizationParameters': optionalSetting<Readonly<Record<string, string>>>({
    type: parameters,
    defaultText: 'those of `upstream.preset`, which stay unless they are named here',
    description: 'Further parameters for the authorization request.',
    example: '{"prompt": "consent"}',
    wrong: 'A parameter that the protocol itself sets stops the start.',
  }),
  'upstream.tokenParameters': optionalSetting<Readonly<Record<string, string>>>({
    type: parameters,
    defaultText: 'those of `upstream.preset`, which stay unless they are named here',
    description: 'Further parameters for every token request.',
    example: '{"audience": "https://api.example.com"}',
    wrong: 'A parameter that the protocol itself sets stops the start.',
  }),
  'upstream.userinfo': optionalSetting({
    type: onOff,
    defaultText: 'as `upstream.preset` has it, else `on`',
    description: 'Whether userinfo is asked at sign-in besides the ID token, where the provider has it.',
    example: 'off',
    wrong: 'With `off`, claims that the provider shows only there are missing.',
  }),
  'upstream.pkce': optionalSetting({
    type: onOff,
    defaultText: 'as `upstream.preset` has it, else `on`',
    description: 'Whether a PKCE challenge is sent. `off` only for a provider that refuses the parameter.',
    example: 'on',
    wrong: 'With `off`, `state` and `nonce` alone stop a stolen code.',
  }),
  'upstream.responseIssuerRequired': optionalSetting({
    type: onOff,
    defaultText: 'what the metadata says; without discovery `off`',
    description:
      'Whether the callback must name the issuer (RFC 9207). One that is named must always be right.',
    example: 'on',
    wrong: 'With `on`, sign-in fails at a provider that does not name itself.',
  }),
  'upstream.idTokenAlgorithms': optionalSetting({
    type: listOf(text({ says: 'name of an algorithm', max: 16 }), { max: 20 }),
    defaultText: 'what the metadata says; without it `RS256`',
    description: 'The signature algorithms that ID tokens may have. Only asymmetric ones are ever accepted.',
    example: 'RS256, ES256',
    wrong: 'Sign-in fails when the provider signs with another one.',
  }),
  'upstream.tokenLifetimeSeconds': optionalSetting({
    type: wholeNumber({ min: 60, max: 366 * 86_400 }),
    unit: 'seconds',
    defaultText: 'unknown: such a token is used until the provider refuses it',
    description: 'How long an access token of the provider lives, where the provider does not say.',
    example: '3600',
    wrong:
      'Too long: code behind the gate gets a token that has ended. Too short: the provider is asked for more than it has to be.',
  }),
  'upstream.timeoutSeconds': seconds(
    10,
    1,
    29,
    'How long one request to the provider may take.',
    'Too short: slow answers become a 503.',
  ),
  'upstream.clockToleranceSeconds': seconds(
    30,
    0,
    300,
    'How far clocks may be apart when an ID token is checked.',
    'Too short: sign-in fails while clocks differ.',
  ),
  'upstream.metadataMaxAgeSeconds': seconds(
    86_400,
    60,
    2_592_000,
    'How old metadata of the provider may be before it is read again, in the background.',
    'Too long: a provider that moved is called at its old address.',
  ),
  'upstream.keysMaxAgeSeconds': seconds(
    600,
    10,
    86_400,
    'How old its key set may be before it is read again.',
    'Too long: a key that the provider took away is still believed.',
  ),
  'upstream.keysCooldownSeconds': seconds(
    60,
    1,
    3600,
    'How long unknown key ids cause no second reading of the key set.',
    'Too short: forged tokens make this server call the provider.',
  ),
});

function seconds(value: number, min: number, max: number, description: string, wrong: string) {
  return setting({
    type: wholeNumber({ min, max }),
    default: value,
    unit: 'seconds',
    description,
    example: String(value),
    wrong,
  });
}

import type { UsernameRule } from '../sign-in/username.ts';
import { endpointOverrides, parameters } from './object-types.ts';
import { optionalSetting, section, setting } from './row.ts';
import { DEFAULT_PEOPLE, developmentPeople, mailDomain, scopeList, usernameRule } from './special-types.ts';
import { listOf, oneOf, onOff, text, webUrl } from './value-types.ts';

const none: readonly string[] = [];
const endpoint = (what: string, example: string) =>
  optionalSetting({
    type: webUrl('loopback'),
    defaultText: 'from discovery',
    description: `${what} Needed where the provider has no discovery; else it wins over what discovery says.`,
    example,
    wrong: 'Sign-in ends with an error page, or with the wrong provider.',
  });

/** Whether anybody has to sign in. */
export const ACCESS_ROWS = section('Who may call', {
  auth: setting({
    type: onOff,
    flag: '--no-auth',
    default: true,
    description: 'Whether callers need a token. `off` lets everybody who reaches the port call every tool.',
    example: 'on',
    wrong: 'Off a loopback address `off` stops the start, unless `iKnowAnyoneCanCall` says it again.',
  }),
  iKnowAnyoneCanCall: setting({
    type: onOff,
    flag: '--i-know-anyone-can-call',
    default: false,
    description: 'Says for the second time that callers need no token, where others can reach the server.',
    example: 'off',
    wrong: 'Together with `auth: off`, everybody who reaches the port is in.',
  }),
  developmentPeople: setting({
    type: developmentPeople,
    flag: '--dev-people [names]',
    default: ({ value }) =>
      value('upstream.issuer') || value('upstream.authorizationEndpoint') ? [] : DEFAULT_PEOPLE,
    defaultText: '`alice,bob,carol[admin]` while no provider is set up, else `off`',
    description:
      'People anybody can sign in as, by a click and without proof: for trying things out on your own machine. Groups stand in brackets.',
    example: 'alice,bob,carol[admin]',
    wrong: 'Off a loopback address it stops the start, unless `iKnowAnyoneCanSignIn` says it again.',
  }),
  iKnowAnyoneCanSignIn: setting({
    type: onOff,
    flag: '--i-know-anyone-can-sign-in',
    default: false,
    description:
      'Says for the second time that development people may sign in where others can reach the server.',
    example: 'off',
    wrong: 'Together with `developmentPeople`, everybody who reaches the port can be any of them.',
  }),
});

/** The identity provider people sign in at. */
export const UPSTREAM_ROWS = section('Identity provider', {
  'upstream.issuer': optionalSetting({
    type: webUrl('loopback'),
    defaultText: 'none: development people',
    description:
      'The issuer of your OpenID Connect provider, to the letter. Its endpoints and keys are then discovered.',
    example: 'https://login.example.com/realms/main',
    wrong: 'The start stops when nothing is found there, or when the provider calls itself otherwise.',
  }),
  'upstream.authorizationEndpoint': endpoint(
    'Where the browser signs in.',
    'https://login.example.com/authorize',
  ),
  'upstream.tokenEndpoint': endpoint('Where this server redeems codes.', 'https://login.example.com/token'),
  'upstream.userinfoEndpoint': endpoint(
    'Where this server asks who it was.',
    'https://login.example.com/userinfo',
  ),
  'upstream.jwksUri': endpoint('The keys that ID tokens are signed with.', 'https://login.example.com/jwks'),
  'upstream.revocationEndpoint': endpoint(
    'Where this server gives tokens back when a session ends.',
    'https://login.example.com/revoke',
  ),
  'upstream.clientId': optionalSetting({
    type: text({ says: 'client id', max: 1024 }),
    defaultText: 'none; needed with a provider',
    description:
      'The id of this server at the provider. Register `<publicUrl>/auth/callback` there as its redirect URI.',
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
    defaultText: '`basic` with a secret, else `none`',
    description: 'How this server shows its secret to the provider: in a header, in the body, or not at all.',
    example: 'post',
    wrong: 'The provider answers `invalid_client`.',
  }),
  'upstream.scopes': setting({
    type: scopeList,
    default: ['openid', 'profile', 'email'],
    description:
      'The scopes that this server asks the provider for. They have nothing to do with those of its own tokens.',
    example: 'openid profile email offline_access',
    wrong:
      'Without `offline_access` (or what the provider has in its place) there is no refresh, and sessions end after a day.',
  }),
  'upstream.authorizeParameters': setting<Readonly<Record<string, string>>>({
    type: parameters,
    default: {},
    defaultText: 'none',
    description: 'Further parameters for the authorization request.',
    example: '{"audience": "https://api.example.com"}',
    wrong: 'A parameter that the protocol itself uses stops the start.',
  }),
  'upstream.tokenParameters': setting<Readonly<Record<string, string>>>({
    type: parameters,
    default: {},
    defaultText: 'none',
    description: 'Further parameters for the token request.',
    example: '{"audience": "https://api.example.com"}',
    wrong: 'A parameter that the protocol itself uses stops the start.',
  }),
  'upstream.title': optionalSetting({
    type: text({ says: 'a few words', max: 64 }),
    defaultText: 'the host of the issuer',
    description: 'What the provider is called on pages: `Sign in with <title>`.',
    example: 'Example Login',
    wrong: 'People do not know where they are being sent.',
  }),
  'upstream.subjectClaim': setting({
    type: text({ says: 'name of a claim', max: 128 }),
    default: 'sub',
    description: 'The claim that names the person for good, where the provider has no `sub` (plain OAuth 2).',
    example: 'id',
    wrong: 'A claim that can change, or that people choose, lets one person become another.',
  }),
  'upstream.endpointOverrides': setting({
    type: endpointOverrides,
    default: {},
    defaultText: 'none',
    description:
      'Addresses under which this server (not the browser) reaches the provider, such as inside a cluster. What the provider says of itself still has to agree with `upstream.issuer`.',
    example: '{"token": "http://keycloak:8080/realms/main/protocol/openid-connect/token"}',
    wrong: 'Secrets and tokens travel unencrypted where the address is plain http.',
  }),
});

/** Who a person is in the database. */
export const USERNAME_ROWS = section('Names in the database', {
  'username.rules': setting<readonly UsernameRule[]>({
    type: listOf(usernameRule, { max: 20 }),
    default: [],
    defaultText: 'none; development people are called there what they are called here',
    description:
      'Where the name of a person in the database comes from; the first rule that finds one decides. `claim:NAME` is a claim of the provider, `email-prefix` what stands before the @ of a verified address.',
    example: 'claim:db_user, email-prefix',
    wrong:
      'With a claim that people can edit, one can act as another. With none, nobody of the provider gets at the data.',
  }),
  'username.emailDomains': setting({
    type: listOf(mailDomain, { max: 100 }),
    default: none,
    defaultText: 'none; needed for `email-prefix`',
    description: 'Domains whose e-mail addresses you hand out yourself. Sub-domains do not count.',
    example: 'example.com',
    wrong: 'With a domain that strangers get addresses in, they can act as your people.',
  }),
  'username.case': setting({
    type: oneOf('exact', 'lower', 'upper'),
    default: 'exact',
    description: 'How the name is written in the database: as it came, or in lower or upper case.',
    example: 'lower',
    wrong: 'People are unknown in the database.',
  }),
});

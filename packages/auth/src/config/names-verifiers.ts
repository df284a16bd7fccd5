import type { StaticToken } from '../verify/static-tokens.ts';
import { parameters } from './object-types.ts';
import { publicKey } from './public-key-type.ts';
import { optionalSetting, section, setting } from './row.ts';
import { scopeList } from './special-types.ts';
import { staticTokens } from './static-tokens-type.ts';
import { baseUrl, listOf, oneOf, onOff, text, webUrl, wholeNumber } from './value-types.ts';

const claim = text({ says: 'name of a claim, or a path such as `realm_access.roles`', max: 128 });
const word = text({ says: 'value without spaces', max: 2000, pattern: /^\S+$/ });
const none: readonly string[] = [];

const issuers = listOf(word, { says: 'list of issuers, to the letter', max: 100 });
const audiences = listOf(word, { says: 'list of audiences, or `none`', max: 100 });

/** Which tokens are good, and what is read from them. */
const CLAIM_ROWS = {
  audience: optionalSetting({
    type: audiences,
    defaultText: 'this resource: `publicUrl` with `/mcp`',
    description:
      'Whom the tokens are for: one of these must be in `aud`. `none`, alone, does not ask: then every token of the issuer gets in, whatever service it is for.',
    example: 'https://mcp.example.com/mcp',
    wrong: 'Every token is answered with 401; or, with `none`, tokens for other services get in.',
  }),
  claims: setting<Readonly<Record<string, string>>>({
    type: parameters,
    default: {},
    defaultText: 'none',
    description: 'Claims that must be there, and what they must be.',
    example: '{"client_id": "portcullis"}',
    wrong: 'Tokens without these claims are answered with 401.',
  }),
  subjectClaim: optionalSetting({
    type: claim,
    defaultText: '`sub`',
    description: 'The claim that names the person for ever.',
    example: 'oid',
    wrong: 'A claim that can change, or that people choose, lets one person become another.',
  }),
  groupsClaim: optionalSetting({
    type: claim,
    defaultText: '`groups`',
    description: 'The claim that holds the groups of a person.',
    example: 'realm_access.roles',
    wrong: 'People have no groups, or groups they chose themselves.',
  }),
  keepClaims: setting<readonly string[]>({
    type: listOf(claim, { max: 50 }),
    default: none,
    defaultText: 'none',
    description: 'Further claims that tools and rules can see.',
    example: 'department',
    wrong: 'What is missing here is not known later.',
  }),
  scopeClaims: optionalSetting({
    type: listOf(claim, { max: 10 }),
    defaultText: '`scope`, `scp` and `permissions`, together',
    description: 'The claims that hold scopes.',
    example: 'scope',
    wrong: 'Tokens can do less, or more, than was meant.',
  }),
  grantScopes: setting<readonly string[]>({
    type: scopeList,
    default: none,
    defaultText: 'none',
    description:
      'Scopes that every token of this kind counts as having: for issuers that know nothing of the scopes used here.',
    example: 'mcp:read',
    wrong: 'Every token may do what these scopes allow.',
  }),
};

/** How the issuer of the tokens is called, and how far its clock may be off. */
const CALL_ROWS = {
  clockToleranceSeconds: setting({
    type: wholeNumber({ min: 0, max: 300 }),
    default: 30,
    unit: 'seconds',
    description: 'How far clocks may be apart.',
    example: '30',
    wrong: 'Too short: good tokens are answered with 401 while clocks differ.',
  }),
  timeoutSeconds: setting({
    type: wholeNumber({ min: 1, max: 60 }),
    default: 10,
    unit: 'seconds',
    description: 'How long one request to the provider may take.',
    example: '10',
    wrong: 'Too short: slow answers become a 503.',
  }),
  allowPlainHttp: setting({
    type: onOff,
    default: false,
    description: 'Whether its address may be plain http on another machine, for one inside a cluster.',
    example: 'on',
    wrong: 'Whoever can read that network can act as anybody.',
  }),
};

type Common = typeof CLAIM_ROWS & typeof CALL_ROWS;

/** What all verifiers of tokens from elsewhere are told alike. */
function commonRows<const P extends string>(prefix: P) {
  const entries = Object.entries({ ...CLAIM_ROWS, ...CALL_ROWS }).map(([name, row]) => [
    `${prefix}.${name}`,
    row,
  ]);
  return Object.fromEntries(entries) as { readonly [K in keyof Common as `${P}.${K}`]: Common[K] };
}

/** Tokens that can be checked here, with keys. */
export const JWT_ROWS = section('Tokens from elsewhere: JWT', {
  'jwt.issuer': optionalSetting({
    type: issuers,
    defaultText: 'none: no such tokens',
    description:
      'Who makes the tokens: the `iss` of each must be one of these, and all of them sign with the same keys. `none` does not ask; then `jwt.identityIssuer` is needed.',
    example: 'https://login.example.com/realms/main',
    wrong: 'Every token is answered with 401.',
  }),
  'jwt.identityIssuer': optionalSetting({
    type: word,
    defaultText: 'the `iss` of the token',
    description: 'The issuer that people are known under, in place of the one in the token.',
    example: 'https://login.example.com',
    wrong: 'Changed later, everybody is somebody else.',
  }),
  'jwt.jwksUri': optionalSetting({
    type: webUrl('anywhere'),
    defaultText: 'none; one of the three kinds of keys is needed',
    description: 'The key set of the issuer (RFC 7517), with its query if it has one.',
    example: 'https://login.example.com/realms/main/protocol/openid-connect/certs',
    wrong: 'Every request is a 503. Whoever answers there decides who gets in.',
  }),
  'jwt.publicKey': optionalSetting({
    type: publicKey,
    defaultText: 'none; one of the three kinds of keys is needed',
    description:
      'A public key that does not change: PEM as it is, with `\\n` in place of line ends, or joined to one line; a JWK; a key set; `file:PATH`.',
    example: 'file:/etc/portcullis/issuer.pem',
    wrong: 'The start stops when it is no key; with another key every token is answered with 401.',
  }),
  'jwt.sharedSecret': optionalSetting({
    type: text({ says: 'a secret', max: 4096 }),
    secret: true,
    defaultText: 'none; one of the three kinds of keys is needed',
    description:
      'A secret that the issuer signs with (HS256, HS384, HS512), at least as long as the hash. Whoever has it can make tokens.',
    example: 'env:TOKEN_SECRET',
    wrong: 'The start stops when it is too short; with another secret every token is answered with 401.',
  }),
  'jwt.secretEncoding': optionalSetting({
    type: oneOf('text', 'hex', 'base64', 'base64url'),
    defaultText: '`text`',
    description: 'How the bytes of `jwt.sharedSecret` are written.',
    example: 'base64',
    wrong: 'Every token is answered with 401.',
  }),
  'jwt.algorithms': optionalSetting({
    type: listOf(text({ says: 'name of an algorithm', max: 16 }), { max: 20 }),
    defaultText: 'every asymmetric one; with `jwt.sharedSecret` `HS256`',
    description: 'The signature algorithms that tokens may have.',
    example: 'RS256, ES256',
    wrong: 'Tokens signed with another one are answered with 401.',
  }),
  'jwt.tokenType': optionalSetting({
    type: oneOf('jwt', 'at+jwt'),
    defaultText: '`jwt`: also tokens that do not say that they are access tokens',
    description: 'With `at+jwt` only tokens that say they are access tokens (RFC 9068).',
    example: 'at+jwt',
    wrong: 'With `at+jwt`, tokens of most providers are answered with 401.',
  }),
  'jwt.keysMaxAgeSeconds': setting({
    type: wholeNumber({ min: 1, max: 86_400 }),
    default: 600,
    unit: 'seconds',
    description: 'How old the key set may be before it is read again.',
    example: '600',
    wrong: 'Too long: a key that the issuer took away is still believed.',
  }),
  'jwt.keysCooldownSeconds': setting({
    type: wholeNumber({ min: 1, max: 3600 }),
    default: 60,
    unit: 'seconds',
    description: 'How long unknown key ids cause no second reading of the key set.',
    example: '60',
    wrong: 'Too short: forged tokens make this server call the issuer.',
  }),
  ...commonRows('jwt'),
});

/** Tokens that only their issuer can read. */
export const INTROSPECTION_ROWS = section('Tokens from elsewhere: introspection', {
  'introspection.endpoint': optionalSetting({
    type: webUrl('anywhere'),
    defaultText: 'none: no such tokens',
    description: 'Where the issuer is asked about a token (RFC 7662).',
    example: 'https://login.example.com/introspect',
    wrong: 'Every request is a 503. Whoever answers there decides who gets in.',
  }),
  'introspection.issuer': optionalSetting({
    type: word,
    defaultText: 'none; needed with an endpoint',
    description: 'The issuer that people are known under. An answer that names another one is refused.',
    example: 'https://login.example.com',
    wrong: 'Every token is answered with 401. Changed later, everybody is somebody else.',
  }),
  'introspection.clientId': optionalSetting({
    type: text({ says: 'client id', max: 1024 }),
    defaultText: 'none; needed with an endpoint',
    description: 'The id of this server at the issuer, as somebody who may ask.',
    example: 'portcullis',
    wrong: 'Every request is a 503.',
  }),
  'introspection.clientSecret': optionalSetting({
    type: text({ says: 'client secret', max: 4096 }),
    secret: true,
    defaultText: 'none; needed with an endpoint',
    description: 'The secret that belongs to it.',
    example: 'env:INTROSPECTION_SECRET',
    wrong: 'Every request is a 503.',
  }),
  'introspection.clientAuthentication': setting({
    type: oneOf('basic', 'post'),
    default: 'basic',
    description: 'How the secret is shown: in a header, or in the body.',
    example: 'post',
    wrong: 'Every request is a 503.',
  }),
  'introspection.opaqueTokens': optionalSetting({
    type: listOf(word, { says: 'list of prefixes', max: 100 }),
    defaultText: 'every token that is no JWT',
    description: 'How the tokens begin that this issuer is asked about, where several are set up.',
    example: 'acme_at_',
    wrong: 'Other tokens are answered with 401 without being asked about.',
  }),
  'introspection.jwtIssuers': optionalSetting({
    type: issuers,
    defaultText: 'those that name `introspection.issuer`',
    description: 'JWTs that name one of these issuers are shown to the provider too.',
    example: 'https://login.example.com',
    wrong: 'Such tokens are answered with 401 without being asked about.',
  }),
  'introspection.acceptUntyped': optionalSetting({
    type: onOff,
    defaultText: '`on` where an audience is checked, `off` with `introspection.audience` `none`',
    description:
      'Whether a token gets in of which the provider does not tell the type (`token_type`). Some tell it of access tokens alone.',
    example: 'on',
    wrong:
      'With `on` and no audience, a refresh token can come in as an access token. With `off`, every token of a provider that tells no type is answered with 401.',
  }),
  'introspection.refusedCacheSeconds': setting({
    type: wholeNumber({ min: 0, max: 300 }),
    default: 0,
    unit: 'seconds',
    description: 'How long a token that was refused is refused without asking again. 0 asks every time.',
    example: '5',
    wrong: 'Too long: a token that the machines of the provider did not yet agree on is refused for as long.',
  }),
  'introspection.fallbackLifetimeSeconds': setting({
    type: wholeNumber({ min: 1, max: 86_400 }),
    default: 3600,
    unit: 'seconds',
    description:
      'How long a token counts as good at most of which the provider tells no end; it is asked about again long before.',
    example: '3600',
    wrong: 'Too long: open streams of a token that ended go on for as long.',
  }),
  'introspection.cacheSeconds': setting({
    type: wholeNumber({ min: 0, max: 3600 }),
    default: 60,
    unit: 'seconds',
    description:
      'How long a good answer is used, never beyond the end of the token. 0 asks at every request.',
    example: '60',
    wrong: 'Too long: a token that was revoked lives on for as long.',
  }),
  ...commonRows('introspection'),
});

/** What else the resource and its tokens need said. */
export const RESOURCE_ROWS = section('Tokens from elsewhere: what clients are told', {
  authorizationServers: setting<readonly string[]>({
    type: listOf(webUrl('anywhere'), { max: 20 }),
    default: none,
    defaultText: 'those of the provider in mode `remote`; this server where people sign in through it',
    description:
      'Issuers that clients may get tokens from, the preferred one first: named in the metadata of the resource (RFC 9728) beside those that are known anyway.',
    example: 'https://login.example.com/realms/main',
    wrong: 'Clients do not know where to sign in.',
  }),
  staticTokens: setting<Readonly<Record<string, StaticToken>>>({
    type: staticTokens,
    default: {},
    defaultText: 'none',
    description:
      'Tokens written down here, each with whom it stands for: for development on your own machine alone.',
    example: '{"alice-token-0123456789": {"clientId": "cli", "subject": "alice", "scopes": ["mcp:read"]}}',
    wrong: 'Whoever reads a token here is that person. With a public URL off this machine the start stops.',
  }),
  'resource.name': setting({
    type: text({ says: 'a few words', max: 64 }),
    default: 'Portcullis',
    description: 'What this server is called on pages and in the metadata of the resource.',
    example: 'Warehouse of Example Ltd',
    wrong: 'People do not know what they are asked about.',
  }),
  'resource.url': optionalSetting({
    type: baseUrl,
    defaultText: '`publicUrl` with `/mcp` behind it',
    description:
      'The resource identifier: what tokens are for. Requests for its metadata (RFC 9728) have to reach this server.',
    example: 'https://mcp.example.com/warehouse/mcp',
    wrong: 'Clients refuse the metadata. Changed later, every token is for something else.',
  }),
  'resource.documentation': optionalSetting({
    type: webUrl('anywhere'),
    defaultText: 'none',
    description: 'A page for people about this server, named in the metadata of the resource.',
    example: 'https://docs.example.com/warehouse',
    wrong: 'People of other programs do not find out what this is.',
  }),
  'resource.scopes': optionalSetting({
    type: scopeList,
    defaultText: 'those of `scopes.baseline`',
    description:
      'The scopes that the metadata of the resource names. Many clients ask for all of them at first.',
    example: 'mcp:read',
    wrong: 'Clients ask for more than they need, or get tokens that are refused.',
  }),
});

import type { Upstream } from './plan-parts.ts';

/** What a provider is used for: to sign in at through us, for its own tokens, or not at all. */
export type Use = 'proxy' | 'remote' | 'elsewhere';

/** Settings of a provider that mean something only where people sign in at it through us. */
const SIGN_IN_ROWS = [
  'acceptTokens',
  'forwardResource',
  'clientAuthentication',
  'scopes',
  'title',
  'discovery',
  'authorizationParameters',
  'tokenParameters',
  'userinfo',
  'pkce',
  'responseIssuerRequired',
  'idTokenAlgorithms',
  'tokenLifetimeSeconds',
  'logoutReturnParameter',
  'endpoints.authorization',
  'endpoints.token',
  'endpoints.userinfo',
  'endpoints.revocation',
  'endpoints.endSession',
];

const IDLE: Readonly<Record<Use, readonly string[]>> = {
  proxy: ['offerClientId'],
  remote: SIGN_IN_ROWS,
  elsewhere: [
    ...SIGN_IN_ROWS,
    'offerClientId',
    'issuer',
    'clientId',
    'clientSecret',
    'mode',
    'subjectClaim',
    'groupsClaim',
    'endpoints.keys',
  ],
};

/** The settings that were made and that nobody would look at, by their names below the provider. */
export function idleRows(upstream: Upstream, use: Use): readonly string[] {
  return IDLE[use].filter((name) => {
    const value = name
      .split('.')
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], upstream);
    // A switch that is off as by default says nothing.
    return value !== undefined && !(value === false && ['acceptTokens', 'forwardResource'].includes(name));
  });
}

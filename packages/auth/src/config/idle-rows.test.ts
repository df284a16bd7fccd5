import { describe, expect, it } from 'vitest';
import { idleRows, type Use } from './idle-rows.ts';
import { AUTH_SETTINGS } from './names.ts';
import { settingsOf } from './planned-settings.contract.ts';

const upstream = (members: string) => settingsOf(`upstream: {${members}}`).upstream;

describe('settings that nobody would look at', () => {
  it.each([
    ['proxy', 'scopes: a, offerClientId: off', ['offerClientId']],
    ['proxy', 'acceptTokens: on, pkce: off', []],
    ['remote', 'acceptTokens: off, forwardResource: off, timeoutSeconds: 9, groupsClaim: g', []],
    [
      'remote',
      'pkce: off, endpoints: {token: https://x.example, keys: https://x.example}',
      ['pkce', 'endpoints.token'],
    ],
    ['elsewhere', 'clientId: c, subjectClaim: s', ['clientId', 'subjectClaim']],
  ] as const)('%s: %s', (use, members, expected) => {
    expect(idleRows(upstream(members), use)).toEqual(expected);
  });

  it('are settings', () => {
    const names = new Set<string>(Object.values(AUTH_SETTINGS).map(({ name }) => name));
    const everything = upstream(
      'issuer: https://x.example, clientId: c, clientSecret: s, mode: proxy, acceptTokens: on, forwardResource: on, clientAuthentication: post, scopes: a, title: t, discovery: off, authorizationParameters: {a: b}, tokenParameters: {a: b}, userinfo: off, pkce: off, responseIssuerRequired: on, idTokenAlgorithms: RS256, tokenLifetimeSeconds: 100, logoutReturnParameter: a, offerClientId: on, subjectClaim: s, groupsClaim: g, endpoints: {authorization: https://x.example, token: https://x.example, userinfo: https://x.example, revocation: https://x.example, endSession: https://x.example, keys: https://x.example}',
    );
    for (const use of ['proxy', 'remote', 'elsewhere'] satisfies Use[])
      for (const name of idleRows(everything, use)) expect(names).toContain(`upstream.${name}`);
    expect(idleRows(everything, 'elsewhere')).toHaveLength(27);
  });
});

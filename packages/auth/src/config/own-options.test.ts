import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { acceptedTokens, ownPresetOptions, ownVerifierOptions, withOwnOptions } from './own-options.ts';
import { settingsOf } from './planned-settings.contract.ts';

const upstream = (members: string) => settingsOf(`upstream: {${members}}`).upstream;
const around = { id: 'upstream', prefix: 'upstream', resource: 'https://mcp.example/mcp' };
const known = {
  issuer: 'https://idp.example',
  clientId: 'me',
  scopes: ['openid', 'offline_access'],
  groupsClaim: 'roles',
  keepClaims: ['tid'],
  userinfo: false,
  authorizationParameters: { prompt: 'consent', access_type: 'offline' },
  endpoints: { token: 'https://idp.example/token', keys: 'https://idp.example/keys' },
};

describe('what the operator set', () => {
  it('leaves what is known of a provider alone when nothing is set', () => {
    expect(withOwnOptions(known, upstream(''), around)).toMatchObject(known);
  });

  it('leaves the defaults of the library alone when nothing is known', () => {
    const bare = { issuer: 'https://idp.example', clientId: 'me' };
    const ours = providerSettings(withOwnOptions(bare, upstream(''), around));
    expect(ours).toMatchObject(JSON.parse(JSON.stringify(providerSettings(bare))));
  });

  it('wins over what is known, addresses and parameters one by one', () => {
    const set = upstream(
      'scopes: openid, groupsClaim: groups, keepClaims: [team], userinfo: on, pkce: off, authorizationParameters: {prompt: login}, endpoints: {token: "https://inside.example/token"}',
    );
    expect(withOwnOptions(known, set, around)).toMatchObject({
      scopes: ['openid'],
      groupsClaim: 'groups',
      keepClaims: ['tid', 'team'],
      userinfo: true,
      pkce: false,
      authorizationParameters: { prompt: 'login', access_type: 'offline' },
      endpoints: { token: 'https://inside.example/token', keys: 'https://idp.example/keys' },
    });
  });

  it('reaches the verifier of its tokens too', () => {
    const keys = { jwksUri: 'https://idp.example/keys' };
    const jwt = { kind: 'jwt', issuer: 'https://idp.example', keys, keepClaims: ['tid'] } as const;
    expect(ownVerifierOptions(jwt, upstream(''))).toMatchObject({ ...jwt, leewaySeconds: 30 });
    const set = upstream(
      'subjectClaim: oid, groupsClaim: roles, keepClaims: [a], allowPlainHttp: on, timeoutSeconds: 3, clockToleranceSeconds: 5, keysMaxAgeSeconds: 20, keysCooldownSeconds: 7, endpoints: {keys: "http://inside:80/keys"}',
    );
    expect(ownVerifierOptions(jwt, set)).toMatchObject({
      subjectClaim: 'oid',
      groupsClaim: 'roles',
      keepClaims: ['tid', 'a'],
      leewaySeconds: 5,
      keys: {
        jwksUri: 'http://inside:80/keys',
        allowPlainHttp: true,
        timeoutSeconds: 3,
        maxAgeSeconds: 20,
        cooldownSeconds: 7,
      },
    });
    const asked = {
      kind: 'introspection',
      endpoint: 'https://idp.example/i',
      issuer: 'https://idp.example',
      clientId: 'c',
      clientSecret: 's',
    } as const;
    expect(ownVerifierOptions(asked, set)).toMatchObject({ timeoutSeconds: 3, allowPlainHttp: true });
  });

  it('lets tokens of the provider count as having what every client gets', () => {
    const jwt = { kind: 'jwt', issuer: 'x', keys: { jwksUri: 'https://idp.example/keys' } } as const;
    const { mapScopes } = acceptedTokens(jwt, upstream(''), { baseline: ['mcp:read'], prefix: 'upstream' });
    expect(mapScopes?.(['a'])).toEqual(['a', 'mcp:read']);
  });

  it('has the options of a preset apart', () => {
    const options = ownPresetOptions(upstream('domain: x.example, organizations: [a, b], clientId: me'));
    expect(options).toMatchObject({ domain: 'x.example', organizations: ['a', 'b'], tenant: undefined });
    expect(options).not.toHaveProperty('clientId');
  });
});

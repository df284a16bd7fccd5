import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { ownPresetOptions, ownVerifierOptions, withOwnOptions } from './own-options.ts';
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
    expect(ownVerifierOptions(upstream(''))).toEqual({});
    expect(ownVerifierOptions(upstream('subjectClaim: oid, groupsClaim: roles, keepClaims: [a]'))).toEqual({
      subjectClaim: 'oid',
      groupsClaim: 'roles',
      keepClaims: ['a'],
    });
  });

  it('has the options of a preset apart', () => {
    const options = ownPresetOptions(upstream('domain: x.example, organizations: [a, b], clientId: me'));
    expect(options).toMatchObject({ domain: 'x.example', organizations: ['a', 'b'], tenant: undefined });
    expect(options).not.toHaveProperty('clientId');
  });
});

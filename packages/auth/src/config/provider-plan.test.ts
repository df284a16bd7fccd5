import { describe, expect, it } from 'vitest';
import type { AuthSettings } from './names.ts';
import { problemsOf, settingsOf } from './planned-settings.contract.ts';
import { furtherProvider, providerPlan } from './provider-plan.ts';

const around = {
  resource: 'https://mcp.example/mcp',
  baseline: ['mcp:read'],
  prefix: 'upstream',
  id: 'upstream',
};
const upstream = (members: string): AuthSettings['upstream'] => settingsOf(`upstream: {${members}}`).upstream;
const plan = (members: string) => providerPlan(upstream(members), around);
const named = (members: string) => problemsOf(() => plan(members)).map(({ setting }) => setting);

describe('one provider', () => {
  it('is none when none is named', () => {
    expect(plan('timeoutSeconds: 9')).toBeUndefined();
  });

  it('is any provider of OpenID Connect by its issuer alone', () => {
    for (const preset of ['', ', preset: oidc']) {
      const { proxy } = plan(`issuer: https://idp.example, clientId: me${preset}`)!;
      expect(proxy).toMatchObject({ issuer: 'https://idp.example', clientId: 'me', id: 'upstream' });
      expect(proxy).not.toHaveProperty('discovery');
      expect(proxy).not.toHaveProperty('scopes');
    }
  });

  it('is a plain OAuth 2 provider without discovery and without ID token', () => {
    expect(plan('preset: oauth2, issuer: https://idp.example, clientId: me')!.proxy).toMatchObject({
      discovery: false,
      scopes: [],
    });
    expect(
      plan('preset: oauth2, issuer: https://idp.example, clientId: me, discovery: on, scopes: read')!.proxy,
    ).toMatchObject({ discovery: true, scopes: ['read'] });
  });

  it('asks for an audience where one is set', () => {
    expect(plan('issuer: https://idp.example, clientId: me, audience: api')!.proxy).toMatchObject({
      authorizationParameters: { audience: 'api' },
    });
  });

  it.each([
    ['preset: oidc', ['upstream.issuer', 'upstream.clientId']],
    ['issuer: https://idp.example, clientId: me, domain: x.example', ['upstream.domain']],
    ['issuer: https://idp.example, clientId: me, mode: remote', ['upstream.mode']],
    ['issuer: https://idp.example, clientId: me, acceptTokens: on', ['upstream.acceptTokens']],
    ['preset: jwt, clientId: me', ['upstream.clientId']],
    ['preset: introspection, audience: x, mode: remote', ['upstream.mode', 'upstream.audience']],
    ['preset: github, mode: remote, clientId: me', ['upstream.mode']],
    ['preset: github, clientId: me, clientSecret: s, acceptTokens: on', ['upstream.acceptTokens']],
    [
      'preset: azure, clientId: me, tenant: 8eaef023-2b34-4da1-9baa-8bc8c9d6a490, forwardResource: on',
      ['upstream.forwardResource'],
    ],
    [
      'preset: scalekit, forwardResource: on',
      ['upstream.forwardResource', 'upstream.environmentUrl', 'upstream.resourceId'],
    ],
    [
      'preset: keycloak, mode: remote, realmUrl: https://k.example, clientSecret: s, scopes: a, pkce: on, endpoints: {token: https://k.example/t}',
      ['upstream.scopes', 'upstream.pkce', 'upstream.endpoints.token', 'upstream.clientSecret'],
    ],
    [
      'preset: okta, domain: x.okta.com, clientId: me, audience: a, offerClientId: on',
      ['upstream.offerClientId', 'upstream.audience'],
    ],
    ['preset: okta, domain: x.okta.com, clientId: me, acceptTokens: on', ['upstream.authorizationServer']],
    [
      'preset: propelauth, environmentUrl: https://p.example, clientId: me, clientSecret: s, offerClientId: on',
      ['upstream.offerClientId'],
    ],
    [
      'preset: jwt, title: T, acceptTokens: on, domain: x.example',
      ['upstream.acceptTokens', 'upstream.title', 'upstream.domain'],
    ],
    ['issuer: https://idp.example, clientId: me, offerClientId: off', ['upstream.offerClientId']],
  ])('refuses %s', (members, expected) => {
    expect(named(members)).toEqual(expected);
  });

  it('lets tokens of the provider in beside ours only when asked to, with the scopes that ours have at least', () => {
    const auth0 = 'preset: auth0, domain: x.auth0.com, clientId: me, clientSecret: s, audience: api';
    expect(plan(auth0)!.verifier).toBeUndefined();
    const { verifier } = plan(`${auth0}, acceptTokens: on`)!;
    expect(verifier).toMatchObject({ kind: 'jwt', issuer: 'https://x.auth0.com/', audience: 'api' });
    expect(verifier?.mapScopes?.(['other'])).toEqual(['other', 'mcp:read']);
    const any =
      'issuer: https://idp.example, clientId: me, audience: api, endpoints: {keys: https://idp.example/keys}';
    expect(plan(`${any}, acceptTokens: on`)!.verifier).toMatchObject({
      keys: { jwksUri: 'https://idp.example/keys' },
      audience: 'api',
    });
  });

  it('tells the provider the resource only when asked to', () => {
    const members = 'issuer: https://idp.example, clientId: me';
    expect(plan(members)!.proxy).not.toHaveProperty('resource');
    expect(plan(`${members}, forwardResource: on`)!.proxy).toHaveProperty(
      'resource',
      'https://mcp.example/mcp',
    );
  });

  it('calls what is wrong with a further one by its place', () => {
    const further = (id: string | undefined, members: string) =>
      problemsOf(() => furtherProvider(id, upstream(members), { ...around, prefix: 'moreProviders.2' })).map(
        ({ setting }) => setting,
      );
    expect(further('a', 'preset: google, clientId: x')).toEqual(['moreProviders.2.clientSecret']);
    expect(further('a', '')).toEqual(['moreProviders.2.issuer']);
    expect(further(undefined, 'preset: google')).toEqual(['moreProviders.2.id']);
  });
});

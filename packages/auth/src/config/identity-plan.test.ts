import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Preset, PresetMode, PresetOption } from '../providers/preset.ts';
import { PRESETS } from '../providers/presets.ts';
import { providerSettings } from '../upstream/provider-settings.ts';
import { identityPlan } from './identity-plan.ts';
import { problemsOf, settingsOf } from './planned-settings.contract.ts';

const plan = (text: string) => identityPlan(settingsOf(text));
const named = (text: string) => problemsOf(() => plan(text)).map(({ setting }) => setting);

/** What the console of a provider shows, by the examples of its options, as an operator writes it down. */
function written(preset: Preset, mode: PresetMode): Map<string, string> {
  const { remoteNeeds = [], clientSecret } = preset;
  const needs = (name: 'clientId' | 'clientSecret') => mode === 'proxy' || remoteNeeds.includes(name);
  const members = new Map([
    ['preset', preset.id],
    ['mode', mode],
  ]);
  if (needs('clientId')) members.set('clientId', 'client-id');
  if (needs('clientSecret') && clientSecret !== 'none') members.set('clientSecret', 'client-secret');
  for (const [name, option] of Object.entries(preset.options) as [string, PresetOption][])
    if (option.required === true || option.required === mode) members.set(name, option.example);
  return members;
}

const yaml = (members: ReadonlyMap<string, string>) =>
  `scopes: {baseline: openid}\nupstream:\n${[...members].map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`).join('\n')}`;

const forms = PRESETS.flatMap((preset) => preset.modes.map((mode) => [preset.id, mode, preset] as const));

describe('the plan of who lets people in', () => {
  it('is empty when nothing is said', () => {
    expect(plan('')).toEqual({ proxies: [], verifiers: [], authorizationServers: [] });
  });

  it.each(forms)('takes %s in mode %s with what its console shows', (_id, mode, preset) => {
    const { proxies, verifiers, authorizationServers, forwarded } = plan(yaml(written(preset, mode)));
    expect([proxies.length, verifiers.length]).toEqual(mode === 'proxy' ? [1, 0] : [0, 1]);
    for (const proxy of proxies) expect(providerSettings(proxy).clientId).toBe('client-id');
    if (mode === 'remote') expect(authorizationServers.length).toBeGreaterThan(0);
    if (mode === 'remote' && written(preset, mode).has('clientSecret'))
      expect(forwarded?.publicClientId).toBeUndefined();
  });

  it.each(forms)('says what is missing of %s in mode %s, each on its own', (_id, mode, preset) => {
    const all = written(preset, mode);
    for (const name of all.keys()) {
      if (name === 'preset' || name === 'mode') continue;
      const less = new Map([...all].filter(([other]) => other !== name));
      const optionalSecret = name === 'clientSecret' && preset.clientSecret === 'optional';
      expect([name, named(yaml(less))]).toEqual([name, optionalSecret ? [] : [`upstream.${name}`]]);
    }
  });

  it('says all that is wrong with all of them at once', () => {
    expect(
      named(`
upstream: {preset: auth0, clientId: a, issuer: https://x.example}
moreProviders:
  - {id: b, preset: github, clientId: c, domain: x.example}
  - {preset: google, clientId: c}
jwt: {issuer: https://t.example}
moreVerifiers: [{kind: introspection, endpoint: https://i.example}]
`),
    ).toEqual([
      'upstream.issuer',
      'upstream.clientSecret',
      'upstream.domain',
      'moreProviders.1.clientSecret',
      'moreProviders.1.domain',
      'moreProviders.2.id',
      'jwt.jwksUri',
      'moreVerifiers.1.issuer',
      'moreVerifiers.1.clientId',
      'moreVerifiers.1.clientSecret',
    ]);
  });

  it('has providers and tokens from elsewhere at once', () => {
    const both = plan(`
upstream: {preset: github, clientId: a, clientSecret: s}
moreProviders: [{id: staff, preset: okta, mode: remote, domain: x.okta.com, authorizationServer: default}]
jwt: {issuer: https://ci.example, jwksUri: https://ci.example/keys, audience: ci, grantScopes: mcp:read}
staticTokens: {token-of-alice: {clientId: cli, subject: alice}}
authorizationServers: https://ci.example
`);
    expect(both.proxies.map(({ id }) => id)).toEqual(['upstream']);
    expect(both.verifiers.map(({ settingPrefix }) => settingPrefix)).toEqual(['moreProviders.1', 'jwt']);
    expect(both.authorizationServers).toEqual(['https://x.okta.com/oauth2/default', 'https://ci.example']);
    expect(both.staticTokens).toEqual({ 'token-of-alice': { clientId: 'cli', subject: 'alice' } });
    // We are an authorization server here: the metadata at our address is our own, and scopes are spelled as ours.
    expect([both.forwarded, both.scopeMap]).toEqual([undefined, undefined]);
  });

  it('offers a public client of ours where clients can not register, and never one with a secret', () => {
    const okta = 'preset: okta, mode: remote, domain: x.okta.com, authorizationServer: default';
    const plan = (text: string) => identityPlan(settingsOf(`scopes: {baseline: openid}\n${text}`));
    expect(plan(`upstream: {${okta}}`).forwarded?.publicClientId).toBeUndefined();
    expect(plan(`upstream: {${okta}, clientId: spa}`).forwarded?.publicClientId).toBe('spa');
    expect(
      plan(`upstream: {${okta}, clientId: spa, offerClientId: off}`).forwarded?.publicClientId,
    ).toBeUndefined();
    expect(() => plan(`upstream: {${okta}, clientId: web, clientSecret: s}`)).toThrow();
  });

  it('offers none where clients get one from the provider', () => {
    const { forwarded } = plan(
      'upstream: {preset: keycloak, mode: remote, realmUrl: https://k.example/realms/a, clientId: me}',
    );
    expect(forwarded).toEqual({ url: 'https://k.example/realms/a/.well-known/openid-configuration' });
  });

  it('needs a scope where the provider refuses clients without one', () => {
    const okta = 'upstream: {preset: okta, mode: remote, domain: x.okta.com, authorizationServer: default}';
    expect(named(okta)).toEqual(['scopes.baseline']);
    expect(named(`${okta}\nscopes: {baseline: openid}`)).toEqual([]);
  });

  it('has one provider alone whose metadata and scopes clients deal with', () => {
    const remote = (id: string) => `{id: ${id}, preset: supabase, projectUrl: https://${id}.supabase.co}`;
    const first = 'upstream: {preset: auth0, mode: remote, domain: x.auth0.com}';
    expect(named(`${first}\nmoreProviders: [${remote('a')}]`)).toEqual(['moreProviders']);
    expect(
      named(
        `${first}\ndevelopmentPeople: on\nmoreProviders: [{id: b, preset: github, clientId: c, clientSecret: s}, ${remote('a')}]`,
      ),
    ).toEqual([]);
  });

  it('has each issuer once among those that people sign in at', () => {
    const oci = 'preset: oci, domain: https://idcs-a.identity.oraclecloud.com, clientId: c, clientSecret: s';
    expect(named(`upstream: {${oci}}\nmoreProviders: [{id: b, ${oci.replace('idcs-a', 'idcs-b')}}]`)).toEqual(
      ['moreProviders'],
    );
  });

  it('has an id for each provider', () => {
    const more = (...ids: string[]) =>
      `moreProviders: [${ids.map((id) => `{id: ${id}, issuer: https://${id}.example, clientId: c}`).join(', ')}]`;
    expect(named(more('a', 'b'))).toEqual([]);
    expect(named(more('a', 'a'))).toEqual(['moreProviders', 'moreProviders']);
    expect(named(more('upstream'))).toEqual(['moreProviders']);
  });

  it('starts with no preset of which anything was changed so that it can not be right', () => {
    const change = fc.record({
      form: fc.constantFrom(...forms),
      at: fc.nat(),
      how: fc.constantFrom('removed', 'with a blank', 'misspelt'),
    });
    fc.assert(
      fc.property(change, ({ form: [, mode, preset], at, how }) => {
        const all = [...written(preset, mode)].filter(([name]) => name !== 'preset' && name !== 'mode');
        if (all.length === 0) return;
        const [name, value] = all[at % all.length]!;
        const fixed = [...written(preset, mode)].filter(([other]) => other !== name);
        const optionalSecret = name === 'clientSecret' && preset.clientSecret === 'optional';
        if (how === 'removed')
          expect(named(yaml(new Map(fixed)))).toEqual(optionalSecret ? [] : [`upstream.${name}`]);
        if (how === 'misspelt')
          expect(() => settingsOf(yaml(new Map([...fixed, [`${name}x`, value]])))).toThrow();
        if (how === 'with a blank' && !/^client/.test(name))
          expect(() => settingsOf(yaml(new Map([...fixed, [name, `${value} x`]])))).toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a', 'a', 'Two providers have the id a.'],
    ['upstream', 'b', 'Two providers have the id upstream.'],
  ])('says which id is there twice: %s and %s', (first, second, message) => {
    const provider = (id: string, issuer: string) =>
      `{id: ${id}, issuer: "https://${issuer}.example", clientId: c}`;
    const text = `moreProviders: [${provider(first, 'x')}, ${provider(second, 'y')}]`;
    expect(problemsOf(() => identityPlan(settingsOf(text)))).toMatchObject([{ message }]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { auth0 } from './auth0.ts';
import { azure } from './azure.ts';
import { github } from './github.ts';
import { keycloak } from './keycloak.ts';
import { okta } from './okta.ts';
import type { Preset, PresetMode } from './preset.ts';
import { type PresetValues, presetInput } from './preset-input.ts';
import { PRESETS } from './presets.ts';
import { propelauth } from './propelauth.ts';
import { supabase } from './supabase.ts';

const resource = 'https://mcp.example.com/mcp';
const good = { resource, clientId: 'id', clientSecret: 'secret' };

function problemsOf(preset: Preset, mode: PresetMode, values: PresetValues): readonly Problem[] {
  try {
    presetInput(preset, mode, values);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems;
  }
}

const named = (preset: Preset, mode: PresetMode, values: PresetValues) =>
  problemsOf(preset, mode, values).map(({ setting, message }) => `${setting}: ${message}`);

describe('what an operator sets for a preset', () => {
  it('is complete with what the console shows', () => {
    expect(presetInput(auth0, 'proxy', { ...good, options: { domain: 'acme.eu.auth0.com' } })).toEqual({
      ...good,
      requiredScopes: [],
      options: { domain: 'acme.eu.auth0.com' },
      lists: {},
    });
  });

  it('has lists as lists, or as texts with commas', () => {
    for (const organizations of ['acme, other', ['acme', 'other']])
      expect(presetInput(github, 'proxy', { ...good, options: { organizations } }).lists).toEqual({
        organizations: ['acme', 'other'],
      });
  });

  it('is told of everything that is wrong at once', () => {
    expect(
      named(auth0, 'proxy', {
        resource,
        clientSecret: '',
        options: { audience: '', realmUrl: 'https://x.example', constructor: 'x' },
      }),
    ).toEqual([
      'upstream.clientId: It is missing.',
      'upstream.clientSecret: It is empty.',
      'upstream.audience: It is empty.',
      'upstream.realmUrl: Auth0 has no such option.',
      'upstream.constructor: Auth0 has no such option.',
      'upstream.domain: It is missing.',
    ]);
  });

  it('may be copied from the address line of a browser', () => {
    const domainOf = (domain: string) =>
      presetInput(auth0, 'proxy', { ...good, options: { domain } }).options;
    for (const domain of ['https://acme.eu.auth0.com/', 'HTTPS://acme.eu.auth0.com', 'acme.eu.auth0.com:443'])
      expect(domainOf(domain)).toEqual({ domain: 'acme.eu.auth0.com' });
    const values = { resource, options: { projectUrl: 'https://abc.supabase.co/' } };
    expect(presetInput(supabase, 'remote', values).options).toEqual({
      projectUrl: 'https://abc.supabase.co',
    });
  });

  it('names a scope where the provider refuses clients without one', () => {
    const options = { domain: 'acme.okta.com', authorizationServer: 'default' };
    expect(problemsOf(okta, 'remote', { resource, options }).map(({ setting }) => setting)).toEqual([
      'scopes.baseline',
    ]);
    expect(problemsOf(okta, 'remote', { resource, requiredScopes: ['openid'], options })).toEqual([]);
  });

  it('comes with a remedy that says where the console shows it, never with the value', () => {
    const problems = problemsOf(auth0, 'proxy', {
      ...good,
      clientSecret: 'hush',
      options: { domain: 'https://acme.eu.auth0.com/path' },
    });
    expect(problems).toEqual([
      {
        setting: 'upstream.domain',
        source: 'configuration',
        message: 'It is not a host alone, without a scheme before it and a path behind it.',
        remedy:
          'Set it as the console shows it (Applications › your application › Settings › Domain): acme.eu.auth0.com',
      },
    ]);
  });

  it.each([
    [{ clientId: '' }, 'upstream.clientId: It is empty.'],
    [{ clientSecret: undefined }, 'upstream.clientSecret: It is missing.'],
    [
      { options: { domain: ['a.example', 'b.example'] } },
      'upstream.domain: It is a list, and can be one value only.',
    ],
  ])('can not be %j', (values, problem) => {
    expect(named(auth0, 'proxy', { ...good, options: { domain: 'a.example' }, ...values })).toEqual([
      problem,
    ]);
  });

  it.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server/'])(
    'is not the address of metadata: %s',
    (path) => {
      const options = { realmUrl: `https://sso.acme.example/realms/acme${path}` };
      const [problem] = problemsOf(keycloak, 'proxy', { ...good, options });
      expect(problem).toMatchObject({
        setting: 'upstream.realmUrl',
        remedy: expect.stringMatching(/^Leave \/.well-known.* out/),
      });
    },
  );

  it('is for a mode that the preset has', () => {
    expect(named(github, 'remote', good)).toEqual(['upstream.mode: GitHub has no mode remote.']);
  });

  it('needs the registration only where the preset does', () => {
    const options = { projectUrl: 'https://abc.supabase.co' };
    expect(named(supabase, 'remote', { resource, options })).toEqual([]);
    expect(named(supabase, 'remote', { ...good, options })).toEqual([
      'upstream.clientSecret: Nothing is asked of Supabase with a secret.',
    ]);
    expect(
      named(propelauth, 'remote', { resource, options: { environmentUrl: 'https://a.example' } }),
    ).toEqual(['upstream.clientId: It is missing.', 'upstream.clientSecret: It is missing.']);
  });

  it('is not called contradictory besides being wrong', () => {
    expect(
      named(azure, 'proxy', { ...good, options: { tenant: 'organizations', allowedTenants: 'x' } }),
    ).toEqual([
      'upstream.allowedTenants: It is not an id of five groups of hexadecimal digits, with dashes between.',
    ]);
  });

  it('of whatever kind never ends in anything but problems under their names', () => {
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined));
    const names = PRESETS.flatMap(({ options }) => Object.keys(options));
    fc.assert(
      fc.property(
        fc.constantFrom(...PRESETS),
        fc.constantFrom('proxy' as const, 'remote' as const),
        fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value),
        (preset, mode, options) => {
          for (const { setting, message, remedy } of problemsOf(preset, mode, { resource, options }))
            expect([/^upstream\.|^scopes\.baseline$/.test(setting), message !== '', remedy !== '']).toEqual([
              true,
              true,
              true,
            ]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

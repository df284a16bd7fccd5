import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import type { ProviderOptions } from './provider-options.ts';
import { addressFault, providerSettings } from './provider-settings.ts';

const good: ProviderOptions = { issuer: 'https://idp.example', clientId: 'c' };

/** The names of the settings that are wrong. */
function problems(options: Partial<ProviderOptions>): readonly string[] {
  try {
    providerSettings({ ...good, ...options });
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems.map(({ setting }) => setting);
  }
}

const wrong: [string, Partial<ProviderOptions>, RegExp][] = [
  ['an issuer that is no URL', { issuer: 'idp' }, /upstream\.issuer/],
  ['the issuer of development people', { issuer: 'urn:portcullis:development' }, /upstream\.issuer/],
  ['plain http elsewhere', { issuer: 'http://idp.example' }, /upstream\.issuer/],
  ['no client id', { clientId: '' }, /clientId/],
  ['an empty secret', { clientSecret: '' }, /clientSecret/],
  ['basic without a secret', { clientAuthentication: 'basic' }, /clientSecret/],
  ['none with a secret', { clientAuthentication: 'none', clientSecret: 's' }, /clientAuthentication/],
  ['none without PKCE', { clientAuthentication: 'none', pkce: false }, /pkce/],
  ['no PKCE and no secret', { pkce: false }, /pkce/],
  ['no endpoints without discovery', { discovery: false }, /endpoints\.keys/],
  ['plain OAuth without userinfo', { discovery: false, scopes: ['x'] }, /endpoints\.userinfo/],
  ['two scopes in one', { scopes: ['openid profile'] }, /scopes/],
  [
    'a parameter of the protocol',
    { authorizationParameters: { state: 'x' } },
    /authorizationParameters\.state/,
  ],
  ['another', { tokenParameters: { grant_type: 'x' } }, /tokenParameters\.grant_type/],
  ['a symmetric algorithm', { idTokenAlgorithms: ['HS256'] }, /idTokenAlgorithms/],
  ['a time without end', { timeoutSeconds: Number.POSITIVE_INFINITY }, /timeoutSeconds/],
  ['no number', { clockToleranceSeconds: Number.NaN }, /clockToleranceSeconds/],
];

describe('settings', () => {
  it('have a default each', () => {
    expect(providerSettings(good)).toEqual({
      issuer: 'https://idp.example',
      issuerSetting: 'issuer',
      clientId: 'c',
      scopes: ['openid', 'profile', 'email'],
      openid: true,
      discovery: true,
      endpoints: {},
      authorizationParameters: {},
      tokenParameters: {},
      userinfo: true,
      subjectClaim: 'sub',
      pkce: true,
      allowPlainHttp: false,
      timeoutSeconds: 10,
      clockToleranceSeconds: 30,
      metadataMaxAgeSeconds: 86_400,
      keysMaxAgeSeconds: 600,
      keysCooldownSeconds: 60,
      settingPrefix: 'upstream',
    });
  });

  it('ask for OpenID Connect by the scope, to the letter', () => {
    const openid = (scopes: readonly string[]) => providerSettings({ ...good, scopes }).openid;
    expect([openid(['a', 'openid']), openid(['OpenID']), openid([])]).toEqual([true, false, false]);
  });

  it.each(wrong)('do not start with %s', (_what, options, setting) => {
    expect(problems(options).join()).toMatch(setting);
  });

  it('name everything that is wrong at once, by the name that the operator knows', () => {
    const settingPrefix = 'signIns.github';
    expect(problems({ settingPrefix, issuer: 'x', clientId: '', timeoutSeconds: 99 })).toEqual([
      'signIns.github.issuer',
      'signIns.github.clientId',
      'signIns.github.timeoutSeconds',
    ]);
  });

  it.each([
    ['timeoutSeconds', 0.1, 29],
    ['clockToleranceSeconds', 0, 300],
    ['metadataMaxAgeSeconds', 60, 2_592_000],
    ['keysMaxAgeSeconds', 10, 86_400],
    ['keysCooldownSeconds', 1, 3600],
  ] as const)('%s is from %d to %d', (name, least, most) => {
    for (const value of [least, most]) expect(problems({ [name]: value })).toEqual([]);
    for (const value of [least - 0.01, most + 0.01, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(problems({ [name]: value })).toEqual([`upstream.${name}`]);
  });

  it('may have a password in no address, wherever it stands', () => {
    const bad = 'https://user:hunter2@idp.example/';
    const endpoints = { authorization: bad, token: bad, userinfo: bad, revocation: bad, keys: bad };
    expect(problems({ issuer: bad, discovery: bad, endpoints })).toEqual([
      'upstream.issuer',
      'upstream.discovery',
      ...Object.keys(endpoints).map((name) => `upstream.endpoints.${name}`),
    ]);
    expect(() => providerSettings({ ...good, issuer: bad })).not.toThrow(/hunter2/);
  });

  it('need the addresses that nothing else tells, and no more', () => {
    const endpoints = { authorization: 'https://idp.example/a', token: 'https://idp.example/t' };
    const plain = { discovery: false, scopes: ['read'] };
    expect(problems({ ...plain, endpoints })).toEqual(['upstream.endpoints.userinfo']);
    expect(problems({ ...plain, endpoints: { ...endpoints, userinfo: 'https://idp.example/u' } })).toEqual(
      [],
    );
    expect(
      problems({ discovery: false, endpoints: { ...endpoints, keys: 'https://idp.example/k' } }),
    ).toEqual([]);
  });
});

describe('an address of a provider', () => {
  it.each([
    ['https://idp.example', false],
    ['https://idp.example:8443/a?b=c', false],
    ['http://127.0.0.1:8080', false],
    ['http://localhost/', false],
    ['http://[::1]/', false],
    ['http://idp.internal/', true],
  ])('may be %s', (text, allowPlainHttp) => expect(addressFault(text, allowPlainHttp)).toBeUndefined());

  it.each([
    ['http://idp.internal/', false, 'is plain http to another machine'],
    ['http://127.0.0.1.evil.example/', false, 'is plain http to another machine'],
    ['idp.example', true, 'is no absolute URL'],
    ['', true, 'is no absolute URL'],
    [`https://idp.example/${'x'.repeat(2048)}`, true, 'is no absolute URL'],
    ['https://a@idp.example/', true, 'has a user name or password in it'],
    ['https://:b@idp.example/', true, 'has a user name or password in it'],
    ['https://idp.example/#x', true, 'has a fragment'],
    ['https://idp.example/#', true, 'has a fragment'],
    ['javascript:alert(1)', true, 'is no https URL'],
    ['file:///etc/passwd', true, 'is no https URL'],
    ['urn:portcullis:development', true, 'is no https URL'],
  ])('may not be %j', (text, allowPlainHttp, fault) => {
    expect(addressFault(text, allowPlainHttp)).toBe(fault);
  });

  it('is https, or http that stays here or was allowed, whatever the text', () => {
    const piece = fc.constantFrom(
      'https:',
      'http:',
      '//',
      '/',
      'idp.example',
      'localhost',
      '127.0.0.1',
      '@',
      '#',
      ':8080',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), fc.boolean(), (pieces, allowPlainHttp) => {
        const text = pieces.join('');
        if (addressFault(text, allowPlainHttp) !== undefined) return;
        const url = new URL(text);
        expect(url.username + url.password + url.hash).toBe('');
        const here = ['localhost', '127.0.0.1'].includes(url.hostname);
        expect(url.protocol === 'https:' || (url.protocol === 'http:' && (here || allowPlainHttp))).toBe(
          true,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

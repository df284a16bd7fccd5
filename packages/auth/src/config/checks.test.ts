import { describe, expect, it } from 'vitest';
import { checkAuthSettings } from './checks.ts';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { resolveSettings } from './resolve.ts';
import { SettingsView } from './settings-view.ts';

function problems(text: string) {
  const file = { label: 'p.yaml', folder: '/etc', text };
  const resolution = resolveSettings(AUTH_SETTINGS, {
    flags: {},
    environment: {},
    file,
    folder: '/',
    files: memoryFiles(),
  });
  expect(resolution.problems).toEqual([]);
  const view = new SettingsView(resolution);
  checkAuthSettings(view);
  return view.problems.map((problem) => `${problem.setting} ${problem.source}`);
}

const provider = 'upstream: {issuer: https://idp.example, clientId: me';
const long = '74e19dcd5ceecfb9f1579fda3c43a847f3fad01c8606d85caa17242e9bc99f0e';

describe('checkAuthSettings', () => {
  it.each([
    ['', []],
    [`${provider}}`, []],
    [`${provider}, clientSecret: s, clientAuthentication: post}`, []],
    [
      `${provider}, discovery: off}`,
      ['upstream.endpoints.authorization', 'upstream.endpoints.token', 'upstream.endpoints.keys'].map(
        (name) => `${name} default`,
      ),
    ],
    [`${provider}, endpoints: {token: http://idp:80/t}, allowPlainHttp: on}`, []],
    [`${provider}, endpoints: {token: http://idp:80/t}}`, ['upstream.endpoints.token p.yaml:1']],
    [`${provider}, clientAuthentication: post}`, ['upstream.clientSecret default']],
    [`${provider}, clientAuthentication: none, clientSecret: s}`, ['upstream.clientAuthentication p.yaml:1']],
    [`${provider}, tokenParameters: {code: x}}`, ['upstream.tokenParameters.code p.yaml:1']],
    ['upstream: {issuer: https://idp.example}', ['upstream.clientId default']],
    ['upstream: {clientSecret: s}', ['upstream.clientSecret p.yaml:1']],
    ['username: {rules: email-prefix}', ['username.emailDomains default']],
    ['username: {rules: email-prefix, emailDomains: example.com}', []],
    ['username: {emailDomains: "@example.com"}', ['username.emailDomains p.yaml:1']],
    [
      `${provider}}\nmoreProviders: [{id: b, issuer: https://b.example, clientId: c}]\nusername: {rules: preferred_username}`,
      ['username.issuers default'],
    ],
    [
      `${provider}}\nmoreProviders: [{id: b, issuer: https://b.example, clientId: c}]\nusername: {rules: preferred_username, issuers: https://idp.example}`,
      [],
    ],
    [`${provider}}\nusername: {issuers: https://c.example}`, ['username.issuers p.yaml:2']],
    ['registration: off', []],
    ['registration: off\ncimd: off', ['registration p.yaml:1']],
    ['registration: off\ncimd: off\nclients: [{id: a, redirectUris: [https://a.example/cb]}]', []],
    ['scopes: {supported: mcp:write}', ['scopes.supported p.yaml:1']],
    ['scopes: {hierarchy: {mcp:write: mcp:read}}', ['scopes.hierarchy p.yaml:1']],
    ['scopes: {supported: mcp:read mcp:write, hierarchy: {mcp:write: mcp:read}}', []],
    [`previousSecret: ${long}`, ['previousSecret p.yaml:1']],
    [`secret: ${long}\npreviousSecret: ${long}`, ['previousSecret p.yaml:2']],
    [`secret: ${long}\nsecretFile: /x`, ['secretFile p.yaml:2']],
    ['lifetimes: {sessionAbsoluteSeconds: 3600}', []],
    [
      'lifetimes: {sessionAbsoluteSeconds: 3600, sessionIdleSeconds: 3601}',
      ['lifetimes.sessionIdleSeconds p.yaml:1'],
    ],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('says nothing more of a setting that could not be read', () => {
    const file = { label: 'p.yaml', folder: '/etc', text: 'upstream: {issuer: env:NOPE, clientSecret: s}' };
    const sources = { flags: {}, environment: {}, file, folder: '/', files: memoryFiles() };
    const resolution = resolveSettings(AUTH_SETTINGS, sources);
    const view = new SettingsView(resolution);
    checkAuthSettings(view);
    expect(resolution.problems).toHaveLength(1);
    expect(view.problems).toEqual([]);
  });
});

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
  const view = new SettingsView(resolution);
  checkAuthSettings(view);
  return {
    reading: resolution.problems.map(({ setting }) => setting),
    together: view.problems.map(({ setting }) => setting),
    messages: view.problems.map(({ message }) => message),
  };
}

const upstream = 'upstream: {issuer: https://idp.example, clientId: me}';
const token = (name: string, scopes = 'a') => `"${name}": {clientId: c, subject: s, scopes: ["${scopes}"]}`;

describe('providers and verifiers together', () => {
  it.each([
    ['jwt: {issuer: env:NOPE}', 'jwt.issuer'],
    ['introspection: {endpoint: x}', 'introspection.endpoint'],
    ['moreProviders: [{id: env:NOPE}]', 'moreProviders'],
    ['moreVerifiers: [{kind: jwt, issuer: env:NOPE}]', 'moreVerifiers'],
    ['publicUrl: nope', 'publicUrl'],
    ['scopes: {baseline: env:NOPE}', 'scopes.baseline'],
    ['staticTokens: x', 'staticTokens'],
  ])('what could not be read hides nothing of a provider beside it: %s', (text, unread) => {
    const wrong = 'upstream: {issuer: https://idp.example, clientId: me, clientAuthentication: post}';
    expect(problems(`${wrong}\n${text}`)).toMatchObject({
      reading: [unread],
      together: ['upstream.clientSecret'],
    });
  });

  it.each([
    ['upstream: {preset: gogle}', 'upstream.preset'],
    ['upstream: {issuer: env:NOPE, clientSecret: s, scopes: openid}', 'upstream.issuer'],
    ['upstream: {issuer: https://idp.example, clientId: env:NOPE}', 'upstream.clientId'],
    ['jwt: {issuer: env:NOPE, audience: a}', 'jwt.issuer'],
    ['introspection: {endpoint: env:NOPE, clientId: a}', 'introspection.endpoint'],
    ['publicUrl: env:NOPE\nupstream: {preset: google, clientId: a, clientSecret: b}', 'publicUrl'],
  ])('what could not be read is said once: %s', (text, unread) => {
    expect(problems(text)).toMatchObject({ reading: [unread], together: [] });
  });

  it('a verifier that is wrong hides neither keys of another nor addresses of a provider', () => {
    const { together } = problems(
      `upstream: {issuer: https://idp.example, clientId: me, endpoints: {token: "http://idp.example/t"}}
jwt: {issuer: https://a.example}
moreVerifiers: [{kind: jwt, issuer: "https://b.example", sharedSecret: short}]`,
    );
    expect(together).toEqual(['jwt.jwksUri', 'upstream.endpoints.token', 'moreVerifiers.1.sharedSecret']);
  });

  it('keeps the number of a provider and of a verifier', () => {
    expect(
      problems(`${upstream}
moreProviders: [{id: a, issuer: "https://a.example", clientId: c}, {id: b, preset: google, clientId: c}]
moreVerifiers: [{kind: jwt, issuer: "https://c.example", jwksUri: "https://c.example/k"}, {kind: jwt, issuer: "https://d.example"}]`)
        .together,
    ).toEqual(['moreProviders.2.clientSecret', 'moreVerifiers.2.jwksUri']);
  });

  it('counts static tokens', () => {
    const { together, messages } = problems(
      `staticTokens: {${token('good')}, ${token('hunter2 ')}, ${token('x', 'ö')}}`,
    );
    expect(together).toEqual(['staticTokens', 'staticTokens']);
    expect(messages.map((message) => message.slice(0, 8))).toEqual(['Entry 2:', 'Entry 3:']);
    expect(messages.join()).not.toContain('hunter2');
  });

  it.each([
    ['developmentPeople: alice', ['consent']],
    ['developmentPeople: off', []],
    ['moreProviders: [{id: a, issuer: "https://a.example", clientId: c}]', ['consent']],
    ['moreProviders: [{id: a, issuer: env:NOPE, clientId: c}]', []],
  ])('refuses to ask nobody where there is a choice to make: %s', (text, expected) => {
    const limited = 'consent: external\nredirectUris: {allow: https://a.example/cb}';
    expect(problems(`${limited}\n${upstream}\n${text}`).together).toEqual(expected);
  });

  it.each([
    [`secret: ${'a'.repeat(40)}`, ['secret']],
    [
      `previousSecret: ${'a'.repeat(40)}\nsecret: 74e19dcd5ceecfb9f1579fda3c43a847f3fad01c8606d85caa17242e9bc99f0e`,
      ['previousSecret'],
    ],
    [
      'cimd: off\nclients: [{id: a, redirectUris: [https://a.example/cb], jwksUri: https://a.example/k}]',
      ['clients'],
    ],
    [`clients: [{id: ${'a'.repeat(201)}, redirectUris: [https://a.example/cb]}]`, ['clients']],
  ])('refuses what the start would refuse: %s', (text, expected) => {
    expect(problems(text).together).toEqual(expected);
  });
});

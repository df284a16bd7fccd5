import { describe, expect, it } from 'vitest';
import { settingsOf } from './planned-settings.contract.ts';
import { hasWayIn, signsIn } from './ways-in.ts';

const jwt = 'jwt: {issuer: https://t.example, jwksUri: https://t.example/keys}';

describe('ways in', () => {
  it.each([
    ['', false],
    ['upstream: {issuer: https://idp.example}', true],
    ['upstream: {preset: google}', true],
    ['moreProviders: [{id: a, preset: google}]', true],
    [jwt, true],
    ['introspection: {endpoint: https://t.example/i}', true],
    ['moreVerifiers: [{kind: jwt, issuer: x}]', true],
    ['staticTokens: {t: {clientId: c, subject: s}}', true],
  ])('%s: development people are not the default any more: %s', (text, expected) => {
    expect(settingsOf(text).developmentPeople.length === 0).toBe(expected);
    const settings = settingsOf(text) as unknown as Record<string, unknown>;
    const value = (name: string) =>
      name
        .split('.')
        .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], settings);
    expect(hasWayIn(value)).toBe(expected);
  });

  it.each([
    ['', ['mcp:read']],
    ['upstream: {issuer: https://idp.example}', ['mcp:read']],
    ['upstream: {preset: auth0}', ['mcp:read']],
    ['upstream: {preset: auth0, mode: remote}', []],
    ['upstream: {preset: supabase}', []],
    ['upstream: {preset: supabase}\nmoreProviders: [{id: a, preset: google}]', ['mcp:read']],
    [jwt, []],
    [`${jwt}\ndevelopmentPeople: on`, ['mcp:read']],
    [`${jwt}\nupstream: {preset: jwt}`, []],
  ])('%s: what every call needs is %j', (text, baseline) => {
    expect(settingsOf(text).scopes.baseline).toEqual(baseline);
  });

  it('knows who signs people in', () => {
    expect(signsIn((name) => (name === 'upstream.preset' ? 'workos' : undefined))).toBe(true);
    expect(signsIn((name) => (name === 'upstream.preset' ? 'propelauth' : undefined))).toBe(false);
  });
});

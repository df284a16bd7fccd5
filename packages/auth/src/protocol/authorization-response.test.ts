import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorizationErrorUrl, authorizationSuccessUrl, errorText } from './authorization-response.ts';

const issuer = 'https://mcp.example.com';

describe('a success', () => {
  it.each([
    ['https://h/cb', 'https://h/cb?code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
    ['https://h/cb?a=%20+b', 'https://h/cb?a=%20+b&code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
    ['https://h/cb?', 'https://h/cb?code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
    ['https://h/cb?a&', 'https://h/cb?a&code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
    ['https://h', 'https://h?code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
    ['cursor://x/cb', 'cursor://x/cb?code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
    ['com.example.app:/cb', 'com.example.app:/cb?code=c&state=s&iss=https%3A%2F%2Fmcp.example.com'],
  ])('keeps the query of %s', (redirectUri, expected) =>
    expect(authorizationSuccessUrl({ redirectUri, code: 'c', state: 's', issuer })).toBe(expected),
  );

  it('has no state when none was sent', () => {
    expect(authorizationSuccessUrl({ redirectUri: 'https://h/', code: 'c', issuer })).not.toContain('state');
  });
});

it('an error has iss, state and a description without anything harmful', () => {
  const answer = {
    redirectUri: 'https://h/cb',
    error: 'access_denied',
    description: 'No "<b>" \r\n\\ é',
    state: 's &',
    issuer,
  };
  const query = new URL(authorizationErrorUrl(answer)).searchParams;
  expect([...query]).toEqual([
    ['error', 'access_denied'],
    ['error_description', 'No  <b>       '],
    ['state', 's &'],
    ['iss', issuer],
  ]);
});

it('gives state back unchanged, once, and stays at the redirect URI, whatever the texts are', () => {
  const text = fc.string({ unit: 'binary' });
  const redirect = fc.constantFrom('https://h/cb', 'https://h/cb?a=1', 'http://127.0.0.1:1/', 'https://h');
  fc.assert(
    fc.property(redirect, text, text, text, (redirectUri, state, error, description) => {
      const well = (value: string) => value.replace(/\p{Cs}/gu, '\ufffd');
      for (const location of [
        authorizationSuccessUrl({ redirectUri, code: 'c', state, issuer }),
        authorizationErrorUrl({ redirectUri, error, description, state, issuer }),
      ]) {
        const url = new URL(location);
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        expect(url.origin + url.pathname).toBe(new URL(redirectUri).origin + new URL(redirectUri).pathname);
        expect(url.searchParams.getAll('state')).toEqual([well(state)]);
        expect(url.searchParams.getAll('iss')).toEqual([issuer]);
        expect(url.hash).toBe('');
      }
    }),
    { numRuns: 1000 },
  );
});

it('cuts a description', () => expect(errorText('x'.repeat(1000))).toHaveLength(500));

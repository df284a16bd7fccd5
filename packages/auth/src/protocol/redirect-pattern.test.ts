import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRedirectPattern, redirectPatternAllows } from './redirect-pattern.ts';
import { checkRedirectUri } from './redirect-uri.ts';

function allows(text: string, uri: string): boolean {
  const pattern = parseRedirectPattern(text);
  if (typeof pattern === 'string') throw new Error(`${text}: ${pattern}`);
  return redirectPatternAllows(pattern, uri);
}

describe('redirectPatternAllows', () => {
  it.each([
    ['https://app.example.com/cb', 'https://app.example.com/cb', true],
    ['https://app.example.com/cb', 'https://app.example.com/cb?x=1', false],
    ['https://app.example.com/cb', 'https://app.example.com/cb/', false],
    ['https://app.example.com/cb', 'https://app.example.com:8443/cb', false],
    ['https://app.example.com/cb', 'https://app.example.com:443/cb', true],
    ['https://app.example.com:8443/cb', 'https://app.example.com:8443/cb', true],
    ['https://app.example.com:*/cb', 'https://app.example.com:9/cb', true],
    ['https://app.example.com', 'https://app.example.com/any?thing', true],
    ['https://APP.example.com', 'https://app.example.com/', true],
    ['https://app.example.com', 'https://app.example.com.evil.com/', false],
    ['https://*.example.com', 'https://evil.com/.example.com', false],
    ['https://*.example.com', 'https://evil.com?.example.com', false],
    ['https://*.example.com', 'https://a.example.com/cb', true],
    ['https://*.example.com', 'https://a.b.example.com/cb', true],
    ['https://*.example.com', 'https://example.com/cb', false],
    ['https://*.example.com', 'https://evilexample.com/cb', false],
    ['https://*.example.com', 'https://a.example.com.evil.com/cb', false],
    ['https://*.example.com', 'https://a.example.com:444/', false],
    ['https://*.example.com', 'http://localhost/', false],
    ['https://app-*.vercel.example/cb', 'https://app-x1.vercel.example/cb', true],
    ['https://app-*.vercel.example/cb', 'https://app-x.y.vercel.example/cb', false],
    ['https://app.*.example.com/cb', 'https://app.eu.example.com/cb', true],
    ['https://app.*.example.com/cb', 'https://app.eu.x.example.com/cb', false],
    ['https://h.example/auth/*', 'https://h.example/auth/x?y=1', true],
    ['https://h.example/auth/*', 'https://h.example/authx', false],
    ['https://h.example/auth/*', 'https://h.example/auth/../x', false],
    ['http://localhost:*', 'http://localhost:5000/cb', true],
    ['http://localhost', 'http://localhost:5000/cb', true],
    ['http://localhost:5000', 'http://localhost:5001/cb', false],
    ['http://localhost:*/cb', 'http://localhost:5000/cb', true],
    ['http://localhost:*/cb', 'http://127.0.0.1:5000/cb', false],
    ['http://[::1]:*', 'http://[::1]:7/cb', true],
    ['http://localhost:*', 'http://localhost:1@evil.com/', false],
    ['cursor://*', 'cursor://anysphere.cursor-mcp/oauth/callback', true],
    ['cursor://anysphere.cursor-mcp/oauth/callback', 'cursor://anysphere.cursor-mcp/oauth/callback', true],
    ['cursor://*', 'cursors://x/', false],
    ['com.example.app:/*', 'com.example.app:/cb', true],
  ])('%s, %s: %s', (pattern, uri, expected) => expect(allows(pattern, uri)).toBe(expected));

  it.each([
    ['', 'scheme'],
    ['*', 'scheme'],
    ['*://h/', 'scheme'],
    ['https://*', 'host'],
    ['https://*.com', 'host'],
    ['https://*.*.com', 'host'],
    ['https://a.example.*', 'host'],
    ['https://a,b.*.example.com', 'host'],
    ['https://exa mple.com', 'syntax'],
    ['https://user@h/', 'syntax'],
    ['https://h.example/#x', 'syntax'],
    ['https://h%41.example', 'host'],
    ['http://example.com/', 'host'],
    ['https://h:80*/', 'port'],
    ['https://h:/', 'port'],
    ['https://h/*/cb', 'path'],
    ['https://h/cb**', 'path'],
    ['cursor:*', 'path'],
    ['cur*sor://h', 'scheme'],
  ])('refuses the pattern %j: %s', (text, fault) => expect(parseRedirectPattern(text)).toBe(fault));
});

it('never leads a host pattern to another host, for any URI', () => {
  const piece = fc.constantFrom(
    'https://',
    'http://',
    'evil.com',
    '.example.com',
    'example.com',
    'a',
    '/',
    '?',
    '@',
    '#',
    ':',
    '443',
    '\\',
    '.',
    '%2e',
  );
  const uri = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((p) => p.join('')),
    fc.webUrl(),
  );
  fc.assert(
    fc.property(uri, (text) => {
      if (allows('https://*.example.com', text))
        expect(new URL(text).host).toMatch(/^[a-z0-9.-]+\.example\.com$/);
      if (allows('http://localhost:*', text)) expect(new URL(text).hostname).toBe('localhost');
    }),
    { numRuns: 1000 },
  );
});

it('allows nothing that is not acceptable in itself, and throws for no pattern', () => {
  const piece = fc.constantFrom(
    'https://',
    'cursor://',
    '*',
    '.',
    'example',
    'com',
    '/',
    ':',
    '8',
    '[',
    ']',
    '(',
    '+',
    '\\',
    '$',
  );
  const patterns = fc.oneof(
    fc.array(piece, { maxLength: 9 }).map((p) => p.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(patterns, fc.oneof(fc.webUrl(), patterns), (text, uri) => {
      const pattern = parseRedirectPattern(text);
      if (typeof pattern === 'string' || !redirectPatternAllows(pattern, uri)) return;
      expect(typeof checkRedirectUri(uri)).toBe('object');
    }),
    { numRuns: 1000 },
  );
});

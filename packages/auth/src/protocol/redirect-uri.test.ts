import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { acceptedRedirectUri, checkRedirectUri, matchRedirectUri } from './redirect-uri.ts';

const kindOf = (text: string) => {
  const checked = checkRedirectUri(text);
  return typeof checked === 'string' ? `fault: ${checked}` : `${checked.kind} ${checked.label}`;
};

it('says what an accepted one is, and refuses any other', () => {
  expect(acceptedRedirectUri('http://127.0.0.1/cb')).toEqual(checkRedirectUri('http://127.0.0.1/cb'));
  expect(() => acceptedRedirectUri('http://example.com/cb')).toThrow(Refusal);
});

describe('checkRedirectUri', () => {
  it.each([
    ['https://claude.ai/api/mcp/auth_callback', 'https claude.ai'],
    ['https://chat.example.com:8443/cb?tenant=1', 'https chat.example.com:8443'],
    ['https://xn--pple-43d.com/cb', 'https xn--pple-43d.com'],
    ['https://CLAUDE.AI/cb', 'https claude.ai'],
    ['http://localhost:3334/oauth/callback', 'loopback localhost'],
    ['http://127.0.0.1/callback', 'loopback 127.0.0.1'],
    ['http://127.0.0.1:33418/', 'loopback 127.0.0.1'],
    ['http://[::1]:8080/cb', 'loopback [::1]'],
    ['https://localhost:8443/cb', 'loopback localhost'],
    ['https://app.localhost/cb', 'loopback app.localhost'],
    ['cursor://anysphere.cursor-mcp/oauth/callback', 'custom-scheme cursor:'],
    ['com.example.app:/oauth2redirect', 'custom-scheme com.example.app:'],
    ['evil://claude.ai/cb', 'custom-scheme evil:'],
    ['vscode://vendor.extension/cb', 'custom-scheme vscode:'],
    ['bravery://h/cb', 'custom-scheme bravery:'],
    ['touch://h/cb', 'custom-scheme touch:'],
  ])('accepts %s', (text, expected) => expect(kindOf(text)).toBe(expected));

  it.each([
    ['http://example.com/cb', 'http-not-loopback'],
    ['http://localhost.evil.com/cb', 'http-not-loopback'],
    ['http://app.localhost/cb', 'http-not-loopback'],
    ['http://127.0.0.1.nip.io/cb', 'http-not-loopback'],
    ['http://10.0.0.1/cb', 'http-not-loopback'],
    ['http://0.0.0.0/cb', 'host'],
    ['https://[::]/cb', 'host'],
    ['http://localhost@evil.com/', 'user-info'],
    ['https://claude.ai@evil.com/', 'user-info'],
    ['https://claude.ai\\@evil.com/', 'characters'],
    ['javascript:alert(1)', 'scheme'],
    ['javascript://h/%0aalert(1)', 'scheme'],
    ['JaVaScRiPt:/x', 'scheme'],
    ['data:text/html,x', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['vbscript:/x', 'scheme'],
    ['blob:https://h/x', 'scheme'],
    ['about:/blank', 'scheme'],
    ['view-source:https://h/', 'scheme'],
    ['ws://h/', 'scheme'],
    ['wss://h/', 'scheme'],
    ['ftp://h/', 'scheme'],
    ['mailto:a@h', 'scheme'],
    ['intent://h/#Intent;end', 'fragment'],
    ['intent://h/', 'scheme'],
    ['ms-msdt:/id', 'scheme'],
    ['googlechrome://evil.example/cb', 'scheme'],
    ['GoogleChromes://evil.example/cb', 'scheme'],
    ['googlechrome-x-callback://x-callback-url/open/?url=x', 'scheme'],
    ['firefox://open-url?url=x', 'scheme'],
    ['microsoft-edge:/x', 'scheme'],
    ['microsoft-edge-https://evil.example/cb', 'scheme'],
    ['x-safari-https://evil.example/cb', 'scheme'],
    ['touch-http://evil.example/cb', 'scheme'],
    ['c:/windows', 'scheme'],
    ['urn:ietf:wg:oauth:2.0:oob', 'scheme'],
    ['myapp:callback', 'scheme'],
    ['myapp:', 'scheme'],
    ['https://h/cb?code=1', 'response-parameter'],
    ['https://h/cb?x=1&%73tate=1', 'response-parameter'],
    ['https://h/cb?iss=https://other', 'response-parameter'],
    [`https://h/${'a'.repeat(2000)}`, 'length'],
    ['https://h/a/%2e%2e/b', 'dot-segment'],
    ['cursor://h/../b', 'dot-segment'],
    ['https://h/cb\n', 'characters'],
    ['*', 'characters or syntax'],
    ['https://', 'host'],
  ])('refuses %j', (text, fault) => {
    const checked = checkRedirectUri(text);
    expect(typeof checked).toBe('string');
    expect(fault).toContain(checked);
  });
});

describe('matchRedirectUri', () => {
  it.each([
    ['to the letter', 'https://h/cb', ['https://g/cb', 'https://h/cb'], true],
    ['another path', 'https://h/cb2', ['https://h/cb'], false],
    ['a longer path', 'https://h/cb/x', ['https://h/cb'], false],
    ['a trailing slash', 'https://h/cb/', ['https://h/cb'], false],
    ['another query', 'https://h/cb?a=2', ['https://h/cb?a=1'], false],
    ['an added query', 'https://h/cb?a=1', ['https://h/cb'], false],
    ['another case of the path', 'https://h/CB', ['https://h/cb'], false],
    ['another port of https', 'https://h:8443/cb', ['https://h/cb'], false],
    ['the default port written out', 'https://h:443/cb', ['https://h/cb'], false],
    ['http for https', 'http://localhost/cb', ['https://localhost/cb'], false],
    [
      'a port where none is registered',
      'http://127.0.0.1:51234/callback',
      ['http://127.0.0.1/callback'],
      true,
    ],
    ['another port', 'http://localhost:51234/callback', ['http://localhost:3000/callback'], true],
    [
      'no port where one is registered',
      'http://localhost/callback',
      ['http://localhost:3000/callback'],
      true,
    ],
    ['another port, IPv6', 'http://[::1]:5/cb', ['http://[::1]/cb'], true],
    ['localhost for 127.0.0.1', 'http://localhost:1/cb', ['http://127.0.0.1:1/cb'], false],
    ['127.0.0.1 for localhost', 'http://127.0.0.1:1/cb', ['http://localhost:1/cb'], false],
    ['127.0.0.2 for 127.0.0.1', 'http://127.0.0.2:1/cb', ['http://127.0.0.1:1/cb'], false],
    ['another port and path', 'http://localhost:1/other', ['http://localhost/cb'], false],
    ['another port and query', 'http://localhost:1/cb?x', ['http://localhost/cb'], false],
    ['another port of https on loopback', 'https://localhost:1/cb', ['https://localhost:2/cb'], false],
    ['a custom scheme', 'cursor://h/cb', ['cursor://h/cb'], true],
    ['another port of a custom scheme', 'cursor://h:1/cb', ['cursor://h/cb'], false],
    [
      'a port in the path of a custom scheme',
      'cursor://h/http://localhost:2',
      ['cursor://h/http://localhost:1'],
      false,
    ],
    ['unsafe, though registered', 'javascript:alert(1)', ['javascript:alert(1)'], false],
    ['user information as host', 'http://localhost:1@evil.com/cb', ['http://localhost/cb'], false],
    ['nothing registered', 'https://h/cb', [], false],
  ])('%s', (_, requested, registered, expected) =>
    expect(matchRedirectUri(requested, registered)).toBe(expected),
  );
});

const fragments = fc.constantFrom(
  ...[
    'https://',
    'http://',
    'javascript:',
    'data:',
    'cursor:/',
    'localhost',
    '127.0.0.1',
    '[::1]',
    'evil.com',
    ':80',
    ':1',
    '@',
  ],
  ...['/cb', '/', '..', '%2e', '\\', '#', '?', 'a=b', '&code=1', ' ', '\u202e', '%00', '*'],
);
const hostile = fc.oneof(
  fc.array(fragments, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.string({ unit: 'binary' }),
);

it('never accepts an unsafe place, and never throws', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const checked = checkRedirectUri(text);
      if (typeof checked === 'string') return;
      const url = new URL(text);
      expect(text).not.toMatch(/[\s\\#<>"]/);
      expect(url.username + url.password).toBe('');
      expect(['javascript:', 'data:', 'file:', 'blob:', 'vbscript:']).not.toContain(url.protocol);
      if (url.protocol === 'http:') expect(url.hostname).toMatch(/^(localhost|127\.[\d.]+|\[::1\])$/);
      if (checked.kind === 'https') expect(checked.label).toBe(url.host);
    }),
    { numRuns: 1000 },
  );
});

it('matches nothing that leads elsewhere than what was registered', () => {
  const port = fc.integer({ min: 1, max: 65535 });
  const base = fc.constantFrom('http://localhost', 'http://127.0.0.1', 'http://[::1]');
  const path = fc.constantFrom('/cb', '/', '/cb?x=1', '');
  fc.assert(
    fc.property(base, path, port, base, path, port, hostile, (b1, p1, n1, b2, p2, n2, other) => {
      const registered = `${b1}:${n1}${p1}`;
      expect(matchRedirectUri(`${b2}:${n2}${p2}`, [registered])).toBe(b1 === b2 && p1 === p2);
      if (!matchRedirectUri(other, [registered])) return;
      expect(new URL(other).hostname).toBe(new URL(registered).hostname);
    }),
    { numRuns: 1000 },
  );
});

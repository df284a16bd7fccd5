import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictUrl } from './strict-url.ts';

describe('parseStrictUrl', () => {
  it('keeps every part as written', () => {
    expect(parseStrictUrl('https://App.Example.com:8443/a/b%20c?x=%7e', 100)).toEqual({
      text: 'https://App.Example.com:8443/a/b%20c?x=%7e',
      scheme: 'https',
      authority: 'App.Example.com:8443',
      host: 'app.example.com',
      port: '8443',
      path: '/a/b%20c',
      query: '?x=%7e',
    });
  });

  it.each([
    ['', 'length'],
    [`https://h/${'a'.repeat(100)}`, 'length'],
    ['https://h/#f', 'fragment'],
    ['https://h/#', 'fragment'],
    ['https://h/a b', 'characters'],
    ['https://h\\evil/', 'characters'],
    ['https://h/\u0000', 'characters'],
    ['https://h/\t', 'characters'],
    ['https://h/a\u200bb', 'characters'],
    ['https://bücher.example/', 'characters'],
    ['https://h/%zz', 'characters'],
    ['https://h/%2', 'characters'],
    ['//h/path', 'syntax'],
    ['/path', 'syntax'],
    ['https://user@h/', 'user-info'],
    ['https://user:pw@h/', 'user-info'],
    ['https://h/../a', 'dot-segment'],
    ['https://h/a/.', 'dot-segment'],
    ['https://h/a/%2e%2E/b', 'dot-segment'],
    ['https://h/a/.%2e/b', 'dot-segment'],
    ['https://h/a/..%2fb', 'dot-segment'],
    ['https://h/a%5c..%5cb', 'dot-segment'],
    ['https://h:/', 'host'],
    ['https://h:123456/', 'host'],
    ['https://h:99999/', 'host'],
    ['https://h./', 'host'],
    ['https://h..x/', 'host'],
    ['https://*.example.com/', 'host'],
    ['https://%65vil.example/', 'host'],
    ['https://0x7f.1/', 'host'],
    ['https://2130706433/', 'host'],
    ['https://127.1/', 'host'],
    ['https://[::1/', 'host'],
    ['https://[0:0:0:0:0:0:0:1]/', 'host'],
    ['https:h/', 'host'],
    ['https:/h/', 'host'],
    ['https:///h/', 'host'],
  ])('refuses %j: %s', (text, fault) => expect(parseStrictUrl(text, 100)).toBe(fault));

  it('reads what a browser reads, or nothing', () => {
    const piece = fc.constantFrom(
      ...[
        'https:',
        'http:',
        'cursor:',
        '/',
        '//',
        '\\',
        '@',
        ':',
        '#',
        '?',
        '.',
        '..',
        '%2e',
        '%2F',
        '%5c',
        '*',
        '[::1]',
      ],
      ...[
        'example.com',
        'localhost',
        '127.0.0.1',
        '0x7f.1',
        '2130706433',
        'ｅvil',
        ' ',
        '\n',
        '443',
        'a=b',
        '&',
        'xn--a',
      ],
    );
    const anything = fc.oneof(
      fc.array(piece, { maxLength: 9 }).map((p) => p.join('')),
      fc.webUrl(),
      fc.string(),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const strict = parseStrictUrl(text, 500);
        if (typeof strict === 'string') return;
        const url = new URL(text);
        expect(url.username + url.password + url.hash).toBe('');
        if (strict.scheme === 'https' || strict.scheme === 'http') {
          expect(url.hostname).toBe(strict.host);
          expect(url.pathname).toBe(strict.path || '/');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

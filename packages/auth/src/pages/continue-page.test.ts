import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContinuePageOptions, continuePage } from './continue-page.ts';

const KINDS = ['https', 'loopback', 'custom-scheme', 'sign-in'] as const;

describe('continuePage', () => {
  it('goes on by itself and by a link', () => {
    const { html, status } = continuePage({ url: 'https://app.example/cb?code=a&state=b', kind: 'https' });
    expect(status).toBe(200);
    expect(html).toContain(
      '<meta http-equiv="refresh" content="0;url=https://app.example/cb?code=a&amp;state=b">',
    );
    expect(html).toContain('href="https://app.example/cb?code=a&amp;state=b"');
    expect(html).toContain('Continue to app.example');
  });

  it.each([
    ['loopback', 'http://127.0.0.1:1234/cb'],
    ['loopback', 'http://[::1]:1234/cb'],
    ['loopback', 'https://localhost/cb'],
    ['custom-scheme', 'cursor://host/cb'],
    ['custom-scheme', 'com.example.app:/cb'],
    ['sign-in', 'http://idp.internal/authorize'],
  ] satisfies [ContinuePageOptions['kind'], string][])('accepts as %s: %s', (kind, url) => {
    expect(continuePage({ url, kind }).html).toContain(`content="0;url=${url}"`);
  });

  it.each([
    ['https', 'http://app.example/cb'],
    ['loopback', 'http://app.example/cb'],
    ['loopback', 'http://localhost.example/cb'],
    ['custom-scheme', 'https://app.example/cb'],
    ['sign-in', 'cursor://host/cb'],
    ['https', 'https://app.example/\ncb'],
    ['https', 'https://app.example/cb x'],
    ['https', '/relative'],
  ] satisfies [ContinuePageOptions['kind'], string][])('refuses as %s: %s', (kind, url) => {
    expect(() => continuePage({ url, kind })).toThrow(TypeError);
  });

  it('never goes to a scheme that the browser handles itself', () => {
    const scheme = fc
      .constantFrom('javascript', 'data', 'vbscript', 'file', 'blob', 'about', 'view-source', 'filesystem')
      .chain((name) =>
        fc
          .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
          .map((upper) => [...name].map((c, i) => (upper[i] ? c.toUpperCase() : c)).join('')),
      );
    fc.assert(
      fc.property(
        scheme,
        fc.webPath(),
        fc.constantFrom(...KINDS),
        fc.constantFrom('', ' ', '\t', '\u0000'),
        (name, path, kind, before) => {
          expect(() => continuePage({ url: `${before}${name}:${path}`, kind })).toThrow(TypeError);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('says when nothing was shared', () => {
    expect(continuePage({ url: 'https://app.example/cb', kind: 'https', outcome: 'denied' }).html).toContain(
      'Nothing was shared',
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalResource, isLoopbackHost, parseUrl, sameResource } from './url.ts';

describe('addresses', () => {
  it('of the local machine are known by name, and no others', () => {
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.255.255.254', '::1', '[::1]'])
      expect(isLoopbackHost(host)).toBe(true);
    for (const host of [
      '',
      'localhost.',
      'evil.localhost',
      'localhost.evil',
      '127.1',
      '128.0.0.1',
      '0.0.0.0',
      '::',
      '1.127.0.0.1',
      '127.0.0.1.evil',
      '::ffff:127.0.0.1',
    ])
      expect(isLoopbackHost(host)).toBe(false);
  });

  it('that are none are undefined', () => {
    expect(parseUrl('https://a.example/b')?.host).toBe('a.example');
    for (const text of ['', 'a', '//a', 'https://', 'http://[']) expect(parseUrl(text)).toBeUndefined();
  });
});

describe('a resource', () => {
  it('[RS-25] is the same in the spellings that clients really send', () => {
    for (const text of [
      'https://h.example',
      'https://h.example/',
      'HTTPS://H.EXAMPLE',
      'https://h.example:443/',
    ])
      expect(sameResource(text, 'https://h.example')).toBe(true);
    expect(sameResource('https://H.example/mcp', 'https://h.example/mcp')).toBe(true);
  });

  it('[RS-8] is another with another scheme, port, path, case of the path, or query', () => {
    for (const text of [
      'http://h.example/mcp',
      'https://h.example:8443/mcp',
      'https://h.example/mcp/',
      'https://h.example/MCP',
      'https://h.example/mcp2',
      'https://h.example',
      'https://h.example/mcp?x=1',
      'https://h.example.evil/mcp',
      'https://h.example/mcp#f',
      'https://u@h.example/mcp',
      '/mcp',
      '',
    ])
      expect({ text, same: sameResource(text, 'https://h.example/mcp') }).toEqual({ text, same: false });
  });

  it('has one spelling that stays as it is, and none when it is no http URL', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (text) => {
        const canonical = canonicalResource(text);
        if (canonical === undefined) return;
        expect(canonicalResource(canonical)).toBe(canonical);
        expect(sameResource(text, canonical)).toBe(true);
        expect(canonical).toMatch(/^https?:\/\/[^#@]+/);
      }),
      { numRuns: 1000 },
    );
    for (const text of ['ftp://h', 'urn:x', 'javascript:1', 'https://h/#', 'https://:p@h/'])
      expect(canonicalResource(text)).toBeUndefined();
  });
});

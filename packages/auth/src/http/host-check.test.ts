import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../core/refusal.ts';
import { checkHosts, type HostRules } from './host-check.ts';

const rules = (over: Partial<HostRules> = {}): HostRules => ({
  publicUrl: 'https://mcp.example.com/team',
  loopbackBind: false,
  allowedHosts: [],
  allowedOrigins: [],
  ...over,
});
const loopback = rules({ publicUrl: 'http://localhost:8000', loopbackBind: true });

const reasonOf = (work: () => void): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as Refusal).reason;
  }
};
const host = (given: HostRules, name: string | null) => reasonOf(() => checkHosts(given).host(name));
const origin = (given: HostRules, name: string | null) => reasonOf(() => checkHosts(given).origin(name));
const form = (given: HostRules, headers: Record<string, string>) =>
  reasonOf(() => checkHosts(given).ownForm(new Headers(headers)));

describe('the Host of a request', () => {
  it('[RS-17] is that of the public URL, or one the operator named', () => {
    const given = rules({ allowedHosts: ['Internal.Example:8080'] });
    for (const name of ['mcp.example.com', 'MCP.example.com', 'mcp.example.com:443', 'internal.example:8080'])
      expect(host(given, name)).toBe('ok');
    for (const name of [
      null,
      '',
      'evil.example',
      'mcp.example.com.evil.example',
      'mcp.example.com:8443',
      'mcp.example.com:80',
      'internal.example',
      'localhost',
      '127.0.0.1',
      'mcp.example.com@evil.example',
    ])
      expect(host(given, name)).toBe('request.host');
  });

  it('is any loopback name and port when only this machine can connect', () => {
    for (const name of [
      'localhost',
      'localhost:8000',
      'LOCALHOST:1',
      '127.0.0.1:5',
      '127.9.9.9',
      '[::1]',
      '[::1]:80',
      'localhost:80',
    ])
      expect(host(loopback, name)).toBe('ok');
    for (const name of [
      'evil.example',
      'localhost.evil.example',
      'evil.localhost',
      'localhost.',
      '127.1',
      '0x7f.1',
      '2130706433',
      '0.0.0.0',
      '[::]',
      'a@localhost',
      'localhost/x',
      'localhost#',
      'localhost?',
      'localhost\\',
      ' localhost',
      'localhost:99999',
      'localhost:080',
      'ⓛocalhost',
    ])
      expect({ name, seen: host(loopback, name) }).toEqual({ name, seen: 'request.host' });
  });

  it('lets nothing past that a browser would send for another machine', () => {
    const names = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.string({ maxLength: 30 }),
      fc.webAuthority(),
    );
    fc.assert(
      fc.property(names, (name) => {
        if (host(loopback, name) !== 'ok') return;
        expect(name.toLowerCase()).toMatch(/^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the Origin of a request', () => {
  it('[RS-17] may be absent, is our own, or one the operator named', () => {
    const given = rules({ allowedOrigins: ['https://inspector.example'] });
    for (const name of [null, 'https://mcp.example.com', 'https://inspector.example'])
      expect(origin(given, name)).toBe('ok');
    for (const name of [
      'null',
      '',
      'http://mcp.example.com',
      'https://mcp.example.com:8443',
      'https://mcp.example.com/',
      'https://evil.example',
      'http://localhost:8000',
      'https://MCP.example.com',
    ])
      expect({ name, seen: origin(given, name) }).toEqual({ name, seen: 'request.origin' });
  });

  it('is any page of this machine when only this machine can connect, and no other', () => {
    for (const name of [
      'http://localhost:6274',
      'http://127.0.0.1',
      'https://localhost',
      'http://[::1]:3000',
    ])
      expect(origin(loopback, name)).toBe('ok');
    for (const name of [
      'null',
      'http://localhost.evil.example',
      'http://evil.example',
      'http://localhost:8000/',
      'http://localhost@evil.example',
      'file://',
      'chrome-extension://localhost',
    ])
      expect({ name, seen: origin(loopback, name) }).toEqual({ name, seen: 'request.origin' });
    const origins = fc.oneof(
      fc.webUrl().map((url) => new URL(url).origin),
      fc.string({ maxLength: 30 }),
      fc.domain().map((name) => `http://${name}`),
    );
    fc.assert(
      fc.property(origins, (name) => {
        expect(origin(rules(), name)).toBe(name === 'https://mcp.example.com' ? 'ok' : 'request.origin');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a form', () => {
  it('[G3] comes from our own pages: origin with port and scheme, and the same site', () => {
    expect(form(rules(), {})).toBe('ok');
    expect(form(rules(), { origin: 'https://mcp.example.com', 'sec-fetch-site': 'same-origin' })).toBe('ok');
    const foreign = [
      { origin: 'null' },
      { origin: 'http://mcp.example.com' },
      { origin: 'https://mcp.example.com:8443' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://mcp.example.com', 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign)
      expect(
        form(rules({ allowedOrigins: ['https://evil.example'] }), headers as Record<string, string>),
      ).toBe('authorization.cross-site');
  });

  it('[G3] comes from our own port on this machine, under whichever of its names', () => {
    for (const name of ['http://localhost:8000', 'http://127.0.0.1:8000', 'http://[::1]:8000'])
      expect(form(loopback, { origin: name })).toBe('ok');
    for (const name of ['http://localhost:8001', 'http://localhost', 'https://localhost:8000'])
      expect(form(loopback, { origin: name })).toBe('authorization.cross-site');
    const defaultPort = rules({ publicUrl: 'http://localhost', loopbackBind: true });
    expect(form(defaultPort, { origin: 'http://127.0.0.1' })).toBe('ok');
    expect(form(defaultPort, { origin: 'https://localhost' })).toBe('authorization.cross-site');
  });
});

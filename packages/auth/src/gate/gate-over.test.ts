import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gate } from '../core/passage.ts';
import { gateOver } from './gate-over.ts';

const gate = (resource: string) => ({ resource }) as Gate;
const [mcp, admin] = [gate('mcp'), gate('admin')];
const over = gateOver(
  new Map([
    ['/mcp', mcp],
    ['/Team/mcp', mcp],
    ['/mcp/', mcp],
    ['/mcp/admin', admin],
  ]),
);

describe('the gate over a path', () => {
  it.each([
    '/mcp',
    '/mcp/',
    '//mcp',
    '/MCP',
    '/%6dcp',
    '/%256Dcp',
    '/mcp%2f',
    '\\mcp',
    '/./mcp',
    '/x/../mcp',
    '/mcp/../x',
    '/x/%2e%2e/mcp',
    '/mcp#x',
    '/mcp?x',
    '/mcp/below',
    '/team/MCP',
    '/mcp/%zz%6',
  ])('is that of the resource for %s', (path) => {
    expect(over(path)).toBe(mcp);
  });

  it('is that of the narrower resource', () => {
    expect(over('/mcp/ADMIN/x')).toBe(admin);
  });

  it.each([
    '/mcp/%61dmin',
    '/mcp/%2561dmin',
    '/mcp/./admin',
    '/mcp/x/../admin',
    '/mcp/admin/..',
    '/mcp/admin/%2e%2e',
  ])('is that of the narrower resource in any reading of %s', (path) => {
    expect(over(path)).toBe(admin);
  });

  it.each(['/', '', '/mcpx', '/x/mcp', '/m%2fcp', '/team', '/x?/mcp', '/mc', '/m/cp'])(
    'is none for %s',
    (path) => {
      expect(over(path)).toBeUndefined();
    },
  );

  it('is found in a moment, however long the path', () => {
    const started = performance.now();
    expect(over('/x'.repeat(100_000))).toBeUndefined();
    expect(over(`/${'%25'.repeat(50_000)}2f`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('of the root is over everything', () => {
    const root = gateOver(new Map([['/', mcp]]));
    for (const path of ['/', '', '/x', '//', '/x/y']) expect(root(path)).toBe(mcp);
  });

  it('[C1] is found however letters, slashes and escapes of a path are written, and whatever comes below', () => {
    const letter = (char: string) =>
      fc.constantFrom(
        char,
        char.toUpperCase(),
        `%${char.charCodeAt(0).toString(16)}`,
        `%25${char.charCodeAt(0).toString(16).toUpperCase()}`,
      );
    const slash = fc.constantFrom('/', '//', '\\', '/./', '%2f', '/x/../', '%5C');
    const written = fc
      .tuple(
        slash,
        ...[...'mcp'].map(letter),
        fc.constantFrom('', '/', '?', '#', '%2F', '\\'),
        fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[.%]/g, '_')),
      )
      .map((parts) => parts.slice(0, 5).join('') + (parts[4] === '' ? '' : parts[5]));
    fc.assert(
      fc.property(written, (path) => over(path) !== undefined),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.string(), (path) => void over(path)),
      { numRuns: 1000 },
    );
  });
});

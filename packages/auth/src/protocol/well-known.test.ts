import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendedWellKnown, insertedWellKnown } from './well-known.ts';

describe('a well-known address', () => {
  it.each([
    ['', '/.well-known/n', '/.well-known/n'],
    ['/', '/.well-known/n', '/.well-known/n'],
    ['///', '/.well-known/n', '/.well-known/n'],
    ['/mcp', '/.well-known/n/mcp', '/mcp/.well-known/n'],
    ['/mcp/', '/.well-known/n/mcp', '/mcp/.well-known/n'],
    ['/a/b', '/.well-known/n/a/b', '/a/b/.well-known/n'],
    ['/a//b//', '/.well-known/n/a//b', '/a//b/.well-known/n'],
  ])('of %j', (path, inserted, appended) => {
    expect([insertedWellKnown('n', path), appendedWellKnown('n', path)]).toEqual([inserted, appended]);
  });

  it('is the same with and without a slash at the end, and never has one', () => {
    const path = fc
      .array(fc.constantFrom('/', 'a', '.', '%2F', 'b'), { maxLength: 8 })
      .map((p) => `/${p.join('')}`);
    fc.assert(
      fc.property(path, (p) => {
        for (const of of [insertedWellKnown, appendedWellKnown]) {
          expect(of('n', `${p}/`)).toBe(of('n', p));
          expect(of('n', p)).not.toMatch(/\/$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to the path, slashes and all', () => {
    const long = `${'/'.repeat(100_000)}a`;
    const before = performance.now();
    expect(insertedWellKnown('n', long)).toBe(`/.well-known/n${long}`);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

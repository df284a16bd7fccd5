import { describe, expect, it } from 'vitest';
import { findCycles, importsOf, nodes, parseText } from './syntax.ts';

describe('the eyes of the other tests', () => {
  it('see every way to import', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import './c.ts';",
      "export * from './d.ts';",
      "export type { E } from './e.ts';",
      "const f = await import('../f.ts');",
      "type G = import('./g.ts').G;",
      "import h from 'node:fs';",
    ].join('\n');
    const seen = importsOf(parseText('room/here.ts', text));
    expect(seen.map((entry) => entry.target ?? entry.specifier)).toEqual([
      'room/a.ts',
      'room/b.ts',
      'room/c.ts',
      'room/d.ts',
      'room/e.ts',
      'f.ts',
      'room/g.ts',
      'node:fs',
    ]);
    expect(seen.map((entry) => entry.line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('find a cycle, and none where there is none', () => {
    const graph = (edges: Record<string, string[]>) =>
      new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));
    expect(findCycles(graph({ a: ['b'], b: ['c'], c: ['b'], d: ['d'] }))).toEqual(['b > c > b', 'd > d']);
    expect(findCycles(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual([]);
  });

  it('reach the bottom of the tree', () => {
    const parsed = parseText('x.ts', 'function f(x: { y: any }) { return [() => x as any]; }');
    expect([...nodes(parsed.program)].filter((node) => node.type === 'TSAnyKeyword')).toHaveLength(2);
  });

  it('report a file that does not parse', () => {
    expect(() => parseText('broken.ts', 'const = 1')).toThrow('broken.ts');
  });
});

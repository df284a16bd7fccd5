import { describe, expect, it } from 'vitest';
import { indexRoutes, type Route } from './route.ts';

const route = (id: string, ...paths: string[]): Route => ({
  id,
  paths,
  methods: ['GET'],
  body: 'none',
  audience: 'program',
  cors: true,
  handle: () => ({ kind: 'empty', status: 200 }),
});

describe('the table of endpoints', () => {
  it('finds a route by any of its paths', () => {
    const [a, b] = [route('a', '/a', '/aa'), route('b', '/b')];
    const index = indexRoutes([a, b]);
    expect([index.get('/a'), index.get('/aa'), index.get('/b'), index.get('/c')]).toEqual([
      a,
      a,
      b,
      undefined,
    ]);
  });

  it('[G1] stops the start when two claim one path', () => {
    expect(() => indexRoutes([route('a', '/x'), route('b', '/x')])).toThrow('two routes claim /x: a and b');
  });
});

import { describe, expect, it } from 'vitest';
import { nested } from './nested.ts';

describe('values by dotted names', () => {
  it('become objects within objects', () => {
    const values = new Map<string, unknown>([
      ['a', 1],
      ['b.c', 2],
      ['b.d.e', [3]],
    ]);
    expect(nested(values)).toEqual({ a: 1, b: { c: 2, d: { e: [3] } } });
  });
});

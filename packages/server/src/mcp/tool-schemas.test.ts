import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputs, outputs } from './tool-schemas.ts';

describe('what a tool takes', () => {
  it.each([
    ['query', { query: 'SELECT 1' }],
    ['query', { query: 'x'.repeat(100_000) }],
    ['schema', {}],
    ['schema', { schema: 'x'.repeat(63) }],
    ['table', { schema: 'a', table: 'b' }],
    ['nothing', {}],
  ] as const)('%s may be that', (name, given) => {
    expect(inputs[name].safeParse(given).success).toBe(true);
  });

  it.each([
    ['query', {}],
    ['query', { query: '' }],
    ['query', { query: 'x'.repeat(100_001) }],
    ['query', { query: ['SELECT 1'] }],
    ['schema', { schema: '' }],
    ['schema', { schema: 'x'.repeat(64) }],
    ['schema', { schema: null }],
    ['table', { schema: 'a' }],
    ['table', { schema: 'a', table: '' }],
    ['table', { schema: 'a', table: 'x'.repeat(64) }],
  ] as const)('%s may not be that', (name, given) => {
    expect(inputs[name].safeParse(given).success).toBe(false);
  });
});

describe('what a tool gives', () => {
  it('loses nothing of a cell, and has no room for anything but cells', () => {
    const answer = (rows: unknown) => ({
      columns: [{ name: 'a', type: 'text' }],
      rows,
      rowCount: 1,
      truncated: false,
    });
    const rows = [['x', 1.5, true, null]];
    expect(outputs.query.parse(answer(rows)).rows).toEqual(rows);
    for (const cell of [{}, [], undefined, 7n])
      expect(outputs.query.safeParse(answer([[cell]])).success).toBe(false);
  });

  it.each([...Object.entries(inputs), ...Object.entries(outputs)])(
    '%s can be told as JSON Schema, an object',
    (_name, schema) => {
      expect(z.toJSONSchema(schema)).toMatchObject({ type: 'object' });
    },
  );

  it('tells a model what every argument is', () => {
    for (const schema of Object.values(inputs))
      for (const [name, property] of Object.entries(z.toJSONSchema(schema).properties ?? {}))
        expect((property as { description?: string }).description, name).toMatch(/^[A-Z].{10,}/);
  });
});

import { describe, expect, it } from 'vitest';
import { originForm, pathOf } from './incoming-request.ts';

describe('the target of a request', () => {
  it.each([
    ['/mcp', '/mcp', '/mcp'],
    ['/mcp?a=b?c', '/mcp?a=b?c', '/mcp'],
    ['/x/../mcp', '/x/../mcp', '/x/../mcp'],
    ['//mcp', '//mcp', '//mcp'],
    ['http://h.example/mcp?x', '/mcp?x', '/mcp'],
    ['*', '/', '/'],
    ['', '/', '/'],
    [undefined, '/', '/'],
  ])('%s is read to the letter, in origin form or absolute', (target, origin, path) => {
    expect([originForm(target), pathOf(target)]).toEqual([origin, path]);
  });
});

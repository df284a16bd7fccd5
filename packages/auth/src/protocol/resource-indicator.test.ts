import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { resolveResource } from './resource-indicator.ts';

const one = ['https://mcp.example.com/mcp'];
const two = ['https://mcp.example.com/a', 'https://mcp.example.com/b'];

const outcome = (...args: Parameters<typeof resolveResource>) => {
  try {
    return resolveResource(...args);
  } catch (error) {
    return error instanceof Refusal ? error.reason : error;
  }
};

describe('resolveResource', () => {
  it.each([
    ['the only one, when none is named', [], { configured: one }, one[0]],
    ['none of several, when none is named', [], { configured: two }, 'authorization.resource'],
    ['by its name', [two[1]!], { configured: two }, two[1]],
    ['host and scheme in any case', ['HTTPS://MCP.example.com/mcp'], { configured: one }, one[0]],
    ['the default port', ['https://mcp.example.com:443/mcp'], { configured: one }, one[0]],
    ['root with a slash', ['https://h.example/'], { configured: ['https://h.example'] }, 'https://h.example'],
    ['the same twice', [one[0]!, one[0]!], { configured: one }, one[0]],
    ['two at once', two, { configured: two }, 'authorization.resource'],
    [
      'a known and an unknown one',
      [one[0]!, 'https://x.example'],
      { configured: one },
      'authorization.resource',
    ],
    ['a path below', ['https://mcp.example.com/mcp/x'], { configured: one }, 'authorization.resource'],
    ['a trailing slash', ['https://mcp.example.com/mcp/'], { configured: one }, 'authorization.resource'],
    [
      'another case of the path',
      ['https://mcp.example.com/MCP'],
      { configured: one },
      'authorization.resource',
    ],
    ['another port', ['https://mcp.example.com:8443/mcp'], { configured: one }, 'authorization.resource'],
    ['a fragment', ['https://mcp.example.com/mcp#x'], { configured: one }, 'authorization.resource'],
    ['no URL', ['mcp'], { configured: one }, 'authorization.resource'],
    ['nothing configured', [], { configured: [] }, 'authorization.resource'],
  ])('%s', (_, requested, choice, expected) => expect(outcome(requested, choice)).toBe(expected));

  it('gives a configured resource or refuses, for anything that is sent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom(...two)), { maxLength: 4 }),
        (requested) => {
          expect([...two, 'authorization.resource']).toContain(outcome(requested, { configured: two }));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT_INSTRUCTIONS, fillSnippet, fillText, type Snippet } from './client-instructions.ts';

const snippets = CLIENT_INSTRUCTIONS.flatMap(({ steps }) => steps.flatMap(({ snippet }) => snippet ?? []));
const PLAIN = { url: 'https://mcp.example.com/mcp', name: 'portcullis' };

describe('the table of clients', () => {
  it('has each client once, under an id that can be a file name', () => {
    const ids = CLIENT_INSTRUCTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
  });

  it('names the address in the steps of every client', () => {
    for (const { id, steps } of CLIENT_INSTRUCTIONS) expect(JSON.stringify(steps), id).toContain('{url}');
  });

  it('leaves no placeholder behind', () => {
    for (const { steps, notes } of CLIENT_INSTRUCTIONS) {
      const texts = [...notes, ...steps.map(({ text }) => text)].map((text) => fillText(text, PLAIN));
      const codes = steps.flatMap(({ snippet }) =>
        snippet === undefined ? [] : fillSnippet(snippet, PLAIN),
      );
      expect([...texts, ...codes].join('\n')).not.toMatch(/\{(url|name)\}/);
    }
  });
});

describe('fillSnippet', () => {
  it('makes JSON that holds the address, whatever is in it', () => {
    const files = snippets.filter(({ language }) => language === 'json');
    expect(files.length).toBeGreaterThan(4);
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.string(), (snippet, url) => {
        const filled = fillSnippet(snippet, { url, name: 'portcullis' });
        const holds = (value: unknown): boolean =>
          value === url || (typeof value === 'object' && value !== null && Object.values(value).some(holds));
        expect(holds(JSON.parse(filled))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    'https://h.example/mcp',
    'https://h.example/mcp?a=1&b=2',
    "https://h.example/it's;$(id)`id`",
    'https://h.example/*?[x]\\ "',
    '',
  ])('makes a command that passes the address on as it is: %s', (url) => {
    const echo: Snippet = { language: 'sh', text: 'printf %s {url}' };
    const command = fillSnippet(echo, { url, name: 'n' });
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(url);
  });

  it('keeps a plain command plain', () => {
    const first = CLIENT_INSTRUCTIONS[0]?.steps[0]?.snippet;
    expect(fillSnippet(first!, PLAIN)).toBe(
      'claude mcp add --transport http portcullis https://mcp.example.com/mcp',
    );
  });
});

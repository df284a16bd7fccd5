import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { checkOwnUrl } from './own-url.ts';

describe('a URL that stands for this server', () => {
  it.each([
    ['https://mcp.example.com', 'https://mcp.example.com'],
    ['https://mcp.example.com/', 'https://mcp.example.com'],
    ['https://mcp.example.com/team//', 'https://mcp.example.com/team'],
    ['http://localhost:8000', 'http://localhost:8000'],
    ['http://[::1]:8000/a', 'http://[::1]:8000/a'],
  ])('%s', (text, expected) => {
    expect(checkOwnUrl(text, 'publicUrl')).toBe(expected);
  });

  it.each([
    'http://mcp.example.com',
    'https://mcp.example.com?a',
    'https://mcp.example.com/#',
    'https://user@mcp.example.com',
    'ftp://localhost',
    'mcp.example.com',
    '',
  ])('not: %s', (text) => {
    expect(() => checkOwnUrl(text, 'publicUrl')).toThrow(OperatorError);
  });

  it('never ends with a slash, and is the same when it is checked again', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        if (!url.startsWith('https:')) return;
        const checked = checkOwnUrl(url, 'publicUrl');
        expect(checked.endsWith('/')).toBe(false);
        expect(checkOwnUrl(checked, 'publicUrl')).toBe(checked);
      }),
      { numRuns: 1000 },
    );
  });
});

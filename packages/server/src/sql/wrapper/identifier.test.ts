import { describe, expect, it } from 'vitest';
import { quoteIdentifier, quoteLiteral } from './identifier.ts';

describe('quoting', () => {
  it('leaves nothing of a name to be read as anything else', () => {
    expect(quoteIdentifier('a')).toBe('"a"');
    expect(quoteIdentifier('a"; DROP TABLE t; --')).toBe('"a""; DROP TABLE t; --"');
    expect(() => quoteIdentifier('a\0b')).toThrow(TypeError);
    expect(() => quoteIdentifier('')).toThrow(TypeError);
  });

  it('writes a text that no setting changes', () => {
    expect(quoteLiteral("it's")).toBe("'it''s'");
    expect(quoteLiteral("a\\'b")).toBe(" E'a\\\\''b'");
    expect(() => quoteLiteral('a\0b')).toThrow(TypeError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it('leaves nothing that moves a cursor or turns a line around', () => {
    expect(plainText('a\u001b[31m\r\nb\u202ec')).toBe('a\\u001b[31m\\u000d\\u000ab\\u202ec');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves what people write', () => {
    expect(plainText('Ünïcode 中文 — “quotes”')).toBe('Ünïcode 中文 — “quotes”');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayText } from './display-text.ts';

describe('[G11] displayText', () => {
  it('keeps names as people write them', () => {
    for (const name of [
      'Claude Code',
      'Käse & Brot',
      '日本語クライアント',
      'نص عربي',
      'देवनागरी',
      'می‌خواهم',
      '👩‍💻 Dev',
    ])
      expect(displayText(name)).toBe(name);
  });

  it('takes out what turns, hides or breaks text', () => {
    expect(displayText('Cla\u202Eude\u2066 \u200BCode\u0000\u001b[31m')).toBe('Claude Code[31m');
    expect(displayText(' a\r\n\t\u00a0\u3000b\u2028c ')).toBe('a b c');
    expect(displayText(`Z${'\u0300'.repeat(50)}`)).toHaveLength(5);
    expect(displayText('a\ud800b')).toBe('ab');
    expect(displayText('\u200d\u200d\u200d')).toBe('');
  });

  it('cuts at the stated length, and says so', () => {
    expect(displayText('x'.repeat(64))).toBe('x'.repeat(64));
    expect(displayText('x'.repeat(65))).toBe(`${'x'.repeat(63)}…`);
    expect([...displayText('👍'.repeat(1_000_000), 10)]).toHaveLength(10);
  });

  it('is bounded, visible and stable for every input', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 1, max: 80 }),
        (text, max) => {
          const shown = displayText(text, max);
          expect([...shown].length).toBeLessThanOrEqual(max);
          expect(shown).not.toMatch(
            /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u,
          );
          expect(shown).toBe(shown.trim());
          expect(displayText(shown, max)).toBe(shown);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

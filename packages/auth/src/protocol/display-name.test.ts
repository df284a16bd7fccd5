import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayName, MAX_DISPLAY_NAME_CHARACTERS } from './display-name.ts';

describe('displayName', () => {
  it.each([
    ['Claude Code', 'Claude Code'],
    ['  two\r\n lines\t ', 'two lines'],
    ['\u202eedoc evil\u202c', 'edoc evil'],
    ['zero\u200bwidth\ufeff\u00ad', 'zerowidth'],
    ['e\u0301', '\u00e9'],
    ['e\u200d\u0301', '\u00e9'],
    ['null\u0000\u001b[31m', 'null[31m'],
    ['line\u2028separator\u2029here', 'line separator here'],
    ['hangul\u3164filler\u115f', 'hangulfiller'],
    ['braille\u2800blank', 'brailleblank'],
    ['lone \ud800 surrogate', 'lone surrogate'],
    ['tag\u{e0041}', 'tag'],
    [`z${'\u0335'.repeat(30)}`, `z${'\u0335'.repeat(4)}`],
    ['日本語のクライアント', '日本語のクライアント'],
    ['<b>not escaped here</b>', '<b>not escaped here</b>'],
    ['\u200b \u202e', undefined],
    ['', undefined],
  ])('%j', (text, expected) => expect(displayName(text)).toBe(expected));

  it('counts characters, not halves of them', () => {
    expect(displayName('😀'.repeat(100))).toBe('😀'.repeat(MAX_DISPLAY_NAME_CHARACTERS));
  });

  it('is short, tidy and stable, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = displayName(text);
        if (name === undefined) return;
        expect([...name].length).toBeLessThanOrEqual(MAX_DISPLAY_NAME_CHARACTERS);
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^ | $| {2}/u);
        expect(name.normalize('NFC')).toBe(name);
        expect(displayName(name)).toBe(name);
      }),
      { numRuns: 1000 },
    );
  });
});

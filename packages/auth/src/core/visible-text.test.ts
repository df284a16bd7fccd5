import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

const HIDDEN: Record<string, string> = {
  control: '\u0000',
  'end of line': '\u0085',
  'zero width space': '\u200b',
  'byte order mark': '\ufeff',
  'turned direction': '\u202e',
  isolate: '\u2066',
  'soft hyphen': '\u00ad',
  'hangul filler': '\u3164',
  'braille blank': '\u2800',
  'variation selector': '\ufe0f',
  tag: '\u{e0041}',
  'private use': '\ue000',
  unassigned: '\u0378',
  'lone surrogate': '\ud800',
};

describe('[G11] visible text', () => {
  it.each(Object.entries(HIDDEN))('has no %s', (_, character) => {
    for (const joiners of ['drop', 'keep'] as const)
      expect(visibleText(`a${character}${character} b`, joiners)).toBe('a b');
  });

  it('keeps a joiner where it shapes what is seen, if at all', () => {
    expect(visibleText('می\u200cخواهم 👩\u200d💻', 'keep')).toBe('می\u200cخواهم 👩\u200d💻');
    expect(visibleText('می\u200cخواهم 👩\u200d💻', 'drop')).toBe('میخواهم 👩💻');
    for (const text of ['\u200da', 'a\u200d', 'a\u200d\u200cb', 'a\u200d b', 'a \u200db', 'e\u200d\u0301'])
      expect(visibleText(text, 'keep')).not.toMatch(/[\u200c\u200d]/);
  });

  it('has no towers of marks, not with joiners in between either', () => {
    expect(visibleText(`z${'\u0335'.repeat(30)}`, 'keep')).toBe(`z${'\u0335'.repeat(4)}`);
    expect(visibleText(`z${'\u0335\u200d'.repeat(30)}`, 'keep')).toBe(`z${'\u0335'.repeat(4)}`);
  });

  it('is one line in NFC, and stays as it is, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(
          fc.constantFrom('a', ' ', '\u0301', '\u200c', '\u200d', '👩', '\u2003', ...Object.values(HIDDEN)),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('drop' as const, 'keep' as const), (given, joiners) => {
        const seen = visibleText(given, joiners);
        expect(seen).not.toMatch(/^ | $| {2}|[^\P{Z} ]/u);
        expect(seen.replace(/[\u200c\u200d]/g, joiners === 'keep' ? '' : '$&')).not.toMatch(
          /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u,
        );
        expect(seen.normalize('NFC')).toBe(seen);
        expect(visibleText(seen, joiners)).toBe(seen);
      }),
      { numRuns: 1000 },
    );
  });
});

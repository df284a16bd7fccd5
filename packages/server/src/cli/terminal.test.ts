import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paint, processTerminal, wrap } from './terminal.ts';

describe('wrap', () => {
  it('loses no word, and makes no line longer than it must be', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 12 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const lines = wrap(list.join(' '), width);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.includes(' ') && line.length > width).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('paint', () => {
  it('adds nothing where there are no colours', () => {
    expect(paint(false).bold('x')).toBe('x');
    expect(paint(true).bold('x')).toBe('\u001b[1mx\u001b[22m');
  });
});

describe('processTerminal', () => {
  it('has no colours where they are not wanted', () => {
    expect(processTerminal({ NO_COLOR: '1' })).toMatchObject({ outColour: false, errColour: false });
    expect(processTerminal({ TERM: 'dumb' })).toMatchObject({ outColour: false, errColour: false });
  });

  it('is in the working folder', () => {
    expect(processTerminal({}).folder).toBe(process.cwd());
  });
});

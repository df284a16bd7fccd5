import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFlow, parseYaml, rawOf, UnreadableNode } from './yaml-text.ts';

const read = (text: string) => {
  const yaml = parseYaml(text);
  expect(yaml.faults).toEqual([]);
  return rawOf(yaml.document.contents, yaml.document);
};

describe('parseYaml and rawOf', () => {
  it('leave every scalar what was written', () => {
    expect(read('a: no\nb: 0123\nc: 1e5\nd: ~\ne: "x"\nf: 2026-01-01')).toEqual({
      a: 'no',
      b: '0123',
      c: '1e5',
      d: '~',
      e: 'x',
      f: '2026-01-01',
    });
  });

  it('say the line of what is wrong', () => {
    expect(parseYaml('a: 1\nb: [1\nc: 2\n').faults[0]?.line).toBeGreaterThan(1);
  });

  it('follow aliases', () => {
    expect(read('a: &x [1, 2]\nb: *x')).toEqual({ a: ['1', '2'], b: ['1', '2'] });
  });

  it('give up on a text that unfolds without end', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const yaml = parseYaml(['l0: &l0 [x]', ...levels].join('\n'));
    expect(() => rawOf(yaml.document.contents, yaml.document)).toThrow(UnreadableNode);
  });

  it('refuse a key twice, and a key that is no text', () => {
    for (const text of ['a: {b: 1, b: 2}', 'a: {[x]: 1}']) {
      const yaml = parseYaml(text);
      expect(() => rawOf(yaml.document.contents, yaml.document)).toThrow(UnreadableNode);
    }
  });

  it('take no key for a prototype', () => {
    const value = read('__proto__: {polluted: yes}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('parseFlow', () => {
  it('reads JSON as text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 5 }), (list) => {
        expect(parseFlow(JSON.stringify(list))).toEqual(list);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        parseFlow(text);
        parseFlow(`[${text}`);
        parseFlow(`{${text}}`);
      }),
      { numRuns: 1000 },
    );
  });
});

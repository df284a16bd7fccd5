import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { Refusal } from '../core/refusal.ts';
import { parseForm, required, several, single } from './form.ts';

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

describe('parseForm', () => {
  it('decodes names and values', () => {
    const form = parseForm('a=1+2&b%20c=%C3%A9%2B&empty=&bare&&resource=x&resource=y');
    expect([...form]).toEqual([
      ['a', '1 2'],
      ['b c', 'é+'],
      ['empty', ''],
      ['bare', ''],
      ['resource', 'x'],
      ['resource', 'y'],
    ]);
  });

  it.each([
    ['a=1&a=2', 'request.duplicate-parameter'],
    ['a=1&%61=2', 'request.duplicate-parameter'],
    ['a&a', 'request.duplicate-parameter'],
    ['a=%', 'request.encoding'],
    ['a=%4', 'request.encoding'],
    ['a=%zz', 'request.encoding'],
    ['a=%C3', 'request.encoding'],
    ['a=%ff%fe', 'request.encoding'],
    ['%c0%af=1', 'request.encoding'],
    ['a=%ed%a0%80', 'request.encoding'],
    [Array.from({ length: 51 }, (_, i) => `p${i}=1`).join('&'), 'request.malformed'],
    [`a=${'x'.repeat(65_536)}`, 'request.too-large'],
    [`a=${'é'.repeat(40_000)}`, 'request.too-large'],
  ])('refuses %#', (text, reason) => expect(outcome(() => parseForm(text))).toBe(reason));

  it('refuses bytes that are not UTF-8', () => {
    expect(outcome(() => parseForm(new Uint8Array([0x61, 0x3d, 0xff])))).toBe('request.encoding');
    expect(parseForm(utf8('a=é')).get('a')).toBe('é');
  });

  it('leaves duplicates to a caller who asks for them', () => {
    const form = parseForm('a=1&a=2', { duplicates: 'keep' });
    expect(form.getAll('a')).toEqual(['1', '2']);
    expect(outcome(() => single(form, 'a'))).toBe('request.duplicate-parameter');
  });

  it('reads what the platform writes', () => {
    const fields = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), {
      selector: ([name]) => name,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fields, (pairs) => {
        const written = new URLSearchParams(pairs.map(([name, value]) => [name, value]));
        expect([...parseForm(written.toString())]).toEqual([...written]);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a form without duplicates or refuses, for any text', () => {
    const piece = fc.constantFrom('a', 'b', '=', '&', '%', '%41', '%ff', '+', 'é', '\u0000', 'resource');
    const texts = fc.oneof(
      fc.array(piece).map((p) => p.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const form = outcome(() => parseForm(text));
        if (typeof form === 'string') return;
        const names = [...form.keys()].filter((name) => name !== 'resource');
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a form or refuses, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const form = outcome(() => parseForm(bytes));
        expect(form instanceof URLSearchParams || /^request\./.test(String(form))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('values', () => {
  const form = new URLSearchParams('a=1&empty=&long=xxxxx&nl=a%0Ab&r=1&r=&r=2');

  it('takes an empty value for an omitted one', () => {
    expect(single(form, 'a')).toBe('1');
    expect(single(form, 'empty')).toBeUndefined();
    expect(single(form, 'absent')).toBeUndefined();
    expect(outcome(() => required(form, 'empty'))).toBe('request.missing-parameter');
    expect(several(form, 'r', 2)).toEqual(['1', '2']);
  });

  it('refuses what is too long, too many, or holds control characters', () => {
    expect(outcome(() => single(form, 'long', 4))).toBe('request.invalid-parameter');
    expect(outcome(() => single(form, 'nl'))).toBe('request.invalid-parameter');
    expect(outcome(() => several(form, 'r', 1))).toBe('request.invalid-parameter');
    expect(outcome(() => several(form, 'nl', 1))).toBe('request.invalid-parameter');
  });
});

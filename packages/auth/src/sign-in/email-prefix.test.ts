import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainDomain, lowerAscii, parsePlainAddress } from './email-prefix.ts';

describe('an address', () => {
  it.each([
    ['a@x.com', { localPart: 'a', domain: 'x.com' }],
    ['A.b-c_1@X.Sub.COM', { localPart: 'A.b-c_1', domain: 'x.sub.com' }],
    ['a@localhost', { localPart: 'a', domain: 'localhost' }],
    [`${'a'.repeat(64)}@x.com`, { localPart: 'a'.repeat(64), domain: 'x.com' }],
    ['a@xn--bcher-kva.de', { localPart: 'a', domain: 'xn--bcher-kva.de' }],
  ])('%s has two halves', (address, halves) => {
    expect(parsePlainAddress(address)).toEqual(halves);
  });

  it.each([
    ['no sign', 'a'],
    ['two signs', 'a@b@x.com'],
    ['a quoted sign', '"a@b"@x.com'],
    ['no local part', '@x.com'],
    ['no domain', 'a@'],
    ['a sub-address', 'a+b@x.com'],
    ['routing', 'a%y.com@x.com'],
    ['older routing', 'y.com!a@x.com'],
    ['two dots', 'a..b@x.com'],
    ['a dot at an end', 'a.@x.com'],
    ['a space', 'a b@x.com'],
    ['a letter of another script', '\u0430@x.com'],
    ['a domain in another script', 'a@b\u00fccher.de'],
    ['a sign of full width', 'a\uff20x.com'],
    ['a Kelvin sign', 'a@\u212a.com'],
    ['a root dot', 'a@x.com.'],
    ['a hyphen at the edge of a label', 'a@-x.com'],
    ['an address of a machine', 'a@[127.0.0.1]'],
    ['a line at the end', 'a@x.com\n'],
    ['a long local part', `${'a'.repeat(65)}@x.com`],
    ['more than 254 characters', `a@${'x'.repeat(249)}.com`],
  ])('with %s is none', (_what, address) => {
    expect(parsePlainAddress(address)).toBeUndefined();
  });

  it('is only read where it can be written back, and its halves have no sign', () => {
    const piece = fc.oneof(
      fc.constantFrom('@', '.', 'a', 'X', '-', '_', 'x.com', '"', '+'),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const address = pieces.join('');
        const halves = parsePlainAddress(address);
        if (!halves) return;
        expect(`${halves.localPart}@${halves.domain}`).toBe(
          address.slice(0, halves.localPart.length + 1) +
            lowerAscii(address.slice(halves.localPart.length + 1)),
        );
        expect(halves.localPart + halves.domain).not.toContain('@');
        expect(isPlainDomain(halves.domain)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused in time, however hard it tries', () => {
    const hard = `${'a.'.repeat(100_000)}@${'a-'.repeat(100_000)}`;
    const before = performance.now();
    expect(parsePlainAddress(hard)).toBeUndefined();
    expect(isPlainDomain(`${'a-'.repeat(126)}!`)).toBe(false);
    expect(isPlainDomain(`${'a'.repeat(250)}!`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('a domain', () => {
  it.each(['x.com', 'localhost', 'a-b.c1', '1.2'])('is %s', (text) => expect(isPlainDomain(text)).toBe(true));

  it.each([
    '',
    'X.com',
    '.x.com',
    'x.com.',
    '*.x.com',
    '@x.com',
    'x..com',
    'b\u00fccher.de',
    'a b',
    `${'x'.repeat(255)}`,
  ])('is not %j', (text) => expect(isPlainDomain(text)).toBe(false));
});

it('lowers the letters of ASCII and no other character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      const lower = lowerAscii(text);
      expect(lower).not.toMatch(/[A-Z]/);
      expect(lower.replace(/[a-z]/g, '')).toBe(text.replace(/[a-zA-Z]/g, ''));
      expect(lowerAscii(lower)).toBe(lower);
    }),
    { numRuns: 1000 },
  );
  expect(lowerAscii('\u212a\u0130\u00c9A')).toBe('\u212a\u0130\u00c9a');
});

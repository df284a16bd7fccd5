import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import type { Raw, ValueType } from './row.ts';
import {
  addressRange,
  baseUrl,
  hostName,
  listOf,
  oneOf,
  onOff,
  text,
  webUrl,
  wholeNumber,
} from './value-types.ts';

const context = { folder: '/work', files: memoryFiles() };
const RUNS = { numRuns: 1000 };

function read<T>(type: ValueType<T>, raw: Raw): T | 'refused' {
  const reading = type.read(raw, context);
  return 'fault' in reading ? 'refused' : reading.value;
}

const raws: fc.Arbitrary<Raw> = fc.letrec<{ raw: Raw }>((tie) => ({
  raw: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(tie('raw'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie('raw'), { maxKeys: 4 }),
  ),
})).raw;

describe('every type', () => {
  const types: Record<string, ValueType<unknown>> = {
    addressRange,
    baseUrl,
    hostName,
    onOff,
    text: text(),
    url: webUrl(),
    number: wholeNumber({ min: 0, max: 9 }),
    choice: oneOf('a', 'b'),
    list: listOf(hostName),
  };

  it.each(Object.entries(types))('%s reads or refuses anything, and never throws or quotes', (_, type) => {
    fc.assert(
      fc.property(raws, (raw) => {
        const reading = type.read(raw, context);
        if (!('fault' in reading)) return;
        expect(reading.remedy).not.toBe('');
        if (typeof raw === 'string' && raw.length > 12) expect(reading.fault).not.toContain(raw);
      }),
      RUNS,
    );
  });
});

describe('wholeNumber', () => {
  it('reads exactly the numbers of its range', () => {
    const type = wholeNumber({ min: 10, max: 5000 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (n) => {
        expect(read(type, String(n))).toBe(n >= 10 && n <= 5000 ? n : 'refused');
      }),
      RUNS,
    );
  });

  it.each(['', ' 1', '1 ', '+1', '-1', '1.0', '1e3', '0x10', '1_000', '9'.repeat(16), '１'])(
    'refuses %j',
    (raw) => {
      expect(read(wholeNumber({ min: 0, max: 10_000 }), raw)).toBe('refused');
    },
  );
});

describe('onOff', () => {
  it.each([
    ['on', true],
    ['off', false],
    ['true', true],
    ['false', false],
    ['yes', true],
    ['no', false],
  ])('reads %s', (raw, value) => {
    expect(read(onOff, raw)).toBe(value);
  });

  it.each(['On', '1', '0', '', 'toString', '__proto__'])('refuses %j', (raw) => {
    expect(read(onOff, raw)).toBe('refused');
  });
});

describe('webUrl', () => {
  it.each(['https://a.example/x?y=1', 'http://localhost:8000', 'http://127.0.0.1', 'http://[::1]:9/'])(
    'reads %s as it is written',
    (raw) => {
      expect(read(webUrl(), raw)).toBe(raw);
    },
  );

  it.each([
    'http://a.example',
    'http://127.0.0.1.example.com',
    'https:///x',
    'https:a',
    'ftp://a.example',
    'https://u:p@a.example',
    'https://a.example/#x',
    'https://a.example/ x',
    'javascript:alert(1)',
    'https:\\\\a.example',
  ])('refuses %s', (raw) => {
    expect(read(webUrl(), raw)).toBe('refused');
  });

  it('accepts plain http anywhere only where that was asked for', () => {
    expect(read(webUrl('anywhere'), 'http://keycloak:8080/x')).toBe('http://keycloak:8080/x');
  });
});

describe('baseUrl', () => {
  it.each([
    ['https://A.Example/', 'https://a.example'],
    ['https://a.example:443/base/', 'https://a.example/base'],
    ['http://localhost:8000', 'http://localhost:8000'],
  ])('%s is %s', (raw, value) => {
    expect(read(baseUrl, raw)).toBe(value);
  });

  it.each(['https://a.example/?x', 'https://a.example//b', 'https://a.example/a%2fb', 'http://a.example'])(
    'refuses %s',
    (raw) => {
      expect(read(baseUrl, raw)).toBe('refused');
    },
  );

  it('is read again as the same', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https'] }), (url) => {
        const once = read(baseUrl, url);
        if (once !== 'refused') expect(read(baseUrl, once)).toBe(once);
      }),
      RUNS,
    );
  });
});

describe('hostName and addressRange', () => {
  it.each(['127.0.0.1', '::', '::1', '0.0.0.0', 'localhost', 'a-b.example.com'])('%s is a host', (raw) => {
    expect(read(hostName, raw)).toBe(raw);
  });

  it.each(['', 'a b', 'http://a', 'a:80', '-a', 'a/b'])('%j is no host', (raw) => {
    expect(read(hostName, raw)).toBe('refused');
  });

  it.each(['10.0.0.0/8', '192.0.2.7', '::1', 'fd00::/8'])('%s is a range', (raw) => {
    expect(read(addressRange, raw)).toBe(raw);
  });

  it.each(['10.0.0.0/33', '10.0.0', '1', '0x7f000001', 'example.com', '', '*'])('%j is no range', (raw) => {
    expect(read(addressRange, raw)).toBe('refused');
  });
});

describe('listOf', () => {
  const type = listOf(text({ pattern: /^[a-z]+$/ }), { max: 3 });

  it.each([
    ['a, b,c', ['a', 'b', 'c']],
    ['["a", "b"]', ['a', 'b']],
    ['[a, b]', ['a', 'b']],
    ['a', ['a']],
    ['', []],
  ])('%j is a list', (raw, value) => {
    expect(read(type, raw)).toEqual(value);
  });

  it('says which item is wrong', () => {
    expect(type.read(['a', 'B'], context)).toMatchObject({ fault: expect.stringContaining('number 2') });
  });

  it.each([['a,b,c,d'], ['[a'], ['{a: b}']])('refuses %j', (raw) => {
    expect(read(type, raw)).toBe('refused');
  });
});

describe('text of a form', () => {
  const name = text({ says: 'value without spaces', pattern: /^[a-z]+$/ });

  it('says of a space that it is one, and of all else what was expected', () => {
    expect(name.read('a b', { folder: '/', files: memoryFiles() })).toMatchObject({
      fault: 'has a space or a line end in it',
    });
    expect(name.read('A', { folder: '/', files: memoryFiles() })).toMatchObject({
      fault: 'is not value without spaces',
    });
  });
});

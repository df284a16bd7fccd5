import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { parseBasicCredentials } from './basic-credentials.ts';

const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text as string).toString('base64')}`;
const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

describe('parseBasicCredentials', () => {
  it.each([
    ['id:secret', { clientId: 'id', clientSecret: 'secret' }],
    ['id:', { clientId: 'id', clientSecret: '' }],
    ['id:a:b', { clientId: 'id', clientSecret: 'a:b' }],
    ['https%3A%2F%2Fh%2Fc:p%2Bw+d', { clientId: 'https://h/c', clientSecret: 'p+w d' }],
    [':secret', 'authorization-header.malformed'],
    ['id', 'authorization-header.malformed'],
    ['i%0ad:x', 'authorization-header.malformed'],
    ['i%d:x', 'request.encoding'],
  ])('%j', (text, expected) => expect(outcome(() => parseBasicCredentials(basic(text)))).toEqual(expected));

  it.each([
    'Basic',
    'Basic !',
    'Basic a b',
    'basic =',
    basic(new Uint8Array([0xff, 0x3a])),
    'Basic aWQ6c2VjcmV0\u0000',
    'Basic aWR=',
  ])('refuses %j', (header) =>
    expect(outcome(() => parseBasicCredentials(header))).toBe('authorization-header.malformed'),
  );

  it.each([null, undefined, '', 'Bearer abc', 'Basically x'])('leaves %j to others', (header) =>
    expect(parseBasicCredentials(header)).toBeUndefined(),
  );

  it('reads back any client id and secret', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((t) => !/\p{Cc}/u.test(t));
    fc.assert(
      fc.property(
        text.filter((t) => t !== ''),
        text,
        (clientId, clientSecret) => {
          const header = basic(`${encode(clientId)}:${encode(clientSecret)}`);
          expect(parseBasicCredentials(header)).toEqual({ clientId, clientSecret });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('gives credentials, nothing, or a refusal, for any header', () => {
    const headers = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String().map((t) => `Basic ${t}`),
      fc.string().map(basic),
    );
    fc.assert(
      fc.property(headers, (header) => {
        const seen = outcome(() => parseBasicCredentials(header));
        if (typeof seen === 'string')
          expect(seen).toMatch(/^(authorization-header\.malformed|request\.encoding)$/);
        else if (seen) expect(seen.clientId).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

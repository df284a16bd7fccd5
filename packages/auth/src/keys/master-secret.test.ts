import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { systemRandom } from '../core/random.ts';
import { newMasterSecretText, parseMasterSecret } from './master-secret.ts';

const origin = { setting: 'PORTCULLIS_MASTER_SECRET', source: 'environment' };
const parse = (text: string): Uint8Array => parseMasterSecret(text, origin).bytes;
const random = (length: number): Buffer => Buffer.from(systemRandom.bytes(length));

describe('a master secret', { timeout: 30_000 }, () => {
  it('is read from hex, base64 and base64url alike', () => {
    const bytes = random(32);
    for (const text of [
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      ` ${bytes.toString('hex')}\n`,
    ]) {
      expect(Buffer.from(parse(text))).toEqual(bytes);
    }
    const long = Buffer.from('kSx0YvV2o1mVYyq3m9u8WzQe7cT5bN4aJ6hGfRdE2pLtXw', 'base64url');
    for (const text of [long.toString('base64'), long.toString('base64url')]) {
      expect(Buffer.from(parse(text))).toEqual(long);
    }
  });

  it('is made in a form that it is read from', () => {
    expect(parse(newMasterSecretText(systemRandom))).toHaveLength(32);
  });

  it('may be longer than 32 bytes', () => {
    const bytes = random(64);
    expect(Buffer.from(parse(bytes.toString('hex')))).toEqual(bytes);
  });

  it('may be a passphrase, stretched in the same way everywhere', () => {
    const words = 'plinth gazette umbral cobbler vexing tundra';
    expect(parse(words)).toHaveLength(32);
    expect(parse(words)).toEqual(parse(`${words} `));
    expect(parse(words)).not.toEqual(parse(`${words}x`));
  });

  it('is not what is short, usual, repeated or a sequence', () => {
    const weak = [
      '',
      '   ',
      'secret',
      'changeme-changeme-changeme-changeme-changeme',
      'correct horse battery staple',
      'the quick brown fox jumps over the lazy dog',
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz',
      '0'.repeat(64),
      '0123456789abcdef'.repeat(4),
      'deadbeef'.repeat(8),
      'A'.repeat(44),
      'Password123!Password123!Password123!',
      'portcullis-production-signing-secret',
      'x'.repeat(5000),
    ];
    for (const text of weak) expect(() => parse(text), text).toThrow(OperatorError);
  });

  it('is named in the message by its setting, and never shown', () => {
    try {
      parse('secret-of-mine');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        problems: [{ ...origin, remedy: expect.stringContaining('openssl rand') }],
      });
      expect(String(error)).not.toContain('secret-of-mine');
    }
  });

  it('as words without a space goes the way of a passphrase, not of base64', () => {
    const words = 'plinthgazetteumbralcobblervexingtundraorchid';
    expect(words).toHaveLength(44);
    expect(Buffer.from(parse(words))).not.toEqual(Buffer.from(words, 'base64url'));
  });

  it('is none when it is short, and no message shows it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), (text) => {
        let refusal: unknown;
        try {
          parse(text);
        } catch (error) {
          refusal = error;
        }
        expect(refusal).toBeInstanceOf(OperatorError);
      }),
      { numRuns: 1000 },
    );
  });

  it('is its bytes to the letter when they are random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 80 }), (bytes) => {
        fc.pre(new Set(bytes).size >= 16);
        expect(Buffer.from(parse(Buffer.from(bytes).toString('hex')))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

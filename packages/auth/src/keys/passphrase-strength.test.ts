import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../core/random.ts';
import { estimatePassphraseBits } from './passphrase-strength.ts';

const random = (length: number): Buffer => Buffer.from(systemRandom.bytes(length));

describe('the strength of a passphrase', () => {
  it('is never worth more than its characters, nor less than nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const bits = estimatePassphraseBits(text);
        return bits >= 0 && bits <= text.normalize('NFKC').toLowerCase().length * 4 + 40;
      }),
      { numRuns: 1000 },
    );
  });

  it('does not grow by saying the same again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 30 }), (text) => {
        const once = estimatePassphraseBits(text);
        // Where the two meet there may be something new; the second itself adds nothing.
        return estimatePassphraseBits(text + text) <= once + 16;
      }),
      { numRuns: 1000 },
    );
  });

  it('of 32 random characters is enough, and so are six random words; four are not', () => {
    for (let run = 0; run < 1000; run += 1) {
      expect(estimatePassphraseBits(random(24).toString('base64url'))).toBeGreaterThan(60);
    }
    for (const words of [
      'plinth gazette umbral cobbler',
      'window orange summer garden',
      'Blue-House-Table-River',
    ]) {
      expect(estimatePassphraseBits(words)).toBeLessThan(60);
      expect(estimatePassphraseBits(`${words} vexing tundra quartz`)).toBeGreaterThan(60);
    }
  });
});

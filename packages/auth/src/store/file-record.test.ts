import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFile, encodeRecordFile, encodeTombstoneFile } from './file-record.ts';

const record = fc.record({
  key: fc.string({ unit: 'grapheme' }),
  id: fc.string(),
  writtenAt: fc.maxSafeNat(),
  expiresAt: fc.maxSafeNat(),
  index: fc.option(fc.dictionary(fc.constantFrom('person', 'client'), fc.string()), { nil: undefined }),
  bytes: fc.uint8Array({ maxLength: 200 }),
});

describe('the file of a version', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(record, (written) => {
        const read = decodeFile(encodeRecordFile(written));
        if (read?.state !== 'record') return false;
        expect({ ...read, bytes: Buffer.from(read.bytes) }).toEqual({
          state: 'record',
          ...written,
          bytes: Buffer.from(written.bytes),
        });
        return true;
      }),
      { numRuns: 1000 },
    );
    expect(decodeFile(encodeTombstoneFile(42))).toEqual({ state: 'tombstone', writtenAt: 42 });
  });

  it('is damaged when it is cut, longer, or something else', () => {
    fc.assert(
      fc.property(record, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 5 }), (written, cut, more) => {
        const file = encodeRecordFile(written);
        expect(decodeFile(file.subarray(0, cut % file.length))).toBeUndefined();
        expect(decodeFile(Buffer.concat([file, more]))).toBeUndefined();
        expect(decodeFile(more)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

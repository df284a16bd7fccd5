import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDecoded, readLimited } from './limited-body.ts';

const stream = (...chunks: readonly Uint8Array[]) => Readable.from(chunks, { objectMode: false });

/** Counts how many chunks were taken out of it. */
function counted(chunk: Uint8Array) {
  const taken = { chunks: 0, closed: false };
  async function* source() {
    try {
      for (;;) {
        taken.chunks += 1;
        yield chunk;
      }
    } finally {
      taken.closed = true;
    }
  }
  return { taken, source: source() };
}

describe('a body with a limit', () => {
  it('comes whole, however it is cut into chunks, up to the last byte allowed', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 0, max: 120 }), async (parts, limit) => {
        const whole = Buffer.concat(parts);
        async function* source() {
          yield* parts;
        }
        const reading = readLimited(source(), limit);
        if (whole.length > limit) await expect(reading).rejects.toMatchObject({ kind: 'too-large' });
        else expect(Buffer.from(await reading)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it('is read no further than the first byte too many, and closed', async () => {
    const { taken, source } = counted(new Uint8Array(10));
    await expect(readLimited(source, 25)).rejects.toMatchObject({
      kind: 'too-large',
      message: 'The answer is longer than 25 bytes.',
    });
    expect(taken).toEqual({ chunks: 3, closed: true });
  });

  it('that breaks off is no short body', async () => {
    async function* broken() {
      yield new Uint8Array(3);
      throw new Error('ECONNRESET');
    }
    await expect(readLimited(broken(), 100)).rejects.toThrow('ECONNRESET');
  });
});

describe('a packed body', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('%s is unpacked, and what comes out is counted', async (coding, pack) => {
    const text = 'text '.repeat(1000);
    const packed = pack(text);
    expect(packed.length).toBeLessThan(500);
    expect(Buffer.from(await readDecoded(stream(packed), coding, 5000)).toString()).toBe(text);
    await expect(readDecoded(stream(packed), coding, 4999)).rejects.toMatchObject({ kind: 'too-large' });
  });

  it.each(['zstd', 'identity', '', 'gzip, gzip', 'constructor', '__proto__', 'x'.repeat(500)])(
    '%j is not unpacked at all',
    async (coding) => {
      const error = await readDecoded(stream(gzipSync('x')), coding, 100).catch((fault: unknown) => fault);
      expect(error).toMatchObject({ kind: 'encoding' });
      expect((error as Error).message.length).toBeLessThan(100);
    },
  );

  it.each([
    ['is something else', Buffer.from('this is no gzip')],
    ['is cut', gzipSync('x'.repeat(1000)).subarray(0, 15)],
  ])('that %s fails where it is read', async (_what, bytes) => {
    await expect(readDecoded(stream(bytes), 'gzip', 10_000)).rejects.toThrow();
  });

  it('of which the source breaks fails where it is read', async () => {
    const packed = gzipSync('x'.repeat(1000));
    async function* broken() {
      yield packed.subarray(0, 12);
      throw new Error('ECONNRESET');
    }
    await expect(readDecoded(Readable.from(broken()), 'gzip', 10_000)).rejects.toThrow('ECONNRESET');
  });

  it('that unpacks without end is stopped soon after the limit, and its source is let go', async () => {
    const bomb = stream(gzipSync(Buffer.alloc(20_000_000)));
    await expect(readDecoded(bomb, 'gzip', 1000)).rejects.toMatchObject({ kind: 'too-large' });
    expect(bomb.destroyed).toBe(true);
  });
});

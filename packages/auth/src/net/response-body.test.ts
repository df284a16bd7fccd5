import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { readLimitedResponse } from './response-body.ts';

/** An answer in chunks; says when it was cancelled. */
function inChunks(chunks: Iterable<Uint8Array>) {
  const seen = { taken: 0, cancelled: false };
  const iterator = chunks[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = iterator.next();
        if (done) return controller.close();
        seen.taken += 1;
        controller.enqueue(value);
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, response: new Response(body) };
}

describe('the text of an answer', () => {
  it('is empty without a body', async () => {
    expect(await readLimitedResponse(new Response(null), 0)).toEqual({ text: '' });
    expect(await readLimitedResponse(new Response(''), 0)).toEqual({ text: '' });
  });

  it('comes whole, wherever it was cut, also inside a character', async () => {
    const cut = fc.tuple(
      fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.startsWith('\ufeff')),
      fc.array(fc.nat(80), { maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(cut, fc.nat(60), async ([text, places], limit) => {
        const bytes = utf8(text);
        const edges = [
          0,
          ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        const chunks = edges
          .slice(1)
          .map((end, index) => bytes.slice(edges[index], end))
          .filter((chunk) => chunk.length > 0);
        const { response } = inChunks(chunks);
        expect(await readLimitedResponse(response, limit)).toEqual(
          bytes.length > limit ? 'too-large' : { text },
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is left alone from the first byte too many', async () => {
    function* endless() {
      for (;;) yield new Uint8Array(10).fill(32);
    }
    const { response, seen } = inChunks(endless());
    expect(await readLimitedResponse(response, 25)).toBe('too-large');
    expect(seen).toEqual({ taken: 3, cancelled: true });
  });

  it.each([[[0xff]], [[0xc3]], [[0x22, 0xed, 0xa0, 0x80, 0x22]], [[0xc0, 0x80]]])(
    'is none when the bytes %j are not UTF-8',
    async (bytes) => {
      expect(await readLimitedResponse(inChunks([new Uint8Array(bytes)]).response, 100)).toBe('not-utf8');
    },
  );

  it('breaks when the answer breaks', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull() {
        throw new Error('ECONNRESET');
      },
    });
    await expect(readLimitedResponse(new Response(body), 100)).rejects.toThrow('ECONNRESET');
  });
});

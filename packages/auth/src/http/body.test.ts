import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { DEFAULT_BODY_LIMITS, readBody } from './body.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (body: BodyInit | null, headers: Record<string, string> = FORM) =>
  new Request('https://mcp.example.com/token', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit);

async function reasonOf(request: Request, limits = DEFAULT_BODY_LIMITS): Promise<string> {
  try {
    return `read: ${await readBody(request, 'form', limits)}`;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const stream = (...chunks: Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

describe('the body of a request', () => {
  it('is of the media type that was asked for, parameters and case aside', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/X-WWW-form-urlencoded; charset=utf-8',
      ' application/x-www-form-urlencoded ;',
    ])
      expect(await reasonOf(post('a=b', { 'content-type': type }))).toBe('read: a=b');
    for (const type of [
      'application/json',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencodedx',
      '',
    ]) {
      expect(await reasonOf(post('a=b', { 'content-type': type }))).toBe('request.media-type');
    }
  });

  it('[G8] is bounded: by what it says of itself, and by what really comes', async () => {
    const limits = { ...DEFAULT_BODY_LIMITS, maxBodyBytes: 100 };
    expect(await reasonOf(post('a'.repeat(100)), limits)).toMatch(/^read/);
    expect(await reasonOf(post('a'.repeat(101)), limits)).toBe('request.too-large');
    expect(await reasonOf(post('a', { ...FORM, 'content-length': '101' }), limits)).toBe('request.too-large');
    expect(
      await reasonOf(
        post(stream(new Uint8Array(60), new Uint8Array(60)), { ...FORM, 'content-length': '1' }),
        limits,
      ),
    ).toBe('request.too-large');
  });

  it('is UTF-8 without another encoding around it', async () => {
    expect(await reasonOf(post(new Uint8Array([0xff, 0xfe])))).toBe('request.encoding');
    expect(await reasonOf(post(new Uint8Array([0xc0, 0x80])))).toBe('request.encoding');
    for (const encoding of ['gzip', 'br', 'deflate, gzip', 'x'])
      expect(await reasonOf(post('a', { ...FORM, 'content-encoding': encoding }))).toBe('request.encoding');
    expect(await reasonOf(post('a', { ...FORM, 'content-encoding': 'identity' }))).toBe('read: a');
  });

  it('may be absent, and may come in any pieces', async () => {
    expect(await reasonOf(post(null))).toBe('read: ');
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        fc.array(fc.nat(100), { maxLength: 5 }),
        async (text, cuts) => {
          const bytes = new TextEncoder().encode(text);
          const at = [
            0,
            ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
            bytes.length,
          ];
          const chunks = at
            .slice(1)
            .map((end, i) => bytes.slice(at[i], end))
            .filter((chunk) => chunk.length > 0);
          expect(await reasonOf(post(stream(...chunks)))).toBe(`read: ${text.replace(/^\ufeff/, '')}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is malformed when the connection breaks', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('reset'));
      },
    });
    expect(await reasonOf(post(broken))).toBe('request.malformed');
  });

  describe('that does not come', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('[G8] is given up after 10 seconds, however slowly it drips', async () => {
      const reading = reasonOf(
        post(
          new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array([97])) }),
        ),
      );
      await vi.advanceTimersByTimeAsync(9999);
      await vi.advanceTimersByTimeAsync(1);
      expect(await reading).toBe('request.body-timeout');
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});

import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { FetchFault } from './fetch-fault.ts';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Node-only. Reads a stream to its end, or to the first byte too many. */
export async function readLimited(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new FetchFault('too-large', `The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** As `readLimited`, undoing one content coding first; the limit counts what comes out, chunk by chunk. */
export async function readDecoded(
  body: Readable,
  coding: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding]?.() : undefined;
  if (!decoder)
    throw new FetchFault(
      'encoding',
      `The content coding ${coding.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')} is not supported.`,
    );
  // What goes wrong anywhere comes out of the last stream, where it is read.
  const decoded = pipeline(body, decoder, () => {});
  return await readLimited(decoded, maxBytes);
}

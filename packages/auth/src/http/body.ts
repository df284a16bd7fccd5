import { fromUtf8 } from '../core/encoding.ts';
import { Refusal } from '../core/refusal.ts';
import type { BodySource, WebRequest } from '../core/web-request.ts';

const MEDIA_TYPES = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const;

export interface BodyLimits {
  /** Bytes. Default 64 KiB. */
  readonly maxBodyBytes: number;
  /** Milliseconds until the whole body must have arrived. Default 10,000. */
  readonly bodyTimeoutMilliseconds: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = { maxBodyBytes: 65_536, bodyTimeoutMilliseconds: 10_000 };

/** Reads a body of the expected media type within the limits. @throws Refusal `request.*` */
export async function readBody(
  request: WebRequest,
  kind: 'form' | 'json',
  limits: BodyLimits,
): Promise<string> {
  const mediaType = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (mediaType !== MEDIA_TYPES[kind])
    throw new Refusal('request.media-type', { seen: mediaType.slice(0, 80), expected: MEDIA_TYPES[kind] });
  const encoding = request.headers.get('content-encoding');
  if (encoding && encoding !== 'identity')
    throw new Refusal('request.encoding', { seen: encoding.slice(0, 40) });
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limits.maxBodyBytes)
    throw new Refusal('request.too-large', { bytes: declared, limit: limits.maxBodyBytes });
  const bytes = await readBytes(request.body, limits);
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new Refusal('request.encoding', {}, { cause });
  }
}

async function readBytes(source: BodySource | null, limits: BodyLimits): Promise<Uint8Array> {
  if (!source) return new Uint8Array();
  const reader = source.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal('request.body-timeout')), limits.bodyTimeoutMilliseconds);
  });
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      length += value.byteLength;
      if (length > limits.maxBodyBytes)
        throw new Refusal('request.too-large', { limit: limits.maxBodyBytes });
      chunks.push(value);
    }
  } catch (error) {
    // Not awaited: a peer that stalls must not hold the answer back.
    reader.cancel().catch(() => undefined);
    throw error instanceof Refusal ? error : new Refusal('request.malformed', {}, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

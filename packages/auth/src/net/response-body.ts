import { fromUtf8 } from '../core/encoding.ts';

/** The text of an answer, read no further than `maxBytes`: a fetch that was handed in may keep no limits of its own. */
export async function readLimitedResponse(
  response: Response,
  maxBytes: number,
): Promise<{ readonly text: string } | 'too-large' | 'not-utf8'> {
  const reader = response.body?.getReader();
  if (!reader) return { text: '' };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel().catch(() => {});
      return 'too-large';
    }
    chunks.push(value);
  }
  try {
    return { text: fromUtf8(Buffer.concat(chunks)) };
  } catch {
    return 'not-utf8';
  }
}

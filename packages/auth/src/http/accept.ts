// RFC 9110 §12.5.1: a browser names HTML and prefers it; a program that takes anything gets what programs get.
import { parseAccept } from 'hono/utils/accept';

const MAX_LENGTH = 1000;

/**
 * Would the caller rather have a page than JSON? Only when it likes `text/html` better than `application/json`. Whoever takes an event
 * stream is an MCP client (Streamable HTTP), whatever else it takes.
 */
export function prefersPage(accept: string | null): boolean {
  if (accept === null || accept.length > MAX_LENGTH) return false;
  const ranges = parseAccept(accept).map(({ type, q }) => ({ type: type.toLowerCase(), q }));
  if (ranges.some(({ type, q }) => type === 'text/event-stream' && q > 0)) return false;
  return qualityOf(ranges, 'text/html') > qualityOf(ranges, 'application/json');
}

interface Range {
  readonly type: string;
  readonly q: number;
}

/** The most specific range decides, not the one with the highest quality. */
function qualityOf(ranges: readonly Range[], mediaType: string): number {
  for (const wanted of [mediaType, `${mediaType.split('/')[0]}/*`, '*/*']) {
    const found = ranges.filter(({ type }) => type === wanted);
    if (found.length > 0) return Math.max(...found.map(({ q }) => q));
  }
  return 0;
}

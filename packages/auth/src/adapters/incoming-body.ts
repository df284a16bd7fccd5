// RFC 9112 §9.3: a connection is good for the next request only when the body of this one was read to its end.
import type { IncomingMessage } from 'node:http';
import type { BodySource } from '../core/web-request.ts';

/** What is left of a body after the answer is read and thrown away up to here; beyond, the connection is cut. */
const MAX_DISCARDED_BYTES = 1_048_576;

/** The body, to be read as one. Nothing is read before somebody asks for it, and who stops reading does not cut the connection. */
export function incomingBody(request: IncomingMessage): BodySource {
  return {
    getReader() {
      const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
      return { read: () => chunks.next(), cancel: async () => chunks.return?.() };
    },
  };
}

/** Throws away what nobody read of a body: left lying, it would hold up the next request of the connection. */
export function discardRest(request: IncomingMessage): void {
  let discarded = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Uint8Array) => {
    discarded += chunk.byteLength;
    if (discarded > MAX_DISCARDED_BYTES) request.destroy();
  });
}

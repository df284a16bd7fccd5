import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { PlainResponse } from '../core/passage.ts';

/** With its length said and as text, an answer leaves in one piece; else Node cuts it into chunks. */
export function sendPlain(response: ServerResponse, { status, headers, cookies, body }: PlainResponse): void {
  const out: OutgoingHttpHeaders = { ...headers };
  if (cookies && cookies.length > 0) out['set-cookie'] = [...cookies];
  if (status !== 204 && status !== 304 && response.req.method !== 'HEAD')
    out['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, out).end(body);
}

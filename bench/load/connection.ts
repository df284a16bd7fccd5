import { connect, type Socket } from 'node:net';

/** An answer of a server, as much of it as a browser needs. */
export interface Reply {
  readonly status: number;
  /** Names in lower case; `set-cookie` in `cookies`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
}

export type Send = (
  method: 'GET' | 'POST',
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
) => Promise<Reply>;

/** A connection that stays open, one request after the other: RFC 9112 as far as these servers speak it, and cheaper than they are. */
export function openConnection(port: number, host: string): { readonly send: Send; close(): void } {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true);
  let received = Buffer.alloc(0);
  let waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const parsed = parseReply(received);
    if (!parsed || !waiting) return;
    const { resolve } = waiting;
    waiting = undefined;
    received = received.subarray(parsed.length);
    resolve(parsed.reply);
  });
  return {
    send: (method, target, headers, body = '') =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(requestText(method, target, { host, ...headers }, body));
      }),
    close: () => void socket.destroy(),
  };
}

/** A whole request, as it goes over the wire. */
export function requestText(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const lines = Object.entries({ ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

function parseReply(bytes: Buffer): { readonly reply: Reply; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') cookies.push(value);
    else headers[name] = value;
  }
  const start = end + 4;
  const status = Number(first.slice(9, 12));
  const body =
    headers['transfer-encoding'] === 'chunked'
      ? chunkedBody(bytes, start)
      : plainBody(bytes, start, Number(headers['content-length'] ?? 0));
  return body && { reply: { status, headers, cookies, body: body.text }, length: body.end };
}

interface Body {
  readonly text: string;
  readonly end: number;
}

function plainBody(bytes: Buffer, start: number, length: number): Body | undefined {
  const end = start + length;
  return bytes.length < end ? undefined : { text: bytes.toString('utf8', start, end), end };
}

function chunkedBody(bytes: Buffer, start: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { text: Buffer.concat(parts).toString('utf8'), end: next };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}

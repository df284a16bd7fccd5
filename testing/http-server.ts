import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request as a stand-in saw it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The body as a form; a JSON object is read into it too, as strings. */
  readonly form: URLSearchParams;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  /** What the `{name}` places of the route's template matched. */
  readonly parts: Readonly<Record<string, string>>;
}

/** An object is sent as JSON, a text as it is. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type Handler = (asked: Asked) => Answer | Promise<Answer>;

export interface Route {
  readonly method: string;
  /** A path; `{name}` stands for one segment. */
  readonly path: string;
  readonly handle: Handler;
}

export interface LocalServer {
  readonly origin: string;
  readonly requests: readonly Asked[];
  /** Answers every request to a path in place of its route, until it is taken back with `undefined`. */
  answerInstead(path: string, handle: Handler | undefined): void;
  close(): Promise<void>;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const MAX_BODY_BYTES = 256 * 1024;

/** A small server on a free loopback port that keeps what it was asked. `onError` turns what a handler throws into an answer. */
export async function startServer(
  routes: readonly Route[],
  onError: (error: unknown, asked: Asked) => Answer,
  certificate?: Certificate,
): Promise<LocalServer> {
  const compiled = routes.map((route) => ({ ...route, pattern: compile(route.path) }));
  const instead = new Map<string, Handler>();
  const requests: Asked[] = [];

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const here = compiled.filter((route) => route.pattern.test(url.pathname));
    const route = here.find(({ method }) => method === request.method);
    const parts = route?.pattern.exec(url.pathname)?.groups ?? {};
    const body = await read(request);
    const asked: Asked = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      form: formOf(body, request.headers['content-type']),
      body,
      headers: request.headers,
      parts: Object.fromEntries(
        Object.entries(parts).map(([name, value]) => [name, decodeURIComponent(value)]),
      ),
    };
    requests.push(asked);
    const handle = instead.get(url.pathname) ?? route?.handle;
    if (!handle) return { status: here.length > 0 ? 405 : 404, body: '' };
    try {
      return await handle(asked);
    } catch (error) {
      return onError(error, asked);
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(request).then(
      (result) => send(response, result),
      (error: unknown) => send(response, { status: 500, body: `the stand-in failed: ${String(error)}` }),
    );
  };
  const server = certificate ? https.createServer(certificate, listener) : http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    answerInstead(path, handle) {
      if (handle) instead.set(path, handle);
      else instead.delete(path);
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function compile(path: string): RegExp {
  const source = path
    .split(/(\{\w+\})/)
    .map((piece) =>
      /^\{\w+\}$/.test(piece)
        ? `(?<${piece.slice(1, -1)}>[^/]+)`
        : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('a body too large for a stand-in');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function formOf(body: string, contentType = ''): URLSearchParams {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams(body);
  if (!contentType.startsWith('application/json') || body === '') return new URLSearchParams();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON after all: then there are no parameters, and the handler refuses for what it misses.
    return new URLSearchParams();
  }
  if (typeof parsed !== 'object' || parsed === null) return new URLSearchParams();
  return new URLSearchParams(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const contentType =
    typeof body === 'object' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
  response.writeHead(status, { 'cache-control': 'no-store', 'content-type': contentType, ...headers });
  response.end(text);
}

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong at a path until it is mended. */
export type Fault =
  | { readonly kind: 'delay'; readonly seconds: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection ends without an answer. */
  | { readonly kind: 'drop' }
  /** The request is passed on, and its answer is lost. */
  | { readonly kind: 'lose-answer' };

export const FAULTS = {
  serverError: { kind: 'answer', status: 500, body: 'Internal Server Error', contentType: 'text/plain' },
  tooMany: {
    kind: 'answer',
    status: 429,
    body: '{"error":"slow_down"}',
    contentType: 'application/json',
    headers: { 'retry-after': '7' },
  },
  html: { kind: 'answer', status: 200, body: '<html>Please log in</html>', contentType: 'text/html' },
  invalidClient: {
    kind: 'answer',
    status: 401,
    body: '{"error":"invalid_client"}',
    contentType: 'application/json',
    headers: { 'www-authenticate': 'Basic realm="idp"' },
  },
  invalidGrant: {
    kind: 'answer',
    status: 400,
    body: '{"error":"invalid_grant"}',
    contentType: 'application/json',
  },
  drop: { kind: 'drop' },
  loseAnswer: { kind: 'lose-answer' },
} as const satisfies Record<string, Fault>;

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  /** The fields of a form body; empty for every other body. */
  readonly form: URLSearchParams;
}

export interface FaultyProxy {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Every request that arrived, passed on or not. */
  readonly requests: readonly RecordedRequest[];
  /** From now on requests to `path` go wrong; `times` many (default: all). The newest fault of a path counts. */
  fail(path: string, fault: Fault, times?: number): void;
  mend(): void;
  passTo(target: http.RequestListener): void;
  close(): Promise<void>;
}

/** A server that stands in front of another one in the same process and can make it look broken. */
export async function startFaultyProxy(port = 0): Promise<FaultyProxy> {
  const inner = http.createServer();
  const faults = new Map<string, { readonly fault: Fault; left: number }>();
  const requests: RecordedRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const outer = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://proxy');
      requests.push({
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        headers: request.headers,
        form: formOf(request, body),
      });
      const entry = faults.get(pathname);
      const fault = entry && entry.left > 0 ? entry.fault : undefined;
      if (entry) entry.left -= 1;
      if (!fault) return pass(request, response, body);
      if (fault.kind === 'drop') return void request.socket.destroy();
      if (fault.kind === 'lose-answer') return pass(request, response, body, true);
      if (fault.kind === 'delay') {
        timers.add(setTimeout(() => pass(request, response, body), fault.seconds * 1000));
        return;
      }
      response.writeHead(fault.status, {
        'content-type': fault.contentType ?? 'text/plain',
        ...fault.headers,
      });
      response.end(fault.body);
    });
  });

  function pass(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    body: Buffer,
    lose = false,
  ): void {
    const { port: innerPort } = inner.address() as AddressInfo;
    const onward = http.request(
      {
        host: '127.0.0.1',
        port: innerPort,
        method: request.method,
        path: request.url,
        headers: request.headers,
      },
      (answer) => {
        if (lose) {
          answer.resume();
          answer.on('end', () => request.socket.destroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on('error', () => request.socket.destroy());
    onward.end(body);
  }

  outer.listen(port, '127.0.0.1');
  inner.listen(0, '127.0.0.1');
  await Promise.all([once(outer, 'listening'), once(inner, 'listening')]);
  return {
    url: `http://127.0.0.1:${(outer.address() as AddressInfo).port}`,
    requests,
    fail: (path, fault, times = Number.POSITIVE_INFINITY) => void faults.set(path, { fault, left: times }),
    mend: () => faults.clear(),
    passTo: (target) => void inner.removeAllListeners('request').on('request', target),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const server of [outer, inner]) {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }
    },
  };
}

function formOf(request: http.IncomingMessage, body: Buffer): URLSearchParams {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? body.toString('utf8') : '');
}

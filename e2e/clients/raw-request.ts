import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeader, request } from 'node:http';

export interface RawRequest {
  readonly port: number;
  readonly method?: string;
  readonly path: string;
  /** A list of values is sent as so many lines. `host` replaces the usual one. */
  readonly headers?: Readonly<Record<string, OutgoingHttpHeader>>;
  readonly body?: string;
  readonly agent?: Agent;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Did it go over a connection that was used before? */
  readonly reused: boolean;
}

/** One HTTP request, without the rules that `fetch` has for headers and paths. */
export function rawRequest({
  port,
  method = 'GET',
  path,
  headers,
  body,
  agent,
}: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString('utf8'),
          reused: sent.reusedSocket,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

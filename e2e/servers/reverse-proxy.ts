import { createServer, request, type Server } from 'node:http';
import { afterAll } from 'vitest';
import type { BrowserFetch } from '../clients/scripted-browser.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) server.close();
});

export interface ReverseProxyOptions {
  /** Port of the program behind it; looked at with every request, since the program may start later. */
  readonly target: () => number;
  /** Taken away from the front of every path. A request without it is 404. Default: none. */
  readonly stripPath?: string;
  /** Headers for the program, in place of what came. Default: `Host` stays as it came, and nothing is added. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReverseProxy {
  readonly port: number;
  /** Paths as they came. */
  readonly seen: readonly string[];
}

/** A reverse proxy of the plainest kind. */
export async function startReverseProxy(options: ReverseProxyOptions): Promise<ReverseProxy> {
  const { stripPath = '' } = options;
  const seen: string[] = [];
  const server = createServer((incoming, answer) => {
    const { url: path = '/', method, headers } = incoming;
    seen.push(path);
    if (!path.startsWith(stripPath)) return void answer.writeHead(404).end('not behind this proxy\n');
    const forward = request({
      host: '127.0.0.1',
      port: options.target(),
      method,
      path: path.slice(stripPath.length) || '/',
      headers: { ...headers, ...options.headers },
    });
    forward.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    forward.on('error', () => answer.writeHead(502).end());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { port: (server.address() as { port: number }).port, seen };
}

/** A `fetch` for which a public origin is this port of the own machine, as DNS and TLS would make it. */
export function fetchThrough(publicUrl: string, port: number): BrowserFetch {
  const { origin } = new URL(publicUrl);
  return (url, init) =>
    fetch(url.startsWith(`${origin}/`) ? `http://127.0.0.1:${port}${url.slice(origin.length)}` : url, init);
}

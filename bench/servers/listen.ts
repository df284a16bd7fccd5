import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port, and answers with what `listener` makes for it. */
export async function listen(
  listenerAt: (port: number) => RequestListener | Promise<RequestListener>,
): Promise<number> {
  const server = createServer({ keepAliveTimeout: 60_000 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('request', await listenerAt(port));
  return port;
}

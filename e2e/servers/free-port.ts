import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, so that none of those takes it while a server is started again. */
const [FIRST, BEHIND] = [20_000, 32_000];
const MAX_TRIES = 50;

/** A TCP port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const port = randomInt(FIRST, BEHIND);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${FIRST} and ${BEHIND} is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

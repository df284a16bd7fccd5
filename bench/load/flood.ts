import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const ANSWER = 'HTTP/1.1 ';
const GOOD = `${ANSWER}200 `;

export interface FloodOptions {
  readonly port: number;
  /** The whole request, as it goes over the wire. */
  readonly request: string;
  readonly connections: number;
  readonly seconds: number;
}

/**
 * Sends one request over and over, on connections that stay open, the next when the last was answered. Counts good answers by their first
 * line; anything else is an error. The time begins when all connections are open, and ends with the last answer.
 */
export async function flood(
  options: FloodOptions,
): Promise<{ readonly done: number; readonly seconds: number }> {
  const request = Buffer.from(options.request, 'latin1');
  const sockets = await Promise.all(
    Array.from({ length: options.connections }, () => connected(options.port)),
  );
  const start = performance.now();
  const end = start + options.seconds * 1000;
  const done = await Promise.all(sockets.map((socket) => repeat(socket, request, end)));
  return { done: done.reduce((sum, each) => sum + each, 0), seconds: (performance.now() - start) / 1000 };
}

export async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

async function repeat(socket: Socket, request: Buffer, end: number): Promise<number> {
  let done = 0;
  await sendOver(
    socket,
    () => request,
    () => {
      done += 1;
      return performance.now() < end;
    },
  );
  return done;
}

/** Sends what `next` makes, and again after each good answer for as long as `goesOn` says so; then closes the connection. */
export function sendOver(socket: Socket, next: () => Buffer, goesOn: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    // The end of the chunk before, when the line began there.
    let tail = '';
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      const text = tail + chunk.toString('latin1');
      const at = text.indexOf(ANSWER);
      tail = at < 0 ? text.slice(-ANSWER.length) : text.length < at + GOOD.length ? text.slice(at) : '';
      if (at < 0 || tail !== '') return;
      if (!text.startsWith(GOOD, at)) return reject(new Error(`refused: ${text.slice(at, at + 600)}`));
      try {
        if (goesOn()) return void socket.write(next());
      } catch (error) {
        return reject(error as Error);
      }
      resolve();
      socket.destroy();
    });
    socket.write(next());
  });
}

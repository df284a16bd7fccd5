// PostgreSQL 55.2.9: a request to cancel goes over a connection of its own, with the process id and the secret of the other.
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;
/** Nobody waits for it, and nothing depends on it: the connection it is about is gone from here either way. */
const PATIENCE_MS = 5000;

export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | false;
  readonly processId: number;
  readonly secretKey: number;
}

/** Asks the server to stop what a connection is doing. Only for a connection that is never used again, so that it hits nobody else. */
export function cancelStatement({ host, port, tls, processId, secretKey }: CancelTarget): void {
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.unref();
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const request = message(CANCEL_REQUEST, processId, secretKey);
  if (!tls) {
    socket.once('connect', () => socket.end(request));
    return;
  }
  socket.once('connect', () => socket.write(message(SSL_REQUEST)));
  socket.once('data', (answer) => {
    if (answer.toString('latin1') === 'S') sendEncrypted(socket, host, tls, request);
    else socket.destroy();
  });
}

function sendEncrypted(socket: Socket, host: string, tls: ConnectionOptions, request: Buffer): void {
  const secure = connectTls({ ...tls, socket, host });
  secure.on('error', () => socket.destroy());
  secure.once('secureConnect', () => secure.end(request));
}

function message(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes.writeInt32BE(bytes.length, 0);
  for (const [i, word] of words.entries()) bytes.writeInt32BE(word, 4 + 4 * i);
  return bytes;
}

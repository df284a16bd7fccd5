import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cancelStatement } from './postgres-cancel.ts';

const CANCEL = '00000010' + '04d2162e' + '00000007' + 'fffffffe';
const SSL = '00000008' + '04d2162f';
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers the first message so; what it was sent, once the client is done. */
async function listening(answer: string | undefined, path?: string) {
  let told = (_hex: string) => {};
  const received = new Promise<string>((resolve) => {
    told = resolve;
  });
  const server: Server = createServer((socket: Socket) => {
    const chunks: Buffer[] = [];
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length > 1) socket.destroy();
      else if (answer !== undefined) socket.write(answer);
    });
    socket.on('close', () => told(Buffer.concat(chunks).toString('hex')));
  });
  if (path === undefined) server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  closing.push(() => server.close());
  const address = server.address();
  return { received, port: typeof address === 'string' ? 0 : (address as AddressInfo).port };
}

const target = { host: '127.0.0.1', tls: false, processId: 7, secretKey: -2 } as const;

describe('a request to cancel', () => {
  it('is the process and its secret, and nothing else', async () => {
    const { port, received } = await listening(undefined);
    cancelStatement({ ...target, port });
    expect(await received).toBe(CANCEL);
  });

  it('goes through a socket of the file system too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cancel-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const { received } = await listening(undefined, join(folder, '.s.PGSQL.5432'));
    cancelStatement({ ...target, host: folder, port: 5432 });
    expect(await received).toBe(CANCEL);
  });

  it.each(['N', 'E', 'SX', '<html>'])(
    'is not sent in the clear to a server that answers %j where it has to be encrypted',
    async (answer) => {
      const { port, received } = await listening(answer);
      cancelStatement({ ...target, port, tls: { rejectUnauthorized: true } });
      expect(await received).toBe(SSL);
    },
  );

  it('shows no secret to a server that says yes and has no key', async () => {
    const { port, received } = await listening('S');
    cancelStatement({ ...target, port, tls: { rejectUnauthorized: true } });
    const sent = await received;
    // RFC 8446 §5.1: a handshake, with whom nobody could finish it.
    expect(sent.slice(0, 18)).toBe(`${SSL}16`);
    expect(sent).not.toContain('fffffffe');
  });

  it('is lost without a word where nobody listens', async () => {
    const { port } = await listening(undefined);
    for (const close of closing.splice(0)) close();
    cancelStatement({ ...target, port });
    // Whoever asks after it is refused after it: by then its own refusal has come, and nothing was thrown.
    const [error] = await new Promise<readonly Error[]>((resolve) => {
      connect(port, '127.0.0.1').once('error', (...reasons: Error[]) => resolve(reasons));
    });
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { discardRest, incomingBody } from './incoming-body.ts';

let server: Server;
const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
  server.closeAllConnections();
  server.close();
});

/** A server that reads bodies up to a limit, and answers how much it read. */
async function start(maxBytes: number): Promise<number> {
  server = createServer(async (incoming, response) => {
    const read = await readUpTo(incoming, maxBytes);
    response.end(String(read), () => discardRest(incoming));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

async function readUpTo(incoming: IncomingMessage, maxBytes: number): Promise<number> {
  if (maxBytes === 0) return 0;
  const reader = incomingBody(incoming).getReader();
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return read;
    read += value.byteLength;
    if (read > maxBytes) {
      reader.cancel().catch(() => undefined);
      return read;
    }
  }
}

function post(port: number, body: Buffer, agent: Agent, chunked = false) {
  return new Promise<{ text: string; reused: boolean }>((resolve, reject) => {
    const headers: Record<string, string | number> = chunked ? {} : { 'content-length': body.length };
    const sent = request({ port, host: '127.0.0.1', method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve({ text, reused: sent.reusedSocket }));
    });
    sent.on('error', reject);
    if (chunked) sent.write(body.subarray(0, 1));
    sent.end(chunked ? body.subarray(1) : body);
  });
}

const agent = () => {
  const made = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(made);
  return made;
};

describe('incomingBody', () => {
  it('reads a body to its end', async () => {
    const port = await start(1_000_000);
    expect((await post(port, Buffer.alloc(300_000), agent())).text).toBe('300000');
    expect((await post(port, Buffer.alloc(300_000), agent(), true)).text).toBe('300000');
    expect((await post(port, Buffer.alloc(0), agent())).text).toBe('0');
  });

  it.each([
    ['read in part', 1000, false],
    ['read in part, of unknown length', 1000, true],
    ['not read at all', 0, false],
  ])('leaves the connection usable when a body was %s', async (_name, limit, chunked) => {
    const port = await start(limit);
    const kept = agent();
    const first = await post(port, Buffer.alloc(400_000), kept, chunked);
    expect(Number(first.text)).toBeLessThanOrEqual(400_000);
    const second = await post(port, Buffer.alloc(10), kept);
    expect(second).toEqual({ text: limit === 0 ? '0' : '10', reused: true });
  });

  it('cuts the connection rather than reading without end', async () => {
    const port = await start(1000);
    const kept = agent();
    await post(port, Buffer.alloc(8_000_000), kept).catch(() => undefined);
    const next = await post(port, Buffer.alloc(10), kept);
    expect(next).toEqual({ text: '10', reused: false });
  });
});

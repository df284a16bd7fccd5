import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../packages/server/bin/portcullis.js', import.meta.url));
const GIVE_UP_MILLISECONDS = 20_000;

export interface ServeOptions {
  /** Home and working folder. */
  readonly home: string;
  readonly port: number;
  /** `memory`, or a folder. */
  readonly state: string;
  /** Variables beside `PATH` and `HOME`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A request that is asked until it is answered. */
export interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST. Default: none, and GET. */
  readonly body?: string;
  /** What it is answered with; anything else is an error. */
  readonly status: number;
}

/** `portcullis serve --database none`, for as long as `use` takes. */
export async function serving<T>(
  options: ServeOptions,
  use: (started: {
    /** Asks over and over; milliseconds from the start of the process to the answer. */
    readonly answered: (question: Question) => Promise<number>;
    readonly child: ChildProcess;
  }) => Promise<T>,
): Promise<T> {
  const { home, port, state, environment } = options;
  const flags = ['serve', '--database', 'none', '--port', String(port), '--state', state];
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...flags], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, ...environment },
    stdio: 'ignore',
  });
  const answered = async (question: Question): Promise<number> => {
    for (;;) {
      const status = await statusOf(port, question);
      if (status === question.status) return performance.now() - start;
      if (status !== undefined) throw new Error(`${question.path} was answered with ${status}`);
      if (child.exitCode !== null) throw new Error(`portcullis serve ended (${child.exitCode})`);
      if (performance.now() - start > GIVE_UP_MILLISECONDS)
        throw new Error('portcullis serve does not answer');
      await sleep(2);
    }
  };
  try {
    return await use({ answered, child });
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** `undefined` while nobody listens. */
function statusOf(port: number, { path, headers, body }: Question): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { host: `localhost:${port}`, ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.on('error', () => resolve(undefined));
    asked.end(body);
  });
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Line } from '../measure/report.ts';
import { spreadOf, spreadText } from '../measure/spread.ts';
import { STORES, type StoreName, temporaryFolder } from '../stores/open-store.ts';
import type { Plan } from './plan.ts';

const PROGRAM = fileURLToPath(new URL('../../../packages/server/bin/portcullis.js', import.meta.url));
const DISCOVERY = '/.well-known/oauth-authorization-server';
const GIVE_UP_MILLISECONDS = 20_000;

/** `portcullis serve --database none`: from the start of the process to the first answer, and its memory then. */
export async function measureStartUp(plan: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const store of STORES) {
    const seen = [];
    for (let start = 0; start < plan.starts; start += 1) seen.push(await startOnce(store));
    const milliseconds = spreadOf(seen.map((each) => each.milliseconds));
    const memory = seen.flatMap((each) => each.mebibytes ?? []);
    const memoryText =
      memory.length > 0 ? `${spreadText(spreadOf(memory), 0)} MiB resident` : 'memory is not known here';
    lines.push({
      name: `start to first answer, ${store}`,
      figures: [`${spreadText(milliseconds, 0)} ms; ${memoryText}`],
    });
  }
  return lines;
}

async function startOnce(
  store: StoreName,
): Promise<{ readonly milliseconds: number; readonly mebibytes?: number }> {
  const home = temporaryFolder();
  const port = await freePort();
  const state = store === 'memory' ? 'memory' : join(home, 'state');
  const flags = ['serve', '--database', 'none', '--port', String(port), '--state', state];
  const environment = { PATH: process.env.PATH ?? '', HOME: home };
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...flags], {
    cwd: home,
    env: environment,
    stdio: 'ignore',
  });
  try {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`portcullis serve ended (${child.exitCode})`);
      if (performance.now() - start > GIVE_UP_MILLISECONDS)
        throw new Error('portcullis serve does not answer');
      await sleep(2);
    }
    const milliseconds = performance.now() - start;
    return { milliseconds, mebibytes: residentMebibytes(child) };
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path: DISCOVERY, headers: { host: `localhost:${port}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

function residentMebibytes({ pid }: ChildProcess): number | undefined {
  const status = `/proc/${pid}/status`;
  const kibibytes = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
    : undefined;
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

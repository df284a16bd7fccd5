import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from '../measure/report.ts';
import { spreadOf, spreadText } from '../measure/spread.ts';
import { freePort, serving } from '../processes/portcullis.ts';
import { STORES, type StoreName, temporaryFolder } from '../stores/open-store.ts';
import type { Plan } from './plan.ts';

const DISCOVERY = { path: '/.well-known/oauth-authorization-server', status: 200 };

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
  return serving({ home, port, state }, async ({ answered, child }) => {
    const milliseconds = await answered(DISCOVERY);
    return { milliseconds, mebibytes: residentMebibytes(child) };
  });
}

function residentMebibytes({ pid }: ChildProcess): number | undefined {
  const status = `/proc/${pid}/status`;
  const kibibytes = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
    : undefined;
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

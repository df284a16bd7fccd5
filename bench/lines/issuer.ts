import type { LoginLoad } from '../load/generator.ts';
import type { Endpoints } from '../load/login.ts';
import { compare, type Line } from '../measure/report.ts';
import { alternate, type Lap } from '../measure/rounds.ts';
import { type Child, startChild } from '../processes/child.ts';
import type { Stored } from '../servers/our-issuer.ts';
import type { Operations } from '../stores/counting-store.ts';
import { STORES, type StoreName } from '../stores/open-store.ts';
import type { Plan } from './plan.ts';
import { lapOf } from './throughput.ts';

const WORKERS = 16;

/** Logins and refreshes, ours and those of `oidc-provider` on the same store; and what a registration and a session take. */
export async function measureIssuer(plan: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const store of STORES) lines.push(...(await measureOn(store, plan)));
  return lines;
}

async function measureOn(store: StoreName, plan: Plan): Promise<Line[]> {
  const generator = await startChild('../load/generator.js');
  const ours = await startChild('../servers/our-issuer.js', { store });
  const theirs = await startChild('../servers/oidc-provider.js', { store });
  const stored = await storedLines(ours, store);
  const race = async (method: 'logIns' | 'refreshes', rounds: number) =>
    alternate(
      { ours: await contender(generator, ours, method), theirs: await contender(generator, theirs, method) },
      { ...plan, rounds, lapSeconds: plan.loginSeconds },
    );
  const logins = await race('logIns', plan.rounds);
  const login = compare(`logins over oidc-provider, ${store}`, 1, logins.ours, logins.theirs, 'logins');
  const operations = [
    `operations of one login: ours ${await operationsOf(ours, generator)}`,
    `operations of one login: other side ${await operationsOf(theirs, generator)}`,
  ];
  const refreshes = await race('refreshes', Math.ceil(plan.rounds / 2));
  const refresh = compare(
    `refreshes over oidc-provider, ${store}`,
    undefined,
    refreshes.ours,
    refreshes.theirs,
    'refreshes',
  );
  await Promise.all([generator, ours, theirs].map((child) => child.stop()));
  return [{ ...login, figures: [...login.figures, ...operations] }, refresh, ...stored];
}

async function loadFor(server: Child, workers: number): Promise<Omit<LoginLoad, 'seconds'>> {
  const [port, endpoints] = [await server.call<number>('port'), await server.call<Endpoints>('endpoints')];
  return { port, endpoints, workers };
}

async function contender(
  generator: Child,
  server: Child,
  method: string,
): Promise<(seconds: number) => Promise<Lap>> {
  const load = await loadFor(server, WORKERS);
  return (seconds) => lapOf(generator, server, () => generator.call(method, { ...load, seconds }));
}

/** One login by itself, counted. */
async function operationsOf(server: Child, generator: Child): Promise<string> {
  await server.call('operations');
  await generator.call('logIns', { ...(await loadFor(server, 1)), once: true });
  const { reads, writes, bytes, each } = await server.call<Operations>('operations');
  const list = Object.entries(each).map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
  return `${reads} reads, ${writes} writes, ${bytes} bytes (${list.join(', ')})`;
}

async function storedLines(ours: Child, store: StoreName): Promise<Line[]> {
  const registration = await ours.call<Stored>('registration');
  const { session, login } = await ours.call<{ session: Stored; login: number }>('session');
  return [
    {
      name: `bytes stored for a registration, ${store}`,
      holds: registration.given === 0 && (registration.onDisk ?? 0) === 0,
      figures: [storedText(registration)],
    },
    {
      name: `bytes stored for a session, ${store}`,
      figures: [`${storedText(session)}; all that a login writes: ${login} bytes`],
    },
  ];
}

function storedText({ given, onDisk }: Stored): string {
  return onDisk === undefined ? `${given} bytes` : `${given} bytes, ${onDisk} bytes of files`;
}

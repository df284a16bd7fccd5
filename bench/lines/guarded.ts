import { requestText } from '../load/connection.ts';
import { callTool } from '../load/mcp-call.ts';
import { compare, type Line } from '../measure/report.ts';
import { alternate, type Lap } from '../measure/rounds.ts';
import { type Child, startChild } from '../processes/child.ts';
import type { ResourceServerOptions } from '../servers/resource.ts';
import { STORES } from '../stores/open-store.ts';
import type { Plan } from './plan.ts';
import { lapOf } from './throughput.ts';

/** Enough that the server always has something to do while the generator writes. */
const CONNECTIONS = 128;

/** The gate alone: the least a `node:http` server can do, and the same behind the gate. */
export function measureGuard(plan: Plan): Promise<Line[]> {
  return measureGuarded(plan, 'text', 'guard alone over bare node:http', 0.9);
}

/** An MCP server of the SDK, with and without the gate. */
export function measureMcp(plan: Plan): Promise<Line[]> {
  return measureGuarded(plan, 'mcp', 'guarded over unguarded MCP server', 0.97);
}

async function measureGuarded(
  plan: Plan,
  serves: 'text' | 'mcp',
  name: string,
  target: number,
): Promise<Line[]> {
  const generator = await startChild('../load/generator.js');
  const start = (gate: ResourceServerOptions['gate']) =>
    startChild('../servers/resource.js', { serves, gate });
  const servers = {
    unguarded: await start('unguarded'),
    memory: await start('memory'),
    'file tree': await start('file tree'),
  };
  const lapAt = async (server: Child): Promise<(seconds: number) => Promise<Lap>> => {
    const port = await server.call<number>('port');
    // The other side reads the same bytes; it only does nothing about them. What it gets is as long as a token.
    const token = await (server === servers.unguarded ? servers.memory : server).call<string>('token');
    const request = serves === 'text' ? textRequest(port, token) : mcpRequest(port, token);
    const load = { port, request, connections: CONNECTIONS };
    return (seconds) => lapOf(generator, server, () => generator.call('flood', { ...load, seconds }));
  };
  const laps = await alternate(
    {
      unguarded: await lapAt(servers.unguarded),
      memory: await lapAt(servers.memory),
      'file tree': await lapAt(servers['file tree']),
    },
    { ...plan, lapSeconds: plan.floodSeconds },
  );
  await Promise.all([generator, ...Object.values(servers)].map((child) => child.stop()));
  return STORES.map((store) => compare(`${name}, ${store}`, target, laps[store], laps.unguarded, 'requests'));
}

function headersOf(port: number, token: string): Record<string, string> {
  return {
    host: `localhost:${port}`,
    'user-agent': 'bench',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
}

function textRequest(port: number, token: string): string {
  return requestText('GET', '/mcp', headersOf(port, token));
}

/** A tool call of the protocol of 2026. */
export function mcpRequest(port: number, token: string): string {
  const { headers, body } = callTool('greet');
  return requestText('POST', '/mcp', { ...headersOf(port, token), ...headers }, body);
}

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sdkV2 } from '../clients/sdk-v2.ts';
import { startProgram } from '../servers/child-program.ts';
import { freePort } from '../servers/free-port.ts';
import { startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/portcullis.js', import.meta.url));

it('answers discovery before the database is warm', async () => {
  const server = await startPortcullis({ database: 'embedded' });
  const order: string[] = [];
  const ask = async (path: string) => {
    expect((await fetch(server.url + path)).status).toBe(200);
    order.push(path);
  };
  const discovery = '/.well-known/oauth-authorization-server';
  await Promise.all([ask('/readyz'), ask(discovery)]);
  expect(order).toEqual([discovery, '/readyz']);
  await server.stop();
});

it('has a sample that is worth asking', async () => {
  const server = await startPortcullis({ database: 'embedded' });
  const carol = await sdkV2('legacy')({ mcpUrl: server.mcpUrl, person: 'carol' });
  const ask = async (query: string) =>
    ((await carol.callTool('execute_query', { query })).rows as unknown[][]).map((row) =>
      row.map(Number),
    )[0]!;
  const ours = "schemaname IN ('catalog', 'sales', 'hr')";
  const [schemas, tables] = await ask(
    `SELECT count(DISTINCT schemaname), count(*) FROM pg_catalog.pg_tables WHERE ${ours}`,
  );
  expect(schemas).toBeGreaterThanOrEqual(3);
  expect(tables).toBeGreaterThanOrEqual(8);
  expect((await ask(`SELECT count(*) FROM pg_catalog.pg_policies WHERE ${ours}`))[0]).toBeGreaterThanOrEqual(
    2,
  );
  const { functions } = await carol.callTool('list_functions');
  expect((functions as unknown[]).length).toBeGreaterThanOrEqual(2);
  const [rows] = await ask(
    'SELECT (SELECT count(*) FROM sales.orders) + (SELECT count(*) FROM sales.order_lines) + (SELECT count(*) FROM sales.customers)',
  );
  expect(rows).toBeGreaterThanOrEqual(5000);
  await carol.close();
  await server.stop();
});

it('listens on the port that PORT names', async () => {
  const port = await freePort();
  const folder = temporaryFolder();
  const env = { PATH: process.env.PATH ?? '', HOME: folder, PORT: String(port) };
  const program = startProgram({ args: [PROGRAM, 'serve', '--state', 'memory'], env, folder });
  await program.line('out', /^Portcullis is ready/);
  await program.line('out', new RegExp(`Connect +http://localhost:${port}/mcp$`));
  expect((await fetch(`http://localhost:${port}/livez`)).status).toBe(200);
  await program.stop();
});

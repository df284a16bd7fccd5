/** The `authorization` scenarios of the official suite, against `portcullis serve`. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logIn } from './person.mjs';
import { folder, start, startSuite } from './suite.mjs';

const PROGRAM = fileURLToPath(new URL('../packages/server/bin/portcullis.js', import.meta.url));
const SCENARIOS = ['authorization-server-metadata-endpoint', 'authorization-code-grant'];
const START_SECONDS = 30;
const RUN_SECONDS = 60;

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startServer(clients) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'portcullis.yaml');
  // JSON is YAML.
  writeFileSync(config, `${JSON.stringify({ clients })}\n`);
  const server = start(
    process.execPath,
    [
      ...[PROGRAM, 'serve', '--config', config, '--host', '127.0.0.1', '--port', String(port)],
      ...['--public-url', url, '--state', 'memory', '--database', 'none'],
    ],
    { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } },
  );
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await wait(100)) {
    if (server.exitCode !== null) break;
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.ok) return { url, server };
  }
  throw new Error(`portcullis serve does not start:\n${server.output}`);
}

/** Runs the suite for one client and answers what did not pass. */
async function runSuite(issuer, client, extra) {
  const results = mkdtempSync(join(folder, 'results-'));
  const { port } = new URL(client.redirectUris[0]);
  const suite = startSuite(
    'authorization',
    ['--url', issuer, '--client-id', client.id, '-p', port, '-o', results, ...extra],
    RUN_SECONDS,
  );
  let person;
  suite.stdout.on('data', () => {
    const url = /^http\S+[?&]response_type=code\S*$/m.exec(suite.output)?.[0];
    if (url && suite.output.includes(`${url}\n`))
      person ??= logIn(url, { person: 'alice', callback: client.redirectUris[0] }).catch((fault) => {
        suite.kill();
        return fault;
      });
  });
  const code = await suite.ended;
  const fault = await person;
  const faults = fault instanceof Error ? [fault.message] : [];
  if (code !== 0) faults.push(`The suite ends with ${code}:\n${suite.output}`);
  return [...faults, ...SCENARIOS.flatMap((scenario) => readResult(results, scenario))];
}

/** A scenario passes when it left checks and each of them is a success: one that was skipped did not run. */
function readResult(results, scenario) {
  const file = readdirSync(results, { recursive: true })
    .map(String)
    .find((path) => path.includes(scenario) && path.endsWith('checks.json'));
  if (!file) return [`${scenario}: did not run`];
  const checks = JSON.parse(readFileSync(join(results, file), 'utf8'));
  if (checks.length === 0) return [`${scenario}: checked nothing`];
  return checks
    .filter(({ status }) => status !== 'SUCCESS' && status !== 'INFO')
    .map(({ id, status, errorMessage }) => `${scenario}: ${id}: ${status} ${errorMessage ?? ''}`);
}

/** Prints what passed and what did not, and answers how much did not. */
export async function runAuthorizationSuite() {
  // Public, because the suite never authenticates where the metadata offer `none`.
  const client = {
    id: 'conformance',
    redirectUris: [`http://127.0.0.1:${await freePort()}/callback`],
  };
  const { url, server } = await startServer([client]);
  const runs = [
    { name: 'without a resource', extra: [] },
    { name: 'with a resource', extra: ['--resource', `${url}/mcp`] },
  ];
  let failed = 0;
  for (const { name, extra } of runs) {
    const faults = await runSuite(url, client, extra);
    process.stdout.write(
      faults.length === 0
        ? `passed  ${name}: ${SCENARIOS.join(', ')}\n`
        : `FAILED  ${name}\n${faults.join('\n')}\n`,
    );
    failed += faults.length;
  }
  if (failed > 0) process.stdout.write(`\nThe server said:\n${server.output}`);
  return failed;
}

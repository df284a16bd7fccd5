// Starts the server as README.md says, waits until it answers, stops it, and fails when any of that does not work.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const START_SECONDS = 60;
const STOP_SECONDS = 15;
const DEFAULT_PORT = 8000;

/** The port of the README where it is free, else any other. */
async function choosePort() {
  for (const port of [DEFAULT_PORT, 0]) {
    const server = createServer();
    const bound = await new Promise((resolve) => {
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => resolve(server.address().port));
    });
    if (bound === undefined) continue;
    await new Promise((resolve) => server.close(resolve));
    return bound;
  }
  throw new Error('no port is free');
}

async function answers(url, check) {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  return response !== undefined && check(response, await response.text());
}

const port = await choosePort();
const base = `http://localhost:${port}`;
// A group of its own, so that npm and what it started end together.
const child = spawn('npm', ['start'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: true,
  env: port === DEFAULT_PORT ? process.env : { ...process.env, PORT: String(port) },
});
const ended = new Promise((resolve) => child.once('exit', resolve));

const expected = {
  'the landing page': () =>
    answers(`${base}/`, (response, text) => response.status === 200 && text.includes(`${base}/mcp`)),
  '/livez': () => answers(`${base}/livez`, (response) => response.status === 200),
  'the challenge of /mcp': () =>
    answers(
      `${base}/mcp`,
      (response) =>
        response.status === 401 && /resource_metadata="/.test(response.headers.get('www-authenticate') ?? ''),
    ),
};

const began = Date.now();
let missing = Object.keys(expected);
while (missing.length > 0 && child.exitCode === null && Date.now() - began < START_SECONDS * 1000) {
  const seen = await Promise.all(missing.map((name) => expected[name]()));
  missing = missing.filter((_, index) => !seen[index]);
  if (missing.length > 0) await wait(200);
}
if (missing.length > 0) process.stderr.write(`npm start: no good answer from ${missing.join(', ')}\n`);
else process.stdout.write(`npm start: everything answers after ${Date.now() - began} ms\n`);

try {
  process.kill(-child.pid, 'SIGTERM');
} catch {
  // It ended by itself; what it did not answer is said above.
}
const stopped = await Promise.race([ended.then(() => true), wait(STOP_SECONDS * 1000, false)]);
if (!stopped) {
  process.stderr.write(`npm start: still running ${STOP_SECONDS} s after SIGTERM\n`);
  process.kill(-child.pid, 'SIGKILL');
}
process.exit(missing.length === 0 && stopped ? 0 : 1);

/** The official suite as a child process: how it is installed, started and stopped. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('./', import.meta.url));
const SUITE = join(HERE, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const STOP_SECONDS = 10;

const children = new Set();

/** Everything that a run writes is below here, and gone with it. */
export const folder = mkdtempSync(join(tmpdir(), 'portcullis-conformance-'));

/** A child process with `output`, all it wrote so far, and `ended`, which gives its exit code. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  children.add(child);
  child.output = '';
  child.ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      child.output += text;
    });
  }
  return child;
}

export async function stopAll() {
  for (const child of children) {
    child.kill();
    setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000).unref();
  }
  await Promise.all([...children].map((child) => child.ended));
  rmSync(folder, { recursive: true, force: true });
}

/** The suite needs Node 22; this Node may be older. */
function nodeForSuite() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const found = readdirSync(join(HERE, 'node_modules'))
    .filter((name) => /^node-(bin-)?(linux|darwin)-/.test(name))
    .map((name) => join(HERE, 'node_modules', name, 'bin/node'))
    .find((path) => existsSync(path));
  if (!found)
    throw new Error('The conformance suite needs Node 22 or later, and none is packaged for this machine.');
  return found;
}

export function install() {
  const run = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: HERE,
    stdio: 'inherit',
  });
  if (run.status !== 0)
    throw new Error('The conformance suite can not be installed (npm ci in conformance/).');
}

/** Starts a command of the suite; it ends by itself, and not later than after `seconds`. */
export function startSuite(command, args, seconds) {
  const suite = start(nodeForSuite(), [SUITE, command, ...args]);
  const late = setTimeout(() => suite.kill(), seconds * 1000);
  suite.ended.finally(() => clearTimeout(late)).catch(() => undefined);
  return suite;
}

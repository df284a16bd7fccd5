import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { parsePostgresUrl } from './postgres-address.ts';
import { openPostgresConnection } from './postgres-connection.ts';

/** A PostgreSQL server of its own, on a loopback port, in a folder that goes away with it. */
export interface PostgresServer {
  readonly port: number;
  /** The folder of its data. */
  readonly folder: string;
  /** Where `user` finds the database `postgres`; everybody is believed. */
  url(user: string): string;
  stop(): Promise<void>;
}

const VERSIONS = '/usr/lib/postgresql';

/** The newest installed server's programs, if there are any. */
function findPrograms(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const folders = readdirSync(VERSIONS)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')));
}

/** As `describe`, for suites that need a real PostgreSQL: where there is none it is left out and named, and with CI=true it fails. */
export function describeWithPostgres(name: string, suite: () => void): void {
  if (findPrograms()) {
    describe(name, suite);
  } else if (process.env.CI === 'true') {
    it(`${name}: PostgreSQL is installed`, () => {
      throw new Error(`There is no PostgreSQL server below ${VERSIONS}.`);
    });
  } else {
    process.stdout.write(`Left out, since there is no PostgreSQL server below ${VERSIONS}: ${name}\n`);
    describe.skip(name, suite);
  }
}

/** PostgreSQL does not run as root; where the tests do, it gets the user that its package made. */
function accountOfServer(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** @param furnish puts files into the folder of the data, before the server starts. */
export async function startPostgres(
  settings: readonly string[] = [],
  furnish?: (data: string) => void,
): Promise<PostgresServer> {
  const programs = findPrograms();
  if (!programs) throw new Error('There is no PostgreSQL server.');
  const account = accountOfServer();
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-postgres-'));
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const options = { ...account, cwd: folder, env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' } };
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'],
    { ...options, stdio: 'ignore' },
  );
  furnish?.(data);
  if (furnish && account.uid !== undefined)
    execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, data]);
  const port = await freePort();
  const settled = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=60',
    ...settings,
  ];
  const child = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settled.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-20_000);
      if (log.includes('ready to accept connections')) resolve();
    });
    void ended.then(() => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
  return {
    port,
    folder,
    url: (user) => `postgres://${encodeURIComponent(user)}@127.0.0.1:${port}/postgres`,
    async stop() {
      child.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Statements as the superuser, who comes in by the socket. */
export async function runAsAdmin(server: PostgresServer, statements: readonly string[]): Promise<void> {
  const admin = await openPostgresConnection(
    parsePostgresUrl(`postgres:///postgres?host=${server.folder}&port=${server.port}&user=postgres`),
    { mode: 'disable' },
    { user: 'postgres' },
  );
  try {
    for (const sql of statements) await admin.script(sql);
  } finally {
    await admin.end();
  }
}

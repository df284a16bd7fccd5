import { join } from 'node:path';
import { type ChildProgram, startProgram } from '../../servers/child-program.ts';
import { freePort } from '../../servers/free-port.ts';
import { temporaryFolder } from '../../servers/temporary-folder.ts';

const ADMIN = { username: 'admin', password: 'admin-of-the-tests' };
const START_SECONDS = 120;
/** For a test that stops it and starts it again. */
export const RESTART_MILLISECONDS = 180_000;

export interface RunningKeycloak {
  readonly url: string;
  /** A request to the administration, below `/admin/realms`. Throws unless it worked. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Stops it. What it knows stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Keycloak on a port and with a database of its own. */
export async function startKeycloak(home: string): Promise<RunningKeycloak> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const folder = temporaryFolder();
  let program: ChildProgram;

  async function start(): Promise<void> {
    program = startProgram({
      command: 'java',
      args: [...javaArguments(home), ...serverArguments(url, port, folder)],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
      },
      folder,
    });
    await program.line('out', /Listening on:/, START_SECONDS);
  }

  async function adminToken(): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...ADMIN });
    const response = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body,
    });
    return String(((await response.json()) as { access_token?: string }).access_token);
  }

  await start();
  return {
    url,
    async admin(method, path, body) {
      const response = await fetch(`${url}/admin/realms${path}`, {
        method,
        headers: { authorization: `Bearer ${await adminToken()}`, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? response.headers.get('location') : (JSON.parse(text) as unknown);
    },
    stop: async () => void (await program.stop()),
    start,
  };
}

/** What its start script gives to Java: by way of the script, Java would outlive a test run that is killed. */
function javaArguments(home: string): readonly string[] {
  return [
    '-Xms64m',
    '-Xmx512m',
    '-XX:+ExitOnOutOfMemoryError',
    '-Dfile.encoding=UTF-8',
    `-Dkc.home.dir=${home}`,
    `-Djboss.server.config.dir=${join(home, 'conf')}`,
    '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
    '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
    '-cp',
    join(home, 'lib', 'quarkus-run.jar'),
    'io.quarkus.bootstrap.runner.QuarkusEntryPoint',
  ];
}

function serverArguments(url: string, port: number, folder: string): readonly string[] {
  return [
    'start',
    '--optimized',
    '--http-enabled=true',
    '--http-host=127.0.0.1',
    `--http-port=${port}`,
    `--hostname=${url}`,
    `--db-url=jdbc:h2:file:${join(folder, 'database')};NON_KEYWORDS=VALUE`,
  ];
}

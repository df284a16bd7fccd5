import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildEnd, type ChildProgram, runProgram, startProgram } from './child-program.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/portcullis.js', import.meta.url));

const CLOCK = new URL('moved-clock.mjs', import.meta.url).href;

export interface PortcullisOptions {
  /** Flags after `serve`, beside those that the other options make. */
  readonly flags?: readonly string[];
  /** Variables. The environment of the tests is not inherited, but for `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text of a `portcullis.yaml` in the working folder. */
  readonly settings?: string;
  /** `memory`, or a folder of the home folder. Default `memory`. */
  readonly state?: string;
  /** Home and working folder: give the same one to a second process to share keys and state. Default: a new one. */
  readonly home?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Default: `http://localhost:<port>`. */
  readonly publicUrl?: string;
  /** What the tools ask. Default `none`: most tests need no database. */
  readonly database?: string;
  /** Can its clock be moved with `advance`? Default `false`. */
  readonly movableClock?: boolean;
}

/** A line of the log, as JSON. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

export interface RunningPortcullis {
  /** The public URL, which is the issuer. */
  readonly url: string;
  readonly mcpUrl: string;
  /** Where it really listens, past any proxy. */
  readonly directUrl: string;
  readonly port: number;
  readonly home: string;
  /** The lines of standard output: what an operator sees at the start. */
  readonly startUp: readonly string[];
  /** The lines of the log so far. */
  log(): readonly LogLine[];
  /** The log line of an incident. Waits for it. */
  incident(id: string): Promise<LogLine>;
  /** Everything that was written, to search for secrets. */
  everything(): string;
  /** Moves its clock, when it was started with `movableClock`. */
  advance(seconds: number): Promise<void>;
  /** Asks it to stop, and waits. */
  stop(): Promise<ChildEnd>;
  /** Kills it without a word. */
  kill(): Promise<ChildEnd>;
}

interface Prepared {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

function prepare(options: PortcullisOptions, home: string, port: number): Prepared {
  const {
    flags = [],
    env = {},
    state = 'memory',
    publicUrl,
    database = 'none',
    movableClock = false,
  } = options;
  if (options.settings !== undefined) writeFileSync(join(home, 'portcullis.yaml'), options.settings);
  const args = ['serve', '--port', String(port), '--database', database];
  args.push('--state', state === 'memory' ? 'memory' : join(home, state));
  if (publicUrl !== undefined) args.push('--public-url', publicUrl);
  return {
    args: [...(movableClock ? ['--import', CLOCK] : []), PROGRAM, ...args, ...flags],
    env: { PATH: process.env.PATH ?? '', HOME: home, E2E_CLOCK: join(home, 'clock'), ...env },
    folder: home,
  };
}

/** Starts the program as an operator would, and waits until it listens. */
export async function startPortcullis(options: PortcullisOptions = {}): Promise<RunningPortcullis> {
  const home = options.home ?? temporaryFolder();
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const program = startProgram(prepare(options, home, port));
    try {
      await program.line('out', /^Portcullis is ready/);
      // The last line of the start is empty.
      await program.line('out', /^$/);
    } catch (error) {
      const { stderr } = await program.stop('SIGKILL');
      // Somebody else took the port between our look and the start.
      if (options.port === undefined && attempt < 3 && stderr.includes('EADDRINUSE')) continue;
      throw error;
    }
    return running(program, home, port, options.publicUrl ?? `http://localhost:${port}`);
  }
}

function running(program: ChildProgram, home: string, port: number, url: string): RunningPortcullis {
  const log = () =>
    program.err.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  let ahead = 0;
  return {
    url,
    mcpUrl: `${url}/mcp`,
    directUrl: `http://127.0.0.1:${port}`,
    port,
    home,
    startUp: program.out,
    log,
    async incident(id) {
      return JSON.parse(await program.line('err', new RegExp(`"incident":"${id}"`), 5)) as LogLine;
    },
    everything: () => [...program.out, ...program.err].join('\n'),
    async advance(seconds) {
      ahead += seconds * 1000;
      writeFileSync(join(home, 'clock'), String(ahead));
      program.process.kill('SIGUSR2');
      await program.line('err', new RegExp(`^clock is ${ahead} ms ahead$`), 5);
    },
    stop: () => program.stop(),
    kill: () => program.stop('SIGKILL'),
  };
}

/** Starts the program with settings that it should refuse, and waits for its end. */
export async function runPortcullis(options: PortcullisOptions = {}): Promise<ChildEnd> {
  const home = options.home ?? temporaryFolder();
  const port = options.port ?? (await freePort());
  return await runProgram({ ...prepare(options, home, port), seconds: 20 });
}

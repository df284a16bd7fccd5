import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';

/** Every program that was started here and did not end yet. */
const running = new Set<ChildProcess>();

const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};
process.on('exit', killAll);
afterAll(killAll);

export interface ChildOptions {
  readonly command?: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited but what is here. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** What standard input gets before it is closed. Default: it stays open. */
  readonly input?: string;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ChildProgram {
  readonly process: ChildProcess;
  /** Lines of standard output and standard error, so far. */
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** The first line of the stream, there already or yet to come, that matches. Rejects when the program ends before, or after `seconds`. */
  line(stream: 'out' | 'err', pattern: RegExp, seconds?: number): Promise<string>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<ChildEnd>;
  readonly ended: Promise<ChildEnd>;
}

/** Starts a program (default: Node) and keeps what it says. It is killed at the latest when the test file ends. */
export function startProgram(options: ChildOptions): ChildProgram {
  const { command = process.execPath, args, env, folder, input } = options;
  const child = spawn(command, args, { cwd: folder, env, stdio: 'pipe' });
  running.add(child);
  const out: string[] = [];
  const err: string[] = [];
  const watchers = new Set<() => void>();
  const keep = (lines: string[]) => (line: string) => {
    lines.push(line);
    for (const look of watchers) look();
  };
  const readers = [createInterface(child.stdout), createInterface(child.stderr)] as const;
  readers[0].on('line', keep(out));
  readers[1].on('line', keep(err));
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = endOf(
    child,
    readers.map((reader) => once(reader, 'close')),
    out,
    err,
  );

  function line(stream: 'out' | 'err', pattern: RegExp, seconds = 20): Promise<string> {
    const lines = stream === 'out' ? out : err;
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        settle(() => reject(new Error(`${why} No ${pattern} in:\n${[...out, ...err].join('\n')}`)));
      const timer = setTimeout(() => fail(`Nothing for ${seconds} s.`), seconds * 1000);
      const look = () => {
        const found = lines.find((each) => pattern.test(each));
        if (found !== undefined) settle(() => resolve(found));
      };
      const settle = (then: () => void) => {
        clearTimeout(timer);
        watchers.delete(look);
        then();
      };
      watchers.add(look);
      look();
      ended.then(({ code, signal }) => fail(`It ended (${code ?? signal}).`));
    });
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ChildEnd> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    const end = await ended;
    clearTimeout(timer);
    return end;
  }

  return { process: child, out, err, line, stop, ended };
}

async function endOf(
  child: ChildProcess,
  drained: readonly Promise<unknown>[],
  out: readonly string[],
  err: readonly string[],
): Promise<ChildEnd> {
  const end = await new Promise<Pick<ChildEnd, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  running.delete(child);
  await Promise.all(drained);
  return { ...end, stdout: out.join('\n'), stderr: err.join('\n') };
}

/** Runs a program to its end. Kills it after `seconds`. */
export async function runProgram(options: ChildOptions & { readonly seconds?: number }): Promise<ChildEnd> {
  const program = startProgram({ input: '', ...options });
  const timer = setTimeout(() => program.process.kill('SIGKILL'), (options.seconds ?? 20) * 1000);
  const end = await program.ended;
  clearTimeout(timer);
  return end;
}

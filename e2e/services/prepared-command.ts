import { spawn } from 'node:child_process';
import { NotHere } from './service.ts';

export interface CommandOptions {
  /** Where it runs. Default: here. */
  readonly folder?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: 600. */
  readonly seconds?: number;
}

/** Runs a command to its end; what it wrote, standard error included. @throws NotHere when there is no such command */
export function runCommand(
  command: string,
  args: readonly string[],
  { folder, env, seconds = 600 }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
    });
    let written = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        written += part;
      });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new NotHere(`${command} is not installed`) : error),
    );
    child.on('close', (code) =>
      code === 0
        ? resolve(written)
        : reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${written.slice(-4000)}`)),
    );
  });
}

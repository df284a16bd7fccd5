import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, CpuUse } from './serve-parent.ts';

/** A program of this folder in a process of its own. */
export interface Child {
  /** Runs one of the functions the program serves. */
  call<R>(method: string, parameters?: unknown): Promise<R>;
  /** Processor time it has used so far. */
  cpu(): Promise<CpuUse>;
  stop(): Promise<void>;
}

/** Starts `program` (a path from this folder, such as `../servers/bare.js`) and waits until it says that it is ready. */
export async function startChild(program: string, options: unknown = {}): Promise<Child> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(path, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) call?.resolve(answer.result);
    else call?.reject(new Error(`${program}: ${answer.error}`));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${program} ended (${code})`));
  });
  const call = <R>(method: string, parameters?: unknown) =>
    new Promise<R>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve: resolve as (value: unknown) => void, reject });
      child.send({ id: last, method, parameters });
    });
  await call('ready');
  return { call, cpu: () => call<CpuUse>('cpu'), stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.disconnect();
  await ended;
}

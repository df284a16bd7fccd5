import { Worker } from 'node:worker_threads';
import { DatabaseError } from './database-error.ts';
import {
  checkText,
  type GuardedStatement,
  type GuardOptions,
  type StatementGuard,
} from './statement-guard.ts';
import type { GuardAnswer, GuardRequest } from './statement-guard-worker.ts';
import { workerFile } from './worker-file.ts';

/** Deep enough for any statement of the greatest length; the parser recurses. */
const STACK_MB = 16;
const HEAP_MB = 256;
/** Nothing that a person or a model writes takes so long to read. */
const PATIENCE_MS = 5000;

export interface GuardThread {
  readonly guard: StatementGuard;
  close(): Promise<void>;
}

/**
 * The guard in a thread of its own. The parser is compiled from C and has no memory protection inside: a statement that exhausts its stack
 * leaves it broken for everybody after. So one statement is judged at a time, and a parser that stumbles is thrown away.
 */
export function startGuardThread(): GuardThread {
  let worker: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const stop = async () => {
    const last = worker;
    worker = undefined;
    await last?.terminate();
  };
  const forget = (gone: Worker) => {
    if (worker === gone) worker = undefined;
  };
  const judge = async (request: GuardRequest): Promise<GuardedStatement> => {
    worker ??= launch(forget);
    const answer = await ask(worker, request);
    if (answer.type === 'statement') return answer.statement;
    if (answer.type === 'broken') {
      await stop();
      throw new DatabaseError('refused', 'The statement is nested too deeply.');
    }
    throw new DatabaseError(answer.kind, answer.message, { sqlState: answer.sqlState });
  };
  return {
    guard(text: string, { timeoutSeconds }: GuardOptions) {
      const mine = turn.then(() => {
        checkText(text);
        return judge({ text, timeoutSeconds });
      });
      turn = mine.catch(() => {});
      return mine;
    },
    close: stop,
  };
}

function launch(forget: (gone: Worker) => void): Worker {
  const worker = new Worker(workerFile('statement-guard-worker.js'), {
    resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: HEAP_MB },
    execArgv: [],
    env: {},
  });
  // An error is followed by the end, which is what counts.
  worker.on('error', () => {}).on('exit', () => forget(worker));
  worker.unref();
  return worker;
}

function ask(worker: Worker, request: GuardRequest): Promise<GuardAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: GuardAnswer) => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', fail).off('exit', fail);
      worker.unref();
      resolve(answer);
    };
    const fail = () => settle({ type: 'broken' });
    const timer = setTimeout(fail, PATIENCE_MS);
    worker.on('message', settle).on('error', fail).on('exit', fail);
    worker.ref();
    worker.postMessage(request);
  });
}

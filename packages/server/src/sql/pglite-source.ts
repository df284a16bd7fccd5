import { Worker } from 'node:worker_threads';
import type { Connection, ConnectionSource, RawResult } from './connection.ts';
import { DatabaseError, ServerError } from './database-error.ts';
import type { WorkerMessage, WorkerQuery, WorkerSetup } from './pglite-messages.ts';
import { workerFile } from './worker-file.ts';

/** The heap of the worker beside the database's own memory, in MB. */
const WORKER_HEAP_MB = 128;

export interface PgliteSource extends ConnectionSource {
  /** Starts the worker if there is none. */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  readonly worker: Worker;
  readonly connection: Connection;
}

/** One worker with one database in it. Calls wait for each other; a call that is given up takes the worker with it. */
export function pgliteSource(setup: Omit<WorkerSetup, 'snapshot'>): PgliteSource {
  let snapshot: Uint8Array | undefined;
  let running: Promise<Running> | undefined;
  let turn: Promise<void> = Promise.resolve();
  let endTurn: (() => void) | undefined;
  let closed = false;

  const launch = (): Promise<Running> => {
    const started = startWorker({ ...setup, snapshot }, (taken) => {
      snapshot = taken;
    });
    const current = started.then((worker) => {
      const forget = () => {
        if (running === current) running = undefined;
      };
      worker.once('exit', forget);
      return { worker, connection: workerConnection(worker, setup.serviceAccount, forget) };
    });
    current.catch(() => {
      if (running === current) running = undefined;
    });
    return current;
  };
  const open = async (): Promise<Running> => {
    if (closed) throw new DatabaseError('unavailable', 'The database is closed.');
    running ??= launch();
    return running;
  };

  return {
    async start() {
      await open();
    },
    async acquire(_as, signal) {
      const before = turn;
      let end = () => {};
      turn = new Promise((resolve) => {
        end = resolve;
      });
      try {
        await unlessAborted(before, signal);
        const { connection } = await unlessAborted(open(), signal);
        endTurn = end;
        return connection;
      } catch (error) {
        // Whoever waits behind this call still waits for the one before it.
        void before.then(end);
        throw error;
      }
    },
    release() {
      endTurn?.();
      endTurn = undefined;
    },
    async close() {
      closed = true;
      const last = await running?.catch(() => undefined);
      last?.connection.destroy(new DatabaseError('unavailable', 'The database is closed.'));
      await last?.worker.terminate();
    },
  };
}

/** @throws DatabaseError of kind `cancelled` as soon as the signal says so; the work itself goes on. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DatabaseError('cancelled', 'The call was cancelled.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function startWorker(setup: WorkerSetup, keep: (snapshot: Uint8Array) => void): Promise<Worker> {
  const worker = new Worker(workerFile('pglite-worker.js'), {
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
    // The worker has no business with the operator's settings, nor with the flags of this process.
    execArgv: [],
    env: {},
    // Kept apart from this process's own, and not read: reading them would keep the process alive.
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      void worker.terminate();
      reject(new DatabaseError('unavailable', 'The embedded database can not be started.', { cause }));
    };
    worker.on('error', fail);
    worker.once('exit', () => fail(new Error('the worker ended')));
    worker.once('message', (message: WorkerMessage) => {
      if (message.type !== 'ready')
        return fail(message.type === 'failed' ? new Error(message.message) : message);
      if (message.snapshot) keep(message.snapshot);
      worker.removeAllListeners('error').removeAllListeners('exit');
      resolve(worker);
    });
  });
}

interface Waiting {
  resolve(result: RawResult): void;
  reject(error: Error): void;
}

function workerConnection(worker: Worker, user: string, forget: () => void): Connection {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let allowed = Number.MAX_SAFE_INTEGER;
  let lost: Error | undefined;
  const lose = (reason: Error) => {
    if (lost) return;
    lost = reason;
    forget();
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
    void worker.terminate();
  };
  const gone = (cause?: unknown) =>
    lose(new DatabaseError('unavailable', 'The embedded database ended unexpectedly.', { cause }));
  worker.on('error', gone);
  worker.on('exit', () => gone());
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'ready' || message.type === 'failed') return;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (waiting.size === 0) worker.unref();
    if (message.type === 'answer') call?.resolve(message.result);
    else if (message.type === 'too-large') lose(tooLarge(call));
    else if (message.report) call?.reject(new ServerError(message.report));
    else call?.reject(new Error(message.message));
  });

  // An open database does not keep the process alive.
  worker.unref();
  return {
    user,
    query(sql, values = []) {
      if (lost) return Promise.reject(lost);
      const query: WorkerQuery = { id: ++lastId, sql, values, maxBytes: allowed };
      return new Promise<RawResult>((resolve, reject) => {
        waiting.set(query.id, { resolve, reject });
        // While somebody waits for an answer, the worker keeps the process alive.
        worker.ref();
        worker.postMessage(query);
      });
    },
    allowBytes(maxBytes) {
      allowed = maxBytes;
    },
    destroy: lose,
  };
}

function tooLarge(call: Waiting | undefined): DatabaseError {
  const error = new DatabaseError('too-large', 'The result is too large. Ask for fewer rows or columns.');
  call?.reject(error);
  return error;
}

import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import type { RawResult } from './connection.ts';
import type { WorkerMessage, WorkerQuery, WorkerSetup } from './pglite-messages.ts';

/** WebAssembly counts memory in pages of 64 KiB. */
const PAGE_BYTES = 65_536;
const INITIAL_MEMORY_BYTES = 128 * 1024 * 1024;

const setup = workerData as WorkerSetup;
const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread.');
const say = (message: WorkerMessage) => port.postMessage(message);

/** A heap limit of a worker does not count WebAssembly memory, so the memory itself is made with a maximum. */
function limitMemory(maxBytes: number): void {
  const Memory = WebAssembly.Memory;
  const maximum = Math.floor(maxBytes / PAGE_BYTES);
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super({ ...descriptor, maximum: Math.min(descriptor.maximum ?? maximum, maximum) });
    }
  };
}

async function open(): Promise<PGlite> {
  if (setup.snapshot) {
    const loadDataDir = new Blob([new Uint8Array(setup.snapshot)], { type: 'application/x-gzip' });
    return PGlite.create({ loadDataDir, initialMemory: INITIAL_MEMORY_BYTES });
  }
  const db = await PGlite.create({ initialMemory: INITIAL_MEMORY_BYTES });
  for (const sql of setup.seed) await db.exec(sql);
  return db;
}

async function start(): Promise<PGlite> {
  limitMemory(setup.maxMemoryBytes);
  const db = await open();
  const snapshot = setup.snapshot
    ? undefined
    : new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer());
  await db.exec(`SET SESSION AUTHORIZATION "${setup.serviceAccount.replaceAll('"', '""')}"`);
  say({ type: 'ready', snapshot });
  return db;
}

/** Every type as the text that the server sent, in place of the parsers that PGlite has. */
const asSent = Object.fromEntries(Object.keys(types.parsers).map((oid) => [oid, (value: string) => value]));

async function answer(db: PGlite, { id, sql, values, maxBytes }: WorkerQuery): Promise<void> {
  try {
    const { fields, rows } = await db.query<(string | null)[]>(sql, [...values], {
      rowMode: 'array',
      parsers: asSent,
    });
    const result: RawResult = {
      fields: fields.map(({ name, dataTypeID }) => ({ name, typeId: dataTypeID })),
      rows: rows as (string | null)[][],
    };
    say(sizeOf(result) > maxBytes ? { type: 'too-large', id } : { type: 'answer', id, result });
  } catch (error) {
    const { message, code, detail, hint } = error as Error & {
      code?: string;
      detail?: string;
      hint?: string;
    };
    say({ type: 'error', id, message, report: code ? { message, code, detail, hint } : undefined });
  }
}

function sizeOf({ rows }: RawResult): number {
  let bytes = 0;
  for (const row of rows) for (const value of row) bytes += 4 + Buffer.byteLength(value ?? '', 'utf8');
  return bytes;
}

start().then(
  (db) => port.on('message', (query: WorkerQuery) => void answer(db, query)),
  (error: unknown) =>
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
);

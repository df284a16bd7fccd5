import type { RawResult } from './connection.ts';
import type { ServerReport } from './database-error.ts';

/** What the worker is started with. */
export interface WorkerSetup {
  /** A data folder to start from, as PGlite dumped it; without one, everything is made new. */
  readonly snapshot: Uint8Array | undefined;
  /** Statements that fill a new database, run as its superuser. */
  readonly seed: readonly string[];
  /** The account that calls are made from. */
  readonly serviceAccount: string;
  /** Bytes of memory that the database may take. */
  readonly maxMemoryBytes: number;
}

export interface WorkerQuery {
  readonly id: number;
  readonly sql: string;
  readonly values: readonly (string | readonly string[])[];
  /** Bytes that the answer may have. */
  readonly maxBytes: number;
}

export type WorkerMessage =
  | { readonly type: 'ready'; readonly snapshot: Uint8Array | undefined }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly result: RawResult }
  | { readonly type: 'too-large'; readonly id: number }
  | {
      readonly type: 'error';
      readonly id: number;
      readonly report: ServerReport | undefined;
      readonly message: string;
    };

import type { Database, QueryLimits } from './database.ts';
import { pgliteSource } from './pglite-source.ts';
import { sampleSql } from './sample/sample.ts';
import { sqlDatabase } from './sql-database.ts';
import type { StatementGuard } from './statement-guard.ts';

export interface PgliteOptions {
  /** Whether people act as themselves (default), or all as the service account. */
  readonly identity?: 'person' | 'service';
  /** Statements that fill the database, run as its superuser. Default: the sample company, with people alice, bob and carol. */
  readonly seed?: readonly string[];
  /** Limits of calls that name none. */
  readonly limits?: Partial<QueryLimits>;
  /** Bytes of memory for the database. Default 536,870,912 (512 MB); it starts at about 200 MB. */
  readonly maxMemoryBytes?: number;
  /** The second layer, see `SqlDatabaseOptions`. */
  readonly guard?: StatementGuard;
}

/** The account that calls are made from. It has no rights of its own. */
export const EMBEDDED_SERVICE_ACCOUNT = 'portcullis';

const DEFAULT_MEMORY_BYTES = 512 * 1024 * 1024;

/** `DISCARD ALL` in parts: the whole changes nothing in PGlite and says that it did. */
const RESET_SQL = [
  'CLOSE ALL',
  'DEALLOCATE ALL',
  'RESET ALL',
  'SELECT pg_catalog.pg_advisory_unlock_all()::pg_catalog.text',
  'DISCARD PLANS',
  'DISCARD SEQUENCES',
  'DISCARD TEMPORARY',
];

/** PostgreSQL inside this process, in memory: for trying things out, and for tests. Nothing is opened until the first call. */
export function pgliteDatabase(options: PgliteOptions = {}): Database {
  const source = pgliteSource({
    seed: options.seed ?? sampleSql(EMBEDDED_SERVICE_ACCOUNT, options.identity),
    serviceAccount: EMBEDDED_SERVICE_ACCOUNT,
    maxMemoryBytes: options.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
  });
  return sqlDatabase({
    rules: {
      source,
      mode: 'wrapped',
      serviceAccount: EMBEDDED_SERVICE_ACCOUNT,
      searchPath: '"$user", public',
      resetSql: RESET_SQL,
    },
    limits: options.limits,
    guard: options.guard,
    describe: () => ({
      product: 'PGlite',
      mode: 'wrapped',
      wall: true,
      summary: `embedded PostgreSQL (PGlite) with a sample company, in memory; every statement runs as the ${
        options.identity === 'service' ? 'service account' : 'person'
      }`,
      notes: [],
    }),
    warm: () => void source.start().catch(() => {}),
    ready: () => source.start(),
    close: () => source.close(),
  });
}

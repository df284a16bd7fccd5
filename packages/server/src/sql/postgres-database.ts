import type { ActingAs, ActingMode, Database, DatabaseDescription, QueryLimits } from './database.ts';
import { DatabaseError } from './database-error.ts';
import { type PostgresTls, parsePostgresUrl } from './postgres-address.ts';
import { type Login, openPostgresConnection } from './postgres-connection.ts';
import { postgresPool } from './postgres-pool.ts';
import { judgeServiceAccount, readServiceAccount } from './service-account.ts';
import { sqlDatabase } from './sql-database.ts';
import type { StatementGuard } from './statement-guard.ts';

export interface PostgresOptions {
  /** `postgres://service@host:5432/name`: the service account, whose rights no person ever has. In mode `login` nobody connects as it; people still may not be it. */
  readonly url: string;
  /** How a call becomes the person. Default `wrapped`. `session-authorization` and `set-role` are no wall. */
  readonly mode?: ActingMode;
  /** Whether people act as themselves (default), or all as the service account. With `service` the mode does not matter. */
  readonly identity?: 'person' | 'service';
  /** How the way to the database is protected. Default: encrypted and verified. */
  readonly tls?: PostgresTls;
  /** Mode `login`: what a person's connection authenticates with. Default: nothing of its own (`cert` with a map, `peer`, `trust`). */
  readonly loginOf?: (username: string) => Omit<Login, 'user'> | Promise<Omit<Login, 'user'>>;
  /** Limits of calls that name none. */
  readonly limits?: Partial<QueryLimits>;
  /** Connections at most. Default 10. Half of them at most serve one person. */
  readonly maxConnections?: number;
  /** Seconds that an idle connection is kept. Default 60. */
  readonly idleSeconds?: number;
  /** Seconds that a call waits for a connection. Default 10. */
  readonly waitSeconds?: number;
  /** `search_path` of people whose role has none. Default `"$user", public`. */
  readonly searchPath?: string;
  /** Says for the second time that a mode without a wall runs with a superuser. Default false. */
  readonly superuserSaidTwice?: boolean;
  /** The second layer, see `SqlDatabaseOptions`. */
  readonly guard?: StatementGuard;
}

/** A PostgreSQL server that answers as the person who asks. Nothing is opened until the first call. */
export function postgresDatabase(options: PostgresOptions): Database {
  const { mode = 'wrapped', identity = 'person', tls = {} } = options;
  const address = parsePostgresUrl(options.url);
  const service: Login = { user: address.user, password: address.password };
  const connect = async (as: ActingAs) => {
    if (as.kind === 'service' || mode !== 'login') return openPostgresConnection(address, tls, service);
    const login = await options.loginOf?.(as.username);
    return openPostgresConnection(address, tls, { ...login, user: as.username }).catch((error: unknown) => {
      throw notLetIn(error, as.username);
    });
  };
  const pool = postgresPool({ ...options, connect });
  let notes: readonly string[] = [];
  const check = async () => {
    // In mode login the service account need not exist; a person's own connection shows what is wrong.
    if (mode === 'login' && identity === 'person') return;
    const connection = await openPostgresConnection(address, tls, service);
    try {
      notes = judgeServiceAccount(await readServiceAccount(connection), mode, {
        saidTwice: options.superuserSaidTwice ?? false,
        actsAsPeople: identity === 'person',
      });
    } finally {
      await connection.end().catch(() => {});
    }
  };
  let checked: Promise<void> | undefined;
  const checkOnce = () => {
    checked ??= check().catch((error: unknown) => {
      checked = undefined;
      throw error;
    });
    return checked;
  };
  return sqlDatabase({
    rules: {
      source: {
        acquire: async (as, signal) => {
          await checkOnce();
          return pool.acquire(as, signal);
        },
        release: pool.release,
      },
      mode,
      serviceAccount: address.user,
      searchPath: options.searchPath ?? '"$user", public',
      resetSql: ['DISCARD ALL'],
    },
    limits: options.limits,
    guard: options.guard,
    describe: () => describe(mode, identity, address.database, notes),
    warm: () => void checkOnce().catch(() => {}),
    // Asked again and again, by whoever watches this server: so it looks every time.
    ready: check,
    close: () => pool.close(),
  });
}

/** PostgreSQL, appendix A, class 28: the server knows no such user, or does not believe that this is the one. */
function notLetIn(error: unknown, username: string): unknown {
  if (!(error instanceof DatabaseError) || !error.sqlState?.startsWith('28')) return error;
  const reason = 'the database does not let this user in';
  return new DatabaseError(
    'person',
    `You can not use the database as ${JSON.stringify(username)}: ${reason}.`,
    {
      cause: error.cause,
      sqlState: error.sqlState,
      detail: { username, reason },
    },
  );
}

const HOW: Record<ActingMode, string> = {
  wrapped: 'every statement runs inside a function of the person',
  login: 'every statement runs on a connection of the person',
  'session-authorization': 'every statement runs after SET SESSION AUTHORIZATION, which is no wall',
  'set-role': 'every statement runs after SET ROLE, which is no wall',
};

function describe(
  mode: ActingMode,
  identity: 'person' | 'service',
  database: string,
  notes: readonly string[],
): DatabaseDescription {
  const how = identity === 'service' ? 'every statement runs as the service account' : HOW[mode];
  return {
    product: 'PostgreSQL',
    mode,
    wall: identity === 'person' && (mode === 'wrapped' || mode === 'login'),
    summary: `PostgreSQL, database ${database}; ${how}`,
    notes,
  };
}

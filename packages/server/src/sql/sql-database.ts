import type { BoundStatement } from './bound-statement.ts';
import { type CallRules, callAs } from './call.ts';
import * as catalog from './catalog.ts';
import {
  type ActingAs,
  type Cell,
  type Database,
  type DatabaseDescription,
  DEFAULT_LIMITS,
  type QueryLimits,
  type TableDescription,
  type TableInfo,
} from './database.ts';
import { DatabaseError } from './database-error.ts';
import type { StatementGuard } from './statement-guard.ts';
import { startGuardThread } from './statement-guard-thread.ts';

export interface SqlDatabaseOptions {
  /** How calls become the person. */
  readonly rules: CallRules;
  /** What start-up and the log say of it. */
  describe(): DatabaseDescription;
  /** For calls that name none. */
  readonly limits?: Partial<QueryLimits>;
  /** The second layer. Default `startGuardThread`; tests of the wall itself hand in one that lets everything through. */
  readonly guard?: StatementGuard;
  /** Starts what takes long. */
  warm(): void;
  /** Resolves when the database answers. */
  ready(): Promise<void>;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Lists are for people and models to read: more than this is of no use to either. */
const MAX_LISTED = 10_000;

const textOf = (cell: Cell | undefined): string => String(cell ?? '');
const textOrNull = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);

/** A database that speaks PostgreSQL's SQL, over connections of whatever kind. */
export function sqlDatabase(options: SqlDatabaseOptions): Database {
  const { rules } = options;
  const thread = startGuardThread();
  const guard = options.guard ?? thread.guard;
  const defaults: QueryLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const list = async (as: ActingAs, statement: BoundStatement, signal?: AbortSignal) =>
    (await callAs(rules, as, statement, { ...defaults, maxRows: MAX_LISTED }, signal)).rows;

  return {
    async listSchemas(as, signal) {
      const rows = await list(as, catalog.schemasStatement(), signal);
      return rows.map(([name, comment]) => ({ name: textOf(name), comment: textOrNull(comment) }));
    },
    async listTables(as, schema, signal) {
      return (await list(as, catalog.tablesStatement(schema), signal)).map(toTable);
    },
    async describeTable(as, schema, table, signal): Promise<TableDescription> {
      const [found] = await list(as, catalog.tableStatement(schema, table), signal);
      if (!found)
        throw new DatabaseError(
          'statement',
          `There is no table ${schema}.${table}, or none that you may read.`,
        );
      const columns = await list(as, catalog.columnsStatement(schema, table), signal);
      const keys = await list(as, catalog.keysStatement(schema, table), signal);
      return {
        ...toTable(found),
        rowSecurity: found[5] === true,
        columns: columns.map(([name, type, nullable, fallback, comment]) => ({
          name: textOf(name),
          type: textOf(type),
          nullable: nullable === true,
          default: textOrNull(fallback),
          comment: textOrNull(comment),
        })),
        primaryKey: keys.filter(([kind]) => kind === 'p').flatMap(([, names]) => toNames(names)),
        foreignKeys: keys
          .filter(([kind]) => kind === 'f')
          .map(([, names, otherSchema, otherTable, otherNames]) => ({
            columns: toNames(names),
            references: {
              schema: textOf(otherSchema),
              table: textOf(otherTable),
              columns: toNames(otherNames),
            },
          })),
      };
    },
    async listFunctions(as, schema, signal) {
      const rows = await list(as, catalog.functionsStatement(schema), signal);
      return rows.map(([inSchema, name, kind, args, returns, comment]) => ({
        schema: textOf(inSchema),
        name: textOf(name),
        kind: textOf(kind),
        arguments: textOf(args),
        returns: textOrNull(returns),
        comment: textOrNull(comment),
      }));
    },
    async execute(as, query, limits, signal) {
      const inForce = { ...defaults, ...limits };
      return callAs(rules, as, await guard(query, inForce), inForce, signal);
    },
    async whoami(as, signal) {
      const [row = []] = await list(as, catalog.whoamiStatement(), signal);
      const [user, sessionUser, database, version] = row.map(textOf);
      return {
        user: user ?? '',
        sessionUser: sessionUser ?? '',
        database: database ?? '',
        version: version ?? '',
      };
    },
    warm: options.warm,
    ready: options.ready,
    async close() {
      await Promise.all([thread.close(), options.close()]);
    },
    describe: options.describe,
  };
}

function toTable([schema, name, kind, comment, estimate]: readonly Cell[]): TableInfo {
  return {
    schema: textOf(schema),
    name: textOf(name),
    kind: textOf(kind),
    comment: textOrNull(comment),
    estimatedRows: estimate === null || estimate === undefined ? null : Number(estimate),
  };
}

function toNames(cell: Cell | undefined): string[] {
  return typeof cell === 'string' ? (JSON.parse(cell) as string[]) : [];
}

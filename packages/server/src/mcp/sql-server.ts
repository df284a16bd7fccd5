import { type McpRequestContext, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import type { Caller } from '@portcullis/auth/core/identity';
import type { ActingAs, Database, QueryLimits } from '../sql/database.ts';
import { DEFAULT_LIMITS } from '../sql/database.ts';
import { DatabaseError } from '../sql/database-error.ts';
import { callerOf, type Identify, identifyPerson } from './tool-caller.ts';
import { toolError, toolResult } from './tool-result.ts';
import { inputs, outputs } from './tool-schemas.ts';

export interface SqlMcpServerOptions {
  /** Whom the tools ask. Without one, `whoami` is the only tool. */
  readonly database?: Database;
  /** Which database user a caller is. Default `identifyPerson`. */
  readonly identify?: Identify;
  /** What one `execute_query` may take. Default 1,000 rows, 5 MB, 30 seconds. */
  readonly limits?: Partial<QueryLimits>;
  /** The version that clients are told. Default `0.1.0`. */
  readonly version?: string;
  /** Told of every call that failed, with the reason that the caller does not see. Must not throw. */
  readonly report?: (failure: ToolFailure) => void;
}

export interface ToolFailure {
  readonly tool: string;
  readonly error: unknown;
  readonly caller?: Caller;
}

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** For `createMcpHandler`: a server for each request, which asks the database as the caller of that request. */
export function sqlMcpServerFactory(
  options: SqlMcpServerOptions,
): (context?: McpRequestContext) => McpServer {
  return () => createSqlMcpServer(options);
}

/** The MCP server over one database. Who asks comes with every request, from the gate. */
export function createSqlMcpServer(options: SqlMcpServerOptions): McpServer {
  const { database } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = new McpServer(
    { name: 'portcullis', title: 'Portcullis', version: options.version ?? '0.1.0' },
    { instructions: database ? instructionsFor(limits) : WITHOUT_DATABASE, capabilities: { tools: {} } },
  );
  addWhoami(server, options);
  if (!database) return server;
  addCatalogTools(server, options, database);
  addQueryTool(server, options, database, limits);
  return server;
}

const WITHOUT_DATABASE = 'This server has no database. Its tool whoami tells who you are signed in as.';

function instructionsFor(limits: QueryLimits): string {
  return [
    'This server answers questions about a PostgreSQL database, with the rights of the person who is signed in, and never changes anything.',
    'Find your way with list_schemas, list_tables and describe_table before you write a statement; comments there tell what columns mean.',
    `execute_query runs one reading statement and gives at most ${limits.maxRows} rows; let the database count, sum and sort rather than reading every row.`,
    'Two people may see different rows of the same table: an empty answer can mean that there is nothing for this person.',
  ].join('\n');
}

type Answer = (caller: Caller, as: ActingAs, signal: AbortSignal) => Promise<Record<string, unknown>>;

/** One call of one tool: who asks, as whom, and what is said when it fails. */
async function call(options: SqlMcpServerOptions, tool: string, context: ServerContext, answer: Answer) {
  let caller: Caller | undefined;
  try {
    caller = callerOf(context);
    const as = (options.identify ?? identifyPerson)(caller);
    return toolResult(await answer(caller, as, context.mcpReq.signal));
  } catch (error) {
    options.report?.({ tool, error, caller });
    return toolError(error);
  }
}

function addWhoami(server: McpServer, options: SqlMcpServerOptions): void {
  server.registerTool(
    'whoami',
    {
      title: 'Who am I?',
      description:
        'Tells who is signed in, through which client, with which scopes, and which database user statements run as.',
      inputSchema: inputs.nothing,
      outputSchema: outputs.whoami,
      annotations: { title: 'Who am I?', ...READS },
    },
    async (_input, context) => {
      let caller: Caller | undefined;
      try {
        caller = callerOf(context);
        const { identity } = caller;
        return toolResult({
          issuer: identity.issuer,
          subject: identity.subject,
          name: identity.name ?? null,
          email: identity.emailVerified ? (identity.email ?? null) : null,
          groups: [...(identity.groups ?? [])],
          scopes: [...caller.scopes],
          client: caller.clientId,
          ...(await databaseUserOf(options, caller, context.mcpReq.signal)),
        });
      } catch (error) {
        options.report?.({ tool: 'whoami', error, caller });
        return toolError(error);
      }
    },
  );
}

/** Someone who has no database user, or whose database is away, may still ask who they are. */
async function databaseUserOf(options: SqlMcpServerOptions, caller: Caller, signal: AbortSignal) {
  const { database, identify = identifyPerson } = options;
  if (!database) return { databaseUser: null, databaseProblem: null };
  try {
    const { user } = await database.whoami(identify(caller), signal);
    return { databaseUser: user, databaseProblem: null };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    options.report?.({ tool: 'whoami', error, caller });
    return { databaseUser: null, databaseProblem: error.message };
  }
}

function addCatalogTools(server: McpServer, options: SqlMcpServerOptions, database: Database): void {
  server.registerTool(
    'list_schemas',
    {
      title: 'List schemas',
      description:
        'Lists the schemas that you may use, with the comments their makers gave them. Start here.',
      inputSchema: inputs.nothing,
      outputSchema: outputs.schemas,
      annotations: { title: 'List schemas', ...READS },
    },
    (_input, context) =>
      call(options, 'list_schemas', context, async (_caller, as, signal) => ({
        schemas: await database.listSchemas(as, signal),
      })),
  );
  server.registerTool(
    'list_tables',
    {
      title: 'List tables',
      description:
        'Lists the tables and views that you may read, of one schema or of all, with their comments.',
      inputSchema: inputs.schema,
      outputSchema: outputs.tables,
      annotations: { title: 'List tables', ...READS },
    },
    ({ schema }, context) =>
      call(options, 'list_tables', context, async (_caller, as, signal) => ({
        tables: await database.listTables(as, schema, signal),
      })),
  );
  server.registerTool(
    'describe_table',
    {
      title: 'Describe a table',
      description:
        'Describes one table or view: columns with types and comments, primary key, foreign keys, and whether each person sees other rows.',
      inputSchema: inputs.table,
      outputSchema: outputs.table,
      annotations: { title: 'Describe a table', ...READS },
    },
    ({ schema, table }, context) =>
      call(options, 'describe_table', context, async (_caller, as, signal) => ({
        ...(await database.describeTable(as, schema, table, signal)),
      })),
  );
  server.registerTool(
    'list_functions',
    {
      title: 'List functions',
      description:
        'Lists the functions that you may call inside of a statement, of one schema or of all, with arguments and results.',
      inputSchema: inputs.schema,
      outputSchema: outputs.functions,
      annotations: { title: 'List functions', ...READS },
    },
    ({ schema }, context) =>
      call(options, 'list_functions', context, async (_caller, as, signal) => ({
        functions: await database.listFunctions(as, schema, signal),
      })),
  );
}

function addQueryTool(
  server: McpServer,
  options: SqlMcpServerOptions,
  database: Database,
  limits: QueryLimits,
): void {
  server.registerTool(
    'execute_query',
    {
      title: 'Run a query',
      description: [
        'Runs one reading PostgreSQL statement (SELECT, VALUES, WITH, EXPLAIN, SHOW) with your rights and gives its rows.',
        `At most ${limits.maxRows} rows, ${limits.maxBytes} bytes and ${limits.timeoutSeconds} seconds. Nothing is ever changed.`,
        'When a statement fails, the answer is the message of PostgreSQL.',
      ].join(' '),
      inputSchema: inputs.query,
      outputSchema: outputs.query,
      annotations: { title: 'Run a query', ...READS },
    },
    ({ query }, context) =>
      call(options, 'execute_query', context, async (_caller, as, signal) => ({
        ...(await database.execute(as, query, limits, signal)),
      })),
  );
}

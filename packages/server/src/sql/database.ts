/** Who a call acts as: a person by the exact name of a database user, or, where the operator asked for it, the service account. */
export type ActingAs = { readonly kind: 'person'; readonly username: string } | { readonly kind: 'service' };

/** A value as it leaves: numbers only where JSON holds them exactly; everything else in the database's own text form. */
export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  /** As PostgreSQL writes it: `bigint`, `numeric`, `timestamp with time zone`. */
  readonly type: string;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  /** In the order of `columns`, so that two columns of one name are both there. */
  readonly rows: readonly (readonly Cell[])[];
  readonly rowCount: number;
  /** Whether the statement had more rows than the limit let through. */
  readonly truncated: boolean;
}

/** What one call may take. */
export interface QueryLimits {
  /** Rows in one answer. Default 1,000. More would fill the context of the model that asked. */
  readonly maxRows: number;
  /** Bytes that one answer may take on the socket. Default 5,242,880 (5 MB). Beyond it the connection is given up. */
  readonly maxBytes: number;
  /** Seconds that one statement may run. Default 30. Beyond it the connection is given up. */
  readonly timeoutSeconds: number;
}

export const DEFAULT_LIMITS: QueryLimits = { maxRows: 1000, maxBytes: 5 * 1024 * 1024, timeoutSeconds: 30 };

export interface SchemaInfo {
  readonly name: string;
  readonly comment: string | null;
}

export interface TableInfo {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly comment: string | null;
  /** The planner's estimate, `null` when it has none. */
  readonly estimatedRows: number | null;
}

export interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly comment: string | null;
}

export interface ForeignKeyInfo {
  readonly columns: readonly string[];
  readonly references: {
    readonly schema: string;
    readonly table: string;
    readonly columns: readonly string[];
  };
}

export interface TableDescription extends TableInfo {
  readonly columns: readonly ColumnInfo[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKeyInfo[];
  /** Whether row security decides which rows the person sees. */
  readonly rowSecurity: boolean;
}

export interface FunctionInfo {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly arguments: string;
  readonly returns: string | null;
  readonly comment: string | null;
}

export interface DatabaseIdentity {
  /** `current_user`: whose rights decide. */
  readonly user: string;
  /** `session_user`: who opened the connection. */
  readonly sessionUser: string;
  readonly database: string;
  readonly version: string;
}

/** What start-up and the log say about a database. */
export interface DatabaseDescription {
  readonly product: 'PGlite' | 'PostgreSQL';
  readonly mode: ActingMode;
  /** Whether the database itself keeps a statement from becoming somebody else. */
  readonly wall: boolean;
  /** One line for people. */
  readonly summary: string;
  /** What the operator should know, such as rights that the service account does not need. Known once the database is ready. */
  readonly notes: readonly string[];
}

/** How a call becomes the person; `docs/` tells what each is worth. */
export type ActingMode = 'wrapped' | 'login' | 'session-authorization' | 'set-role';

/** A database that answers as the person who asks. Every call acts as exactly that person, or fails. */
export interface Database {
  listSchemas(as: ActingAs, signal?: AbortSignal): Promise<readonly SchemaInfo[]>;
  listTables(as: ActingAs, schema?: string, signal?: AbortSignal): Promise<readonly TableInfo[]>;
  /** @throws DatabaseError of kind `statement` when there is no such table, or none that the person may see. */
  describeTable(as: ActingAs, schema: string, table: string, signal?: AbortSignal): Promise<TableDescription>;
  listFunctions(as: ActingAs, schema?: string, signal?: AbortSignal): Promise<readonly FunctionInfo[]>;
  /** Runs one reading statement. */
  execute(
    as: ActingAs,
    query: string,
    limits?: Partial<QueryLimits>,
    signal?: AbortSignal,
  ): Promise<QueryResult>;
  whoami(as: ActingAs, signal?: AbortSignal): Promise<DatabaseIdentity>;
  /** Starts what takes long, without waiting. Never throws. */
  warm(): void;
  /** Resolves when the database answers. @throws DatabaseError of kind `unavailable`, or OperatorError. */
  ready(): Promise<void>;
  close(): Promise<void>;
  describe(): DatabaseDescription;
}

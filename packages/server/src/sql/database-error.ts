/**
 * What went wrong with a call to the database.
 * - `statement`: the person's statement, in the database's own words.
 * - `refused`: this server does not run such a statement.
 * - `person`: there is no database user this person may act as.
 * - `too-large`, `timeout`, `cancelled`: a limit, or the caller went away; the connection was given up.
 * - `unavailable`: the database can not be reached, or is set up wrongly. The reason is for the log.
 */
export type DatabaseErrorKind =
  | 'statement'
  | 'refused'
  | 'person'
  | 'too-large'
  | 'timeout'
  | 'cancelled'
  | 'unavailable';

/** `message` is for the person and names no address, account or secret; `detail` and `cause` are for the log. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: DatabaseErrorKind;
  /** The SQLSTATE the database gave. */
  readonly sqlState?: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    kind: DatabaseErrorKind,
    message: string,
    options: { cause?: unknown; sqlState?: string; detail?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.sqlState = options.sqlState;
    this.detail = options.detail ?? {};
  }
}

/** What a PostgreSQL server reports, whichever driver carried it. */
export interface ServerReport {
  readonly message: string;
  readonly code: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** A report of the server about one statement, as thrown by a `Connection`. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly report: ServerReport;

  constructor(report: ServerReport) {
    super(report.message);
    this.report = report;
  }
}

import { type Acting, actingFor } from './acting.ts';
import type { BoundStatement } from './bound-statement.ts';
import type { Connection, ConnectionSource } from './connection.ts';
import type { ActingAs, ActingMode, QueryLimits, QueryResult } from './database.ts';
import { DatabaseError, ServerError } from './database-error.ts';
import { admitUser, refuseName } from './database-user.ts';
import { sessionSettings } from './session-settings.ts';
import { TOO_LARGE_STATE, WRONG_ROLE_STATE } from './wrapper/wrapper.ts';

/** How calls are made on one database. */
export interface CallRules {
  readonly source: ConnectionSource;
  readonly mode: ActingMode;
  /** The account that nobody may act as. */
  readonly serviceAccount: string;
  /** For roles that have none of their own. Default `"$user", public`. */
  readonly searchPath: string;
  /** What cleans a connection after a call, in order, outside of a transaction. */
  readonly resetSql: readonly string[];
}

/** How much longer than the statement may run the call waits, so that the server's own limit comes first where it has one. */
const GRACE_MS = 250;

/** One statement, as one person or as the service account: `acting-as-the-person`, every step of it. */
export async function callAs(
  rules: CallRules,
  as: ActingAs,
  statement: BoundStatement,
  limits: QueryLimits,
  signal: AbortSignal = new AbortController().signal,
): Promise<QueryResult> {
  const unfit = as.kind === 'person' ? refuseName(as.username, rules.serviceAccount) : undefined;
  if (unfit && as.kind === 'person')
    throw new DatabaseError(
      'person',
      `You can not use the database as ${JSON.stringify(as.username)}: ${unfit}.`,
    );
  const acting = actingFor(as, rules.mode);
  const connection = await rules.source.acquire(as, signal);
  const unwatch = watch(connection, limits, signal);
  try {
    const outcome = await attempt(() => transact(rules, as, acting, connection, statement, limits));
    if (outcome.error !== undefined && !isHarmless(outcome.error)) throw outcome.error;
    await leave(rules, connection);
    signal.throwIfAborted();
    if (outcome.error !== undefined) throw new Settled(outcome.error);
    return outcome.value as QueryResult;
  } catch (error) {
    if (!(error instanceof Settled)) connection.destroy(asError(error));
    throw explain(error instanceof Settled ? error.error : error, limits, signal);
  } finally {
    unwatch();
    rules.source.release(connection);
  }
}

/** An error after which the connection is as good as new. */
class Settled {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

async function transact(
  rules: CallRules,
  as: ActingAs,
  acting: Acting,
  connection: Connection,
  statement: BoundStatement,
  limits: QueryLimits,
): Promise<QueryResult> {
  await setUp(() => connection.query('BEGIN TRANSACTION READ ONLY'));
  const role =
    as.kind === 'person'
      ? await setUp(() =>
          admitUser(connection, as.username, {
            serviceAccount: rules.serviceAccount,
            needsWrapper: rules.mode === 'wrapped',
          }),
        )
      : undefined;
  const settings = sessionSettings(limits, role?.searchPath ?? rules.searchPath);
  await setUp(() => connection.query(settings.sql, settings.values));
  await setUp(() => enter(acting, connection));
  const expected = acting.expected(connection.user);
  await setUp(() => checkIdentity(connection, expected.user, expected.sessionUser));
  connection.allowBytes(limits.maxBytes);
  const result = await acting.run(connection, statement, limits);
  await setUp(() => checkIdentity(connection, expected.user, expected.sessionUser));
  return result;
}

async function enter(acting: Acting, connection: Connection): Promise<void> {
  if (acting.enterSql === undefined) return;
  try {
    await connection.query(acting.enterSql);
  } catch (error) {
    if (!(error instanceof ServerError) || error.report.code !== '42501') throw error;
    const message = 'You can not use the database: the service account may not act as your database user.';
    throw new DatabaseError('person', message, { cause: error, detail: { sql: acting.enterSql } });
  }
}

/** What fails in here is not the fault of the person's statement. */
async function setUp<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError('unavailable', 'The database can not be used now.', { cause: error });
  }
}

/** Nothing of a call stays: not a change, not a setting, not a lock, not an identity. */
async function leave(rules: CallRules, connection: Connection): Promise<void> {
  connection.allowBytes(Number.MAX_SAFE_INTEGER);
  await setUp(async () => {
    await connection.query('ROLLBACK');
    for (const sql of rules.resetSql) await connection.query(sql);
    await checkIdentity(connection, connection.user, connection.user);
  });
}

async function checkIdentity(connection: Connection, user: string, sessionUser: string): Promise<void> {
  const { rows } = await connection.query(
    'SELECT current_user::pg_catalog.text, session_user::pg_catalog.text',
  );
  const [seenUser, seenSessionUser] = rows[0] ?? [];
  if (seenUser === user && seenSessionUser === sessionUser) return;
  throw new DatabaseError(
    'unavailable',
    'The database session is not whose it should be; nothing is answered.',
    {
      detail: { expected: { user, sessionUser }, seen: { user: seenUser, sessionUser: seenSessionUser } },
    },
  );
}

/** Gives the connection up when the time is over or nobody waits any more. */
function watch(connection: Connection, limits: QueryLimits, signal: AbortSignal): () => void {
  const cancel = () => connection.destroy(cancelled());
  const timer = setTimeout(
    () => connection.destroy(timedOut(limits)),
    limits.timeoutSeconds * 1000 + GRACE_MS,
  );
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  };
}

const cancelled = () => new DatabaseError('cancelled', 'The call was cancelled.');
const timedOut = (limits: QueryLimits) =>
  new DatabaseError(
    'timeout',
    `The statement took longer than ${limits.timeoutSeconds} seconds and was stopped.`,
  );

/** Only what the server says about a statement leaves a connection that can be cleaned and used again. */
function isHarmless(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.kind === 'person' || error.kind === 'statement';
  return (
    error instanceof ServerError && !isTheServersTrouble(error.report.code) && error.report.code !== '57014'
  );
}

/** SQLSTATE classes of trouble that is not the statement's: connection, resources, operator, system, internal. */
function isTheServersTrouble(code: string): boolean {
  return /^(08|53|57P|58|F0|XX)/.test(code) || code === TOO_LARGE_STATE || code === WRONG_ROLE_STATE;
}

function explain(error: unknown, limits: QueryLimits, signal: AbortSignal): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (signal.aborted) return cancelled();
  if (!(error instanceof ServerError))
    return new DatabaseError('unavailable', 'The database can not be reached now.', { cause: error });
  const { message, code, detail, hint } = error.report;
  if (code === '57014') return timedOut(limits);
  if (code === TOO_LARGE_STATE)
    return new DatabaseError('too-large', `${capital(message)}. Ask for fewer rows or columns.`, {
      sqlState: code,
    });
  if (isTheServersTrouble(code) && !code.startsWith('53'))
    return new DatabaseError('unavailable', 'The database can not answer this now.', {
      cause: error,
      sqlState: code,
    });
  const text = [message, detail && `Detail: ${detail}`, hint && `Hint: ${hint}`].filter(Boolean).join('\n');
  return new DatabaseError('statement', text, { sqlState: code });
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

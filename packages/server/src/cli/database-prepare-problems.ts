import { OperatorError } from '@portcullis/auth/core/operator-error';
import { plainText } from '../log/plain-text.ts';
import { redactText } from '../log/redact.ts';
import { DatabaseError, ServerError } from '../sql/database-error.ts';
import { type PostgresAddress, parsePostgresUrl } from '../sql/postgres-address.ts';

export type AddressSetting = 'database.url' | 'database.administratorUrl';

/**
 * Where the service account connects.
 * @throws OperatorError when the administrator's address, if any, is that of another database.
 */
export function serviceAddress(url: string, administratorUrl: string | undefined): PostgresAddress {
  const service = parsePostgresUrl(url);
  const administrator = administratorUrl === undefined ? service : parsePostgresUrl(administratorUrl);
  if (placeOf(service) !== placeOf(administrator))
    throw stop(
      'database.administratorUrl',
      `database.url leads to ${show(service)}, and database.administratorUrl to ${show(administrator)}.`,
      'Name the same host, port and database in both, or use --print and run the SQL where it belongs.',
    );
  return service;
}

function placeOf({ host, port, database }: PostgresAddress): string {
  const name = host.startsWith('/') ? host : host.toLowerCase();
  const loopback = name === 'localhost' || name === '127.0.0.1' || name === '::1';
  return JSON.stringify([loopback ? 'localhost' : name, port, database]);
}

function show({ host, port, database }: PostgresAddress): string {
  return `database ${JSON.stringify(database)} on ${host} port ${port}`;
}

/** What the database said no to, as a problem of the account that it was said to; `undefined` for anything else. */
export function refusedByDatabase(error: unknown, setting: AddressSetting): OperatorError | undefined {
  if (error instanceof ServerError)
    return stop(
      setting,
      `The database refused: ${clean(error.message)}.`,
      'Use a superuser, or an account that has CREATE on the database, owns the schema portcullis, and is a member, with admin option, of the roles that people act as.',
    );
  if (!(error instanceof DatabaseError) || error.kind !== 'unavailable') return undefined;
  const message = error.cause instanceof Error ? error.cause.message : error.message;
  // Without an SQLSTATE it is the network, unless the server asked for a password that is not there.
  if (error.sqlState === undefined && !/asks for a password/.test(message)) return undefined;
  return stop(
    setting,
    `The database did not let the account in: ${clean(message).replace(/\.$/, '')}.`,
    `Look at the user, the password and the database in ${setting}.`,
  );
}

/** The message, and what the database or the network said behind it. */
export function explain(error: DatabaseError): string {
  const cause = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
  return clean(error.message + cause);
}

function clean(text: string): string {
  return plainText(redactText(text));
}

export function stop(setting: string, message: string, remedy: string): OperatorError {
  return new OperatorError([{ setting, source: 'default', message, remedy }]);
}

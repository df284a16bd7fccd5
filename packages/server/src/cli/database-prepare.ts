import { OperatorError, type Problem } from '@portcullis/auth/core/operator-error';
import { plainText } from '../log/plain-text.ts';
import { redactText } from '../log/redact.ts';
import type { Settings } from '../settings/names.ts';
import { DatabaseError } from '../sql/database-error.ts';
import { parsePostgresUrl } from '../sql/postgres-address.ts';
import { type Prepared, prepareSql, runPrepare } from '../sql/prepare.ts';
import { EXIT_CONFIGURATION } from './problem-list.ts';
import type { Terminal } from './terminal.ts';

export interface DatabasePrepareFlags {
  /** Roles that people act as. Default: none. */
  readonly role?: readonly string[];
  /** Group roles, all members of which people act as. Default: none. */
  readonly group?: readonly string[];
  /** Print the SQL, and change nothing. Default: false. */
  readonly print?: boolean;
}

/** `portcullis database prepare`: makes, or prints, what lets the service account run statements as people. */
export async function databasePrepare(
  { database }: Settings,
  flags: DatabasePrepareFlags,
  terminal: Terminal,
): Promise<number> {
  const { role: roles = [], group: groups = [], print = false } = flags;
  if (roles.length + groups.length === 0) {
    terminal.err('error: name the roles that people act as: --role alice, or --group analysts.\n');
    return EXIT_CONFIGURATION;
  }
  const place = database.url;
  if (place.kind !== 'postgres')
    throw stop(
      'database.url',
      'There is no PostgreSQL database to prepare.',
      'Set database.url, or --database.',
    );
  const url = database.administratorUrl ?? place.url;
  if (database.administratorUrl === undefined && !print)
    throw stop(
      'database.administratorUrl',
      'It takes an administrator of the database to prepare it.',
      'Set database.administratorUrl, or use --print and run the SQL as an administrator.',
    );
  const serviceAccount = parsePostgresUrl(place.url).user;
  const tls = {
    mode: database.sslMode,
    ca: database.sslCa,
    cert: database.sslCertificate,
    key: database.sslKey,
  };
  try {
    const prepared =
      print && groups.length === 0
        ? { roles, sql: prepareSql({ roles, serviceAccount }) }
        : await runPrepare({ url, serviceAccount, tls, roles, groups, printOnly: print });
    report(prepared, print, serviceAccount, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    terminal.err(`error: ${explain(error)}\n`);
    return 1;
  }
}

function report({ roles, sql }: Prepared, print: boolean, serviceAccount: string, terminal: Terminal): void {
  if (print) {
    terminal.out(sql);
    return;
  }
  const lines = [
    `Prepared: ${plainText(serviceAccount)} can run reading statements as`,
    ...(roles.length > 0 ? roles : ['nobody: the groups have no members']).map(
      (role) => `  ${plainText(role)}`,
    ),
  ];
  terminal.out(`${lines.join('\n')}\n`);
}

/** The message, and what the database or the network said behind it. */
function explain(error: DatabaseError): string {
  const cause = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
  return plainText(redactText(error.message + cause));
}

function stop(setting: string, message: string, remedy: string): OperatorError {
  const problem: Problem = { setting, source: 'default', message, remedy };
  return new OperatorError([problem]);
}

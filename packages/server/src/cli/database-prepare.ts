import { plainText } from '../log/plain-text.ts';
import type { Settings } from '../settings/names.ts';
import { DatabaseError } from '../sql/database-error.ts';
import { type Prepared, prepareSql, runPrepare } from '../sql/prepare.ts';
import { explain, refusedByDatabase, serviceAddress, stop } from './database-prepare-problems.ts';
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
  const offline = print && groups.length === 0;
  const serviceAccount = serviceAddress(place.url, offline ? undefined : database.administratorUrl).user;
  const tls = {
    mode: database.sslMode,
    ca: database.sslCa,
    cert: database.sslCertificate,
    key: database.sslKey,
  };
  try {
    const prepared = offline
      ? { roles, leftOut: [], stillPrepared: [], sql: prepareSql({ roles, serviceAccount }) }
      : await runPrepare({ url, serviceAccount, tls, roles, groups, printOnly: print });
    report(prepared, { print, serviceAccount, groups, terminal });
    return 0;
  } catch (error) {
    const refused = refusedByDatabase(
      error,
      database.administratorUrl === undefined ? 'database.url' : 'database.administratorUrl',
    );
    if (refused) throw refused;
    if (!(error instanceof DatabaseError)) throw error;
    terminal.err(`error: ${explain(error)}\n`);
    return 1;
  }
}

interface ReportOptions {
  readonly print: boolean;
  readonly serviceAccount: string;
  readonly groups: readonly string[];
  readonly terminal: Terminal;
}

function report(prepared: Prepared, { print, serviceAccount, groups, terminal }: ReportOptions): void {
  const { roles } = prepared;
  const notes = notesOn(prepared, groups);
  if (print) {
    terminal.out(prepared.sql);
    // The SQL is what is piped on, so that remarks go elsewhere.
    for (const note of notes) terminal.err(`${note}\n`);
    return;
  }
  const lines = [
    `Prepared: ${plainText(serviceAccount)} can run reading statements as`,
    ...(roles.length > 0 ? roles : ['nobody: the groups have no members who can be acted as']).map(
      (role) => `  ${plainText(role)}`,
    ),
    ...notes,
  ];
  terminal.out(`${lines.join('\n')}\n`);
}

/** Whom the groups have but nobody may act as, and who has a function from before. */
function notesOn({ leftOut, stillPrepared }: Prepared, groups: readonly string[]): string[] {
  const members = new Set(leftOut.map(({ role }) => role));
  const list = (label: string, entries: readonly string[]) =>
    entries.length > 0 ? [`${label}: ${plainText(entries.join(', '))}`] : [];
  return [
    ...list(
      'Left out',
      leftOut.map(({ role, reason }) => `${role} (${reason.replace(/^the role /, '')})`),
    ),
    ...list(
      'Still prepared, though left out',
      stillPrepared.filter((role) => members.has(role)),
    ),
    ...list(
      `Still prepared, and no member of ${plainText(groups.join(' or '))}`,
      stillPrepared.filter((role) => !members.has(role)),
    ),
  ];
}

import { OperatorError } from '@portcullis/auth/core/operator-error';
import type { Connection } from './connection.ts';
import type { ActingMode } from './database.ts';
import { WRAPPER_SCHEMA } from './wrapper/wrapper.ts';

/** What the catalog says about the account that connections are opened with. */
export interface ServiceAccountFacts {
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
  readonly createsRoles: boolean;
  /** Roles that it is a member of, directly. */
  readonly memberOf: readonly string[];
  /** Whether it can call functions in the schema of the wrappers. */
  readonly usesWrappers: boolean;
  /** Such as 150006. */
  readonly serverVersion: number;
}

/** The oldest server that has everything these statements ask for. */
const OLDEST_VERSION = 120_000;

const FACTS = `SELECT r.rolsuper::pg_catalog.text, r.rolbypassrls::pg_catalog.text, r.rolcreaterole::pg_catalog.text,
  (SELECT COALESCE(pg_catalog.json_agg(g.rolname), '[]'::pg_catalog.json)::pg_catalog.text FROM pg_catalog.pg_auth_members AS m
    JOIN pg_catalog.pg_roles AS g ON g.oid OPERATOR(pg_catalog.=) m.roleid WHERE m.member OPERATOR(pg_catalog.=) r.oid),
  COALESCE((SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname OPERATOR(pg_catalog.=) '${WRAPPER_SCHEMA}'), false)::pg_catalog.text,
  pg_catalog.current_setting('server_version_num')
FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) current_user`;

export async function readServiceAccount(connection: Connection): Promise<ServiceAccountFacts> {
  const { rows } = await connection.query(FACTS);
  const [superuser, bypasses, createsRoles, memberOf, usesWrappers, version] = rows[0] ?? [];
  return {
    superuser: superuser !== 'false',
    bypassesRowSecurity: bypasses !== 'false',
    createsRoles: createsRoles !== 'false',
    memberOf: JSON.parse(memberOf ?? '[]') as string[],
    usesWrappers: usesWrappers === 'true',
    serverVersion: Number(version),
  };
}

/**
 * Holds the service account against the mode.
 * @returns what the operator should know.
 * @throws OperatorError when the start must stop.
 */
export function judgeServiceAccount(
  facts: ServiceAccountFacts,
  mode: ActingMode,
  options: { readonly saidTwice: boolean; readonly actsAsPeople: boolean },
): string[] {
  if (facts.serverVersion < OLDEST_VERSION)
    throw stop('database.url', 'The PostgreSQL server is too old.', 'Use PostgreSQL 12 or later.');
  const switches = mode === 'set-role' || mode === 'session-authorization';
  if (options.actsAsPeople && switches && facts.superuser && !options.saidTwice)
    throw stop(
      'database.mode',
      `With ${mode} a clever statement can act as the service account, and this one is a superuser.`,
      'Use the mode wrapped, or say that you know: database.iKnowServiceAccountIsSuperuser.',
    );
  if (options.actsAsPeople && mode === 'wrapped' && !facts.usesWrappers)
    throw stop(
      'database.mode',
      `The service account can not use the schema ${WRAPPER_SCHEMA}: nothing is prepared.`,
      'Run "portcullis database prepare" as an administrator of the database.',
    );
  const notes: string[] = [];
  const needless = [
    facts.superuser && 'is a superuser',
    facts.bypassesRowSecurity && !facts.superuser && 'bypasses row security',
    facts.createsRoles && !facts.superuser && 'may create roles',
    mode === 'wrapped' && facts.memberOf.length > 0 && `is a member of ${facts.memberOf.join(', ')}`,
  ].filter((reason) => reason !== false);
  if (needless.length > 0)
    notes.push(`The service account ${needless.join(' and ')}, which it does not need.`);
  if (options.actsAsPeople && switches)
    notes.push(`The mode ${mode} is no wall: a clever statement can act as the service account.`);
  return notes;
}

function stop(setting: string, message: string, remedy: string): OperatorError {
  return new OperatorError([{ setting, source: 'the database', message, remedy }]);
}

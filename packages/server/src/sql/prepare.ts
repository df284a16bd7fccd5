import type { Connection } from './connection.ts';
import { DatabaseError } from './database-error.ts';
import { refuseName } from './database-user.ts';
import { type PostgresTls, parsePostgresUrl } from './postgres-address.ts';
import { openPostgresConnection } from './postgres-connection.ts';
import { quoteIdentifier, quoteLiteral } from './wrapper/identifier.ts';
import { createWrapperSql, WRAPPER_SCHEMA } from './wrapper/wrapper.ts';

export interface PrepareOptions {
  /** Roles that people act as, exactly as they are written. */
  readonly roles: readonly string[];
  /** The account that this server connects with. */
  readonly serviceAccount: string;
}

/**
 * The SQL that lets the service account run statements as the roles, and nothing else: one transaction, for an administrator of the
 * database. It may be run again at any time.
 * @throws DatabaseError of kind `person` for a name that no person may have.
 */
export function prepareSql({ roles, serviceAccount }: PrepareOptions): string {
  for (const role of roles) {
    const reason = refuseName(role, serviceAccount);
    if (reason)
      throw new DatabaseError('person', `Nothing can be prepared for ${JSON.stringify(role)}: ${reason}.`);
  }
  const service = quoteIdentifier(serviceAccount);
  const statements = [
    'BEGIN',
    // Whoever owns the schema could put other functions into it.
    `DO $portcullis$ BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
    WHERE n.nspname = '${WRAPPER_SCHEMA}' AND NOT r.rolsuper AND r.rolname <> current_user)
  THEN RAISE EXCEPTION 'the schema ${WRAPPER_SCHEMA} belongs to somebody else'; END IF;
END $portcullis$`,
    `CREATE SCHEMA IF NOT EXISTS ${WRAPPER_SCHEMA}`,
    `COMMENT ON SCHEMA ${WRAPPER_SCHEMA} IS ${quoteLiteral('Functions that run a reading statement as a person. For the service account alone.')}`,
    `REVOKE ALL ON SCHEMA ${WRAPPER_SCHEMA} FROM PUBLIC`,
    `GRANT USAGE ON SCHEMA ${WRAPPER_SCHEMA} TO ${service}`,
    ...roles.flatMap((role) => createWrapperSql(role, serviceAccount)),
    'COMMIT',
  ];
  return `${statements.join(';\n\n')};\n`;
}

/** Everybody who is a member, directly or not, of one of the groups and may be acted as; the groups themselves are not. */
const MEMBERS = `SELECT DISTINCT r.rolname::pg_catalog.text
  FROM pg_catalog.pg_roles AS r, pg_catalog.pg_roles AS g
  WHERE g.rolname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[])
    AND r.oid OPERATOR(pg_catalog.<>) g.oid AND NOT r.rolsuper AND pg_catalog.pg_has_role(r.oid, g.oid, 'MEMBER')
    AND (r.rolcanlogin OR NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m WHERE m.roleid OPERATOR(pg_catalog.=) r.oid))
  ORDER BY 1`;

const UNKNOWN_ROLES = `SELECT wanted FROM pg_catalog.unnest($1::pg_catalog.text[]) AS u(wanted)
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) wanted)`;

export interface RunPrepareOptions extends Omit<PrepareOptions, 'roles'> {
  /** The database, with an administrator as its user: a superuser, or one who may make functions for these roles. */
  readonly url: string;
  /** How the way to the database is protected. Default: encrypted and verified. */
  readonly tls?: PostgresTls;
  /** Roles by name. */
  readonly roles?: readonly string[];
  /** Group roles: everybody who is a member is prepared. */
  readonly groups?: readonly string[];
  /** Only tells the SQL. Default false. */
  readonly printOnly?: boolean;
}

export interface Prepared {
  readonly roles: readonly string[];
  readonly sql: string;
}

/** Finds the roles, and makes their functions unless only the SQL is wanted. */
export async function runPrepare(options: RunPrepareOptions): Promise<Prepared> {
  const address = parsePostgresUrl(options.url);
  const connection = await openPostgresConnection(address, options.tls ?? {}, {
    user: address.user,
    password: address.password,
  });
  try {
    const roles = await findRoles(connection, options);
    const sql = prepareSql({ roles, serviceAccount: options.serviceAccount });
    if (!options.printOnly) await connection.script(sql);
    return { roles, sql };
  } finally {
    await connection.end().catch(() => {});
  }
}

async function findRoles(connection: Connection, options: RunPrepareOptions): Promise<string[]> {
  const { roles = [], groups = [], serviceAccount } = options;
  const unknown = await connection.query(UNKNOWN_ROLES, [[...roles, ...groups, serviceAccount]]);
  if (unknown.rows.length > 0)
    throw new DatabaseError(
      'person',
      `The database has no role ${unknown.rows.map(([name]) => JSON.stringify(name)).join(', ')}.`,
    );
  const members = await connection.query(MEMBERS, [groups]);
  const found = members.rows
    .map(([name]) => name ?? '')
    .filter((name) => refuseName(name, serviceAccount) === undefined);
  return [...new Set([...roles, ...found])];
}

import { OperatorError } from '@portcullis/auth/core/operator-error';
import type { Connection } from './connection.ts';
import { DatabaseError } from './database-error.ts';
import { findRole, refusalSql, refuseName, refuseRole } from './database-user.ts';
import { type PostgresTls, parsePostgresUrl } from './postgres-address.ts';
import { openPostgresConnection } from './postgres-connection.ts';
import { quoteIdentifier, quoteLiteral } from './wrapper/identifier.ts';
import { createWrapperSql, dollarTag, WRAPPER_SCHEMA, wrapperName } from './wrapper/wrapper.ts';

export interface PrepareOptions {
  /** Roles that people act as, exactly as they are written. */
  readonly roles: readonly string[];
  /** The account that this server connects with. */
  readonly serviceAccount: string;
}

/**
 * The SQL that lets the service account run statements as the roles, and nothing else: one transaction, for an administrator of the
 * database. It may be run again at any time, and refuses by itself what a person's role may not be.
 * @throws OperatorError for a name that no person may have.
 */
export function prepareSql({ roles, serviceAccount }: PrepareOptions): string {
  for (const role of roles) {
    const reason = refuseName(role, serviceAccount);
    if (reason) throw refusal(role, reason);
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
    judgeSql(roles, serviceAccount),
    `CREATE SCHEMA IF NOT EXISTS ${WRAPPER_SCHEMA}`,
    `COMMENT ON SCHEMA ${WRAPPER_SCHEMA} IS ${quoteLiteral('Functions that run a reading statement as a person. For the service account alone.')}`,
    `REVOKE ALL ON SCHEMA ${WRAPPER_SCHEMA} FROM PUBLIC`,
    `GRANT USAGE ON SCHEMA ${WRAPPER_SCHEMA} TO ${service}`,
    ...roles.flatMap((role) => createWrapperSql(role, serviceAccount)),
    'COMMIT',
  ];
  return `${statements.join(';\n\n')};\n`;
}

/** Whoever runs the SQL can not have judged the roles at the time it was made, so that it judges them again. */
function judgeSql(roles: readonly string[], serviceAccount: string): string {
  const names = roles.map(quoteLiteral).join(', ');
  const body = ` DECLARE item pg_catalog.record; BEGIN
  FOR item IN SELECT r.rolname AS name, ${refusalSql(quoteLiteral(serviceAccount))} AS reason
    FROM pg_catalog.pg_roles AS r WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY[${names}]::pg_catalog.text[])
  LOOP
    IF item.reason IS NOT NULL THEN
      RAISE EXCEPTION 'nothing can be prepared for "%": %', item.name, item.reason;
    END IF;
  END LOOP;
END `;
  const tag = dollarTag(body);
  return `DO ${tag}${body}${tag}`;
}

function refusal(role: string, reason: string): OperatorError {
  return new OperatorError([
    {
      setting: '--role',
      source: '--role',
      message: `Nothing can be prepared for ${JSON.stringify(role)}: ${reason}.`,
      remedy: 'Name a role that is nothing but a person.',
    },
  ]);
}

/** Everybody who is a member, directly or not, of one of the groups; groups themselves are not. By grants, since a superuser counts as a member of all. */
const MEMBERS = `WITH RECURSIVE members(oid) AS (
    SELECT m.member FROM pg_catalog.pg_auth_members AS m
      JOIN pg_catalog.pg_roles AS g ON g.oid OPERATOR(pg_catalog.=) m.roleid
      WHERE g.rolname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[])
    UNION SELECT m.member FROM pg_catalog.pg_auth_members AS m JOIN members AS x ON x.oid OPERATOR(pg_catalog.=) m.roleid)
  SELECT r.rolname::pg_catalog.text FROM members AS x JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) x.oid
  WHERE r.rolcanlogin OR NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m WHERE m.roleid OPERATOR(pg_catalog.=) r.oid)
  ORDER BY 1`;

/** Every role, and the functions it owns among the wrappers. */
const WRAPPED = `SELECT r.rolname::pg_catalog.text, p.proname::pg_catalog.text
  FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
    JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) p.proowner
  WHERE n.nspname OPERATOR(pg_catalog.=) '${WRAPPER_SCHEMA}' ORDER BY 1`;

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

/** A member of a group who is not prepared, and why. */
export interface LeftOut {
  readonly role: string;
  readonly reason: string;
}

export interface Prepared {
  readonly roles: readonly string[];
  /** Members of the groups whom nobody may act as. */
  readonly leftOut: readonly LeftOut[];
  /** Where groups were asked for: roles that have a function from before, and are not among `roles`. */
  readonly stillPrepared: readonly string[];
  readonly sql: string;
}

/**
 * Finds the roles, and makes their functions unless only the SQL is wanted.
 * @throws OperatorError for a named role that no person may have.
 * @throws DatabaseError when the database can not be reached or has no such role; ServerError when the database refuses.
 */
export async function runPrepare(options: RunPrepareOptions): Promise<Prepared> {
  const address = parsePostgresUrl(options.url);
  const connection = await openPostgresConnection(address, options.tls ?? {}, {
    user: address.user,
    password: address.password,
  });
  try {
    const { roles, leftOut } = await findRoles(connection, options);
    const sql = prepareSql({ roles, serviceAccount: options.serviceAccount });
    const wrapped = options.groups?.length ? (await connection.query(WRAPPED)).rows : [];
    const stillPrepared = wrapped
      .filter(([role, name]) => role && name === wrapperName(role) && !roles.includes(role))
      .map(([role]) => role ?? '');
    if (!options.printOnly) await connection.script(sql);
    return { roles, leftOut, stillPrepared, sql };
  } finally {
    await connection.end().catch(() => {});
  }
}

async function findRoles(
  connection: Connection,
  options: RunPrepareOptions,
): Promise<Pick<Prepared, 'roles' | 'leftOut'>> {
  const { roles = [], groups = [], serviceAccount } = options;
  const unknown = await connection.query(UNKNOWN_ROLES, [[...roles, ...groups, serviceAccount]]);
  if (unknown.rows.length > 0)
    throw new DatabaseError(
      'person',
      `The database has no role ${unknown.rows.map(([name]) => JSON.stringify(name)).join(', ')}.`,
    );
  const judge = async (role: string) => {
    const unfit = refuseName(role, serviceAccount);
    if (unfit) return unfit;
    const facts = await findRole(connection, role, serviceAccount);
    return facts ? refuseRole(facts, false) : 'the database has no user of this name';
  };
  const fit = new Set<string>();
  for (const role of roles) {
    const reason = await judge(role);
    if (reason) throw refusal(role, reason);
    fit.add(role);
  }
  const leftOut: LeftOut[] = [];
  for (const [role] of (await connection.query(MEMBERS, [groups])).rows) {
    const reason = await judge(role ?? '');
    if (reason) leftOut.push({ role: role ?? '', reason });
    else fit.add(role ?? '');
  }
  return { roles: [...fit], leftOut };
}

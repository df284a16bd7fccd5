import type { Connection } from './connection.ts';
import { DatabaseError } from './database-error.ts';
import { WRAPPER_SCHEMA, wrapperFingerprint, wrapperName } from './wrapper/wrapper.ts';

/** NAMEDATALEN - 1: a longer name would be cut off by the server, and might then be somebody else's. */
const MAX_NAME_BYTES = 63;

/** Roles whose members reach files and programs of the server's machine. */
const SERVER_ROLES = ['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'];

/** What the catalog says about a role, and about its wrapper. */
export interface RoleFacts {
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
  readonly createsRoles: boolean;
  readonly createsDatabases: boolean;
  readonly replicates: boolean;
  /** Member, directly or not, of a role that reaches the server's machine. */
  readonly reachesServer: boolean;
  /** Member, directly or not, of a superuser or of a role that bypasses row security. */
  readonly memberOfSuperuser: boolean;
  /** Member, directly or not, of the service account, and so able to call everybody's wrapper. */
  readonly memberOfService: boolean;
  /** May use, create in, or owns the schema of the wrappers. */
  readonly usesWrapperSchema: boolean;
  /** `absent`; `altered` when it is not what `prepare` made. */
  readonly wrapper: 'absent' | 'altered' | 'sound';
  /** The `search_path` that the role has by `ALTER ROLE`, if any. */
  readonly searchPath: string | null;
}

/** The rules that need no database. Returns why the name is refused. */
export function refuseName(username: string, serviceAccount: string): string | undefined {
  if (username === '') return 'the name is empty';
  if (username.includes('\0') || /\p{Surrogate}/u.test(username))
    return 'the name is not text that a database name can be';
  if (Buffer.byteLength(username, 'utf8') > MAX_NAME_BYTES)
    return `the name is longer than ${MAX_NAME_BYTES} bytes`;
  if (username === 'none') return 'the name none stands for nobody';
  if (username === 'public') return 'the name public stands for everybody';
  if (username.startsWith('pg_')) return 'names that start with pg_ belong to the system';
  if (username === serviceAccount) return 'this is the service account';
  return undefined;
}

const MEMBER_OF = (condition: string) => `EXISTS (SELECT FROM pg_catalog.pg_roles AS other
    WHERE (${condition}) AND pg_catalog.pg_has_role(r.oid, other.oid, 'MEMBER'))`;

const SERVER_ROLE_LIST = SERVER_ROLES.map((name) => `'${name}'::pg_catalog.name`).join(', ');

interface RoleRule {
  readonly fact: keyof RoleFacts;
  /** Whether the role `r` of `pg_roles` is such a one; `service` is an expression for the name of the service account. */
  readonly sql: (service: string) => string;
  readonly reason: string;
}

/** What a person's role may not be. The same rules hold for a call, for what is prepared, and in the SQL that prepares. */
const ROLE_RULES: readonly RoleRule[] = [
  { fact: 'superuser', sql: () => 'r.rolsuper', reason: 'the role is a superuser' },
  { fact: 'bypassesRowSecurity', sql: () => 'r.rolbypassrls', reason: 'the role bypasses row security' },
  { fact: 'createsRoles', sql: () => 'r.rolcreaterole', reason: 'the role may create roles' },
  { fact: 'createsDatabases', sql: () => 'r.rolcreatedb', reason: 'the role may create databases' },
  { fact: 'replicates', sql: () => 'r.rolreplication', reason: 'the role may replicate' },
  {
    fact: 'reachesServer',
    sql: () => MEMBER_OF(`other.rolname OPERATOR(pg_catalog.=) ANY (ARRAY[${SERVER_ROLE_LIST}])`),
    reason: 'the role reaches files or programs of the server',
  },
  {
    fact: 'memberOfSuperuser',
    sql: () => MEMBER_OF('other.rolsuper OR other.rolbypassrls'),
    reason: 'the role is a member of a superuser, or of a role that bypasses row security',
  },
  {
    fact: 'memberOfService',
    sql: (service) => MEMBER_OF(`other.rolname OPERATOR(pg_catalog.=) ${service}::pg_catalog.name`),
    reason: 'the role is a member of the service account',
  },
];

/** An SQL expression over `r` of `pg_roles`: why the role is refused, or NULL. `service` is an expression for the service account's name. */
export function refusalSql(service: string): string {
  const cases = ROLE_RULES.map(({ sql, reason }) => `WHEN ${sql(service)} THEN '${reason}'`);
  return `CASE ${cases.join('\n    ')} END`;
}

/** The rules about what a person's role may be. Returns why the role is refused. */
export function refuseRole(facts: RoleFacts, needsWrapper: boolean): string | undefined {
  const broken = ROLE_RULES.find(({ fact }) => facts[fact] === true);
  if (broken) return broken.reason;
  if (!needsWrapper) return undefined;
  if (facts.usesWrapperSchema)
    return `the role may use the schema ${WRAPPER_SCHEMA}, which is for the service account alone`;
  if (facts.wrapper === 'absent')
    return 'no function is prepared for the role: run "portcullis database prepare"';
  if (facts.wrapper === 'altered')
    return 'the function of the role is not what was prepared: run "portcullis database prepare" again';
  return undefined;
}

/** $1 the name, $2 the service account, $3 the wrapper's name, $4 its fingerprint. No cast shortens: the name is compared as text too. */
const FIND_ROLE = `SELECT ${ROLE_RULES.map(({ sql }) => `(${sql('$2')})::pg_catalog.text`).join(',\n  ')},
  COALESCE((SELECT pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
      OR pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
    FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) '${WRAPPER_SCHEMA}'), false)::pg_catalog.text,
  COALESCE((SELECT CASE WHEN p.proowner OPERATOR(pg_catalog.=) r.oid AND p.prosecdef AND p.proconfig IS NULL
      AND p.prolang OPERATOR(pg_catalog.=) (SELECT l.oid FROM pg_catalog.pg_language AS l WHERE l.lanname OPERATOR(pg_catalog.=) 'plpgsql')
      AND pg_catalog.md5(p.prosrc) OPERATOR(pg_catalog.=) $4::pg_catalog.text
      AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE') THEN 'sound' ELSE 'altered' END
    FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
    WHERE n.nspname OPERATOR(pg_catalog.=) '${WRAPPER_SCHEMA}' AND p.proname OPERATOR(pg_catalog.=) $3::pg_catalog.name
    ORDER BY 1 LIMIT 1), 'absent'),
  (SELECT pg_catalog.substr(entry, 13) FROM pg_catalog.pg_db_role_setting AS s, pg_catalog.unnest(s.setconfig) AS u(entry)
    WHERE s.setrole OPERATOR(pg_catalog.=) r.oid AND pg_catalog.starts_with(entry, 'search_path=')
      AND (s.setdatabase OPERATOR(pg_catalog.=) 0::pg_catalog.oid OR s.setdatabase OPERATOR(pg_catalog.=)
        (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()))
    ORDER BY s.setdatabase DESC LIMIT 1)
FROM pg_catalog.pg_roles AS r
WHERE r.rolname OPERATOR(pg_catalog.=) $1::pg_catalog.name AND r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) $1::pg_catalog.text`;

/** The role of exactly this name, if the database has one. */
export async function findRole(
  connection: Connection,
  username: string,
  serviceAccount: string,
): Promise<RoleFacts | undefined> {
  const { rows } = await connection.query(FIND_ROLE, [
    username,
    serviceAccount,
    wrapperName(username),
    wrapperFingerprint(username),
  ]);
  const row = rows[0];
  if (!row) return undefined;
  const yes = (index: number) => row[index] !== 'false';
  return {
    superuser: yes(0),
    bypassesRowSecurity: yes(1),
    createsRoles: yes(2),
    createsDatabases: yes(3),
    replicates: yes(4),
    reachesServer: yes(5),
    memberOfSuperuser: yes(6),
    memberOfService: yes(7),
    usesWrapperSchema: yes(8),
    wrapper: row[9] === 'sound' ? 'sound' : row[9] === 'absent' ? 'absent' : 'altered',
    searchPath: row[10] ?? null,
  };
}

export interface AdmitOptions {
  /** The account that calls are made from. */
  readonly serviceAccount: string;
  /** Whether the mode runs statements through wrapper functions. */
  readonly needsWrapper: boolean;
}

/**
 * The database user of a person: looked up, exactly as written, and held against the rules.
 * @throws DatabaseError of kind `person`: never is it the service account instead.
 */
export async function admitUser(
  connection: Connection,
  username: string,
  options: AdmitOptions,
): Promise<RoleFacts> {
  const unfit = refuseName(username, options.serviceAccount);
  if (unfit) throw refusal(username, unfit);
  const facts = await findRole(connection, username, options.serviceAccount);
  if (!facts) throw refusal(username, 'the database has no user of this name');
  const reason = refuseRole(facts, options.needsWrapper);
  if (reason) throw refusal(username, reason);
  return facts;
}

function refusal(username: string, reason: string): DatabaseError {
  return new DatabaseError(
    'person',
    `You can not use the database as ${JSON.stringify(username)}: ${reason}.`,
    {
      detail: { username, reason },
    },
  );
}

import { quoteIdentifier } from './wrapper/identifier.ts';
import { createWrapperSql, wrapperName } from './wrapper/wrapper.ts';

/** Secrets that alice must never see. A result or message that holds one is an escape. */
export const SECRETS = ['secret-of-bob', 'secret-of-postgres', 'secret-of-service'];

/**
 * What somebody with a psql prompt of her own could leave behind for the server: alice owns the schema `lair`, with functions, operators and
 * tables made to mislead, and her search path leads there first. Bob and the administrator have something to lose.
 */
export function hostileSql(serviceAccount: string): string[] {
  return [
    `CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO PUBLIC;
CREATE TABLE vault.of_bob AS SELECT 'secret-of-bob'::text AS secret;
GRANT SELECT ON vault.of_bob TO bob;
CREATE TABLE vault.of_service AS SELECT 'secret-of-service'::text AS secret;
GRANT SELECT ON vault.of_service TO "${serviceAccount}";
CREATE TABLE vault.of_postgres AS SELECT 'secret-of-postgres'::text AS secret;
CREATE TABLE vault.canary AS SELECT 0 AS writes;
GRANT ALL ON vault.canary TO PUBLIC;
CREATE SEQUENCE vault.counter;
GRANT ALL ON vault.counter TO PUBLIC;
CREATE VIEW vault.who AS SELECT current_user::text AS who, secret FROM vault.of_bob;
ALTER VIEW vault.who OWNER TO bob;
CREATE SCHEMA lair AUTHORIZATION alice;
GRANT USAGE ON SCHEMA lair TO PUBLIC;`,
    // Everything in here belongs to alice, and so runs as whoever calls it.
    `SET ROLE alice;
CREATE FUNCTION lair.loot() RETURNS text LANGUAGE plpgsql AS $f$
DECLARE found text := 'user=' || current_user; line text;
BEGIN
  BEGIN SELECT secret INTO line FROM vault.of_bob; found := found || ' ' || line; EXCEPTION WHEN insufficient_privilege THEN END;
  BEGIN SELECT secret INTO line FROM vault.of_service; found := found || ' ' || line; EXCEPTION WHEN insufficient_privilege THEN END;
  BEGIN SELECT secret INTO line FROM vault.of_postgres; found := found || ' ' || line; EXCEPTION WHEN insufficient_privilege THEN END;
  RETURN found;
END $f$;
CREATE FUNCTION lair.try(statement text) RETURNS text LANGUAGE plpgsql AS $f$
BEGIN
  BEGIN EXECUTE statement; EXCEPTION WHEN OTHERS THEN RETURN lair.loot() || ': ' || SQLERRM; END;
  RETURN lair.loot();
END $f$;
CREATE FUNCTION lair.bare(statement text) RETURNS text LANGUAGE plpgsql AS $f$
BEGIN EXECUTE statement; RETURN lair.loot(); END $f$;
CREATE FUNCTION lair.nested(statement text) RETURNS text LANGUAGE sql AS $f$ SELECT lair.try('SELECT lair.bare(' || quote_literal(statement) || ')') $f$;
CREATE FUNCTION lair.write() RETURNS integer LANGUAGE sql AS $f$ UPDATE vault.canary SET writes = writes + 1 RETURNING writes $f$;
CREATE PROCEDURE lair.commit_and_become() LANGUAGE plpgsql AS $p$ BEGIN COMMIT; SET ROLE bob; END $p$;
CREATE FUNCTION lair.leave_cursor() RETURNS text LANGUAGE plpgsql AS $f$
DECLARE left_open refcursor := 'left_open';
BEGIN OPEN left_open FOR EXECUTE 'SELECT lair.loot() FROM generate_series(1, 10)'; RETURN left_open; END $f$;
CREATE FUNCTION lair.always(name, name) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$;
CREATE FUNCTION lair.always(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$;
CREATE FUNCTION lair.always(name, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$;
CREATE FUNCTION lair.always(oid, oid) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$;
CREATE FUNCTION lair.always("char", "char") RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$;
CREATE FUNCTION lair.never(name, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT false $f$;
CREATE OPERATOR lair.= (LEFTARG = name, RIGHTARG = name, FUNCTION = lair.always);
CREATE OPERATOR lair.= (LEFTARG = text, RIGHTARG = text, FUNCTION = lair.always);
CREATE OPERATOR lair.= (LEFTARG = name, RIGHTARG = text, FUNCTION = lair.always);
CREATE OPERATOR lair.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = lair.always);
CREATE OPERATOR lair.= (LEFTARG = "char", RIGHTARG = "char", FUNCTION = lair.always);
CREATE OPERATOR lair.<> (LEFTARG = name, RIGHTARG = text, FUNCTION = lair.never);
CREATE FUNCTION lair.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $f$ SELECT lair.loot() $f$;
CREATE FUNCTION lair.md5(text) RETURNS text LANGUAGE sql AS $f$ SELECT lair.loot() $f$;
CREATE TABLE lair.pg_roles AS SELECT 'alice'::name AS rolname, true AS rolsuper;
CREATE TABLE lair.pg_proc AS SELECT 'x'::text AS prosrc;
CREATE TYPE lair.coin AS (face text);
CREATE FUNCTION lair.coin_to_text(lair.coin) RETURNS text LANGUAGE sql AS $f$ SELECT lair.loot() $f$;
CREATE FUNCTION lair.coin_to_json(lair.coin) RETURNS json LANGUAGE sql AS $f$ SELECT to_json(lair.loot()) $f$;
CREATE CAST (lair.coin AS text) WITH FUNCTION lair.coin_to_text(lair.coin) AS IMPLICIT;
CREATE CAST (lair.coin AS json) WITH FUNCTION lair.coin_to_json(lair.coin) AS IMPLICIT;
RESET ROLE;
ALTER ROLE alice SET search_path = lair, pg_catalog, public;`,
    // What alice could not make by herself, and would like to have.
    `CREATE FUNCTION lair.by_setting() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN lair.loot(); END $f$;
ALTER FUNCTION lair.by_setting() SET role = 'bob';
ALTER FUNCTION lair.by_setting() OWNER TO alice;
CREATE FUNCTION lair.by_session() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN lair.loot(); END $f$;
ALTER FUNCTION lair.by_session() SET session_authorization = 'postgres';
ALTER FUNCTION lair.by_session() OWNER TO alice;
CREATE FUNCTION lair.made_by_bob() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN lair.loot(); END $f$;
ALTER FUNCTION lair.made_by_bob() OWNER TO bob;`,
  ];
}

/** Roles with every kind of name, and with everything that a person's role must not have. */
export const ODD_NAMES = [
  'CamelCase',
  'with space',
  'quote"d',
  "apo'strophe",
  'back\\slash',
  'ünï',
  'u\u0308ni',
  'alice;',
  'аlice',
  '$portcullis$',
  'x'.repeat(63),
];

export const UNFIT_ROLES: readonly (readonly [name: string, sql: string])[] = [
  ['unfit_super', 'CREATE ROLE unfit_super SUPERUSER'],
  ['unfit_bypass', 'CREATE ROLE unfit_bypass BYPASSRLS'],
  ['unfit_createrole', 'CREATE ROLE unfit_createrole CREATEROLE'],
  ['unfit_createdb', 'CREATE ROLE unfit_createdb CREATEDB'],
  ['unfit_replication', 'CREATE ROLE unfit_replication REPLICATION'],
  ['unfit_reader', 'CREATE ROLE unfit_reader; GRANT pg_read_server_files TO unfit_reader'],
  ['unfit_writer', 'CREATE ROLE unfit_writer; GRANT pg_write_server_files TO unfit_writer'],
  [
    'unfit_program',
    'CREATE ROLE unfit_way NOLOGIN; GRANT pg_execute_server_program TO unfit_way; CREATE ROLE unfit_program NOINHERIT; GRANT unfit_way TO unfit_program',
  ],
  ['unfit_boss', 'CREATE ROLE unfit_boss; GRANT unfit_super TO unfit_boss'],
  ['unfit_friend', 'CREATE ROLE unfit_friend; GRANT portcullis TO unfit_friend'],
  ['unfit_user', 'CREATE ROLE unfit_user'],
  ['unfit_maker', 'CREATE ROLE unfit_maker'],
];

/** People whose wrapper is not what was made for them. */
export const TAMPERED: readonly (readonly [name: string, sql: (wrapper: string) => string])[] = [
  ['tampered_invoker', (wrapper) => `ALTER FUNCTION ${wrapper} SECURITY INVOKER`],
  ['tampered_owner', (wrapper) => `ALTER FUNCTION ${wrapper} OWNER TO bob`],
  ['tampered_setting', (wrapper) => `ALTER FUNCTION ${wrapper} SET search_path = lair`],
  ['tampered_grant', (wrapper) => `REVOKE EXECUTE ON FUNCTION ${wrapper} FROM portcullis`],
  [
    'tampered_body',
    (wrapper) =>
      `DO $d$ BEGIN EXECUTE replace(pg_get_functiondef('${wrapper}'::regproc), 'runs as the wrong role', 'x'); END $d$`,
  ],
];

export const wrapperOf = (role: string) => `portcullis.${wrapperName(role)}`;

/** Makes these roles, each with its wrapper. */
export function oddRolesSql(serviceAccount: string): string[] {
  const tampered = TAMPERED.map(([name]) => name);
  return [
    ...[...ODD_NAMES, ...tampered].map((name) => `CREATE ROLE ${quoteIdentifier(name)} LOGIN`),
    ...UNFIT_ROLES.map(([, sql]) => sql),
    ...[...ODD_NAMES, ...tampered, ...UNFIT_ROLES.map(([name]) => name)].flatMap((name) =>
      createWrapperSql(name, serviceAccount),
    ),
    'GRANT USAGE ON SCHEMA portcullis TO unfit_user',
    'GRANT CREATE ON SCHEMA portcullis TO unfit_maker',
    ...UNFIT_ROLES.map(([name]) => `ALTER ROLE ${name} LOGIN`),
    ...TAMPERED.map(([name, sql]) => sql(wrapperOf(name))),
  ];
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, person } from './database.contract.ts';
import type { Database } from './database.ts';
import { DatabaseError } from './database-error.ts';
import { ODD_NAMES, SECRETS, TAMPERED, UNFIT_ROLES, wrapperOf } from './hostile-objects.contract.ts';
import type { StatementGuard } from './statement-guard.ts';

/** Lets everything through, so that what holds is the wall and not the parser. */
export const letThrough =
  (kind?: 'rows' | 'report'): StatementGuard =>
  async (text) => ({ text, kind: kind ?? (/^\s*(explain|show)\b/i.test(text) ? 'report' : 'rows') });

const BECOME = [
  'SET ROLE bob',
  'SET LOCAL ROLE bob',
  'SET SESSION ROLE postgres',
  'SET ROLE NONE',
  'RESET ROLE',
  'RESET ALL',
  'SET SESSION AUTHORIZATION bob',
  'SET LOCAL SESSION AUTHORIZATION postgres',
  'SET SESSION AUTHORIZATION DEFAULT',
  'RESET SESSION AUTHORIZATION',
  'DISCARD ALL',
  "SELECT pg_catalog.set_config('role', 'bob', true)",
  "SELECT pg_catalog.set_config('role', 'none', false)",
  "SELECT pg_catalog.set_config('session_authorization', 'postgres', false)",
  "SELECT pg_catalog.set_config('is_superuser', 'on', false)",
  "UPDATE pg_catalog.pg_settings SET setting = 'bob' WHERE name = 'role'",
  "DO $d$ BEGIN EXECUTE 'SET ROLE bob'; END $d$",
  "DO $d$ BEGIN PERFORM pg_catalog.set_config('role', 'bob', false); END $d$",
  'COMMIT',
  'ROLLBACK',
  'ROLLBACK AND CHAIN',
  'COMMIT AND CHAIN',
  'ABORT',
  'END',
  'BEGIN',
  'START TRANSACTION READ WRITE',
  'SET TRANSACTION READ WRITE',
  "SELECT pg_catalog.set_config('transaction_read_only', 'off', true)",
  'SAVEPOINT s',
  "PREPARE TRANSACTION 'x'",
  'CALL lair.commit_and_become()',
  'GRANT bob TO alice',
  'GRANT SELECT ON vault.of_bob TO alice',
  'CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE sql SECURITY DEFINER AS $f$ SELECT 1 $f$',
  'CREATE TEMP TABLE t AS SELECT 1',
  'CREATE TABLE lair.t (a int)',
  'SELECT 1 INTO lair.t',
  'INSERT INTO vault.canary VALUES (1)',
  'UPDATE vault.canary SET writes = 1',
  'DELETE FROM vault.canary',
  'TRUNCATE vault.canary',
  'WITH w AS (UPDATE vault.canary SET writes = 1 RETURNING writes) SELECT * FROM w',
  'SELECT lair.write()',
  "SELECT pg_catalog.nextval('vault.counter')",
  'LOCK TABLE vault.canary',
  'SELECT * FROM vault.canary FOR UPDATE',
  'COPY (SELECT 1) TO PROGRAM $c$id$c$',
  "COPY vault.canary FROM PROGRAM 'echo 1'",
  "COPY (SELECT 1) TO '/tmp/portcullis-escape'",
  "LOAD 'auto_explain'",
  'LISTEN channel',
  'NOTIFY channel',
  'PREPARE kept AS SELECT lair.loot()',
  'DECLARE kept CURSOR WITH HOLD FOR SELECT lair.loot()',
  'EXPLAIN ANALYZE UPDATE vault.canary SET writes = 1',
  `ALTER FUNCTION ${wrapperOf('alice')} SECURITY INVOKER`,
  'VACUUM',
  'CHECKPOINT',
  'ALTER ROLE alice SUPERUSER',
  "ALTER SYSTEM SET log_statement = 'all'",
];

const READ = [
  'SELECT lair.loot()',
  'SELECT lair.by_setting()',
  'SELECT lair.by_session()',
  'SELECT lair.made_by_bob()',
  'SELECT who FROM vault.who',
  'SELECT secret FROM vault.of_bob',
  'SELECT secret FROM vault.of_service',
  'SELECT secret FROM vault.of_postgres',
  "SELECT pg_catalog.query_to_xml('SET ROLE bob', true, true, ''), lair.loot()",
  "SELECT pg_catalog.query_to_xml('RESET SESSION AUTHORIZATION', true, true, ''), lair.loot()",
  "SELECT pg_catalog.query_to_xml('SELECT secret FROM vault.of_bob', true, true, '')",
  "SELECT word, lair.loot() FROM pg_catalog.ts_stat('SELECT to_tsvector(set_config(''role'', ''bob'', true))')",
  "SELECT word FROM pg_catalog.ts_stat('SELECT to_tsvector(''simple'', secret) FROM vault.of_bob')",
  "SELECT pg_catalog.ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, set_config(''role'', ''bob'', true)::tsquery'), lair.loot()",
  "SELECT pg_catalog.table_to_xml('vault.of_bob', true, true, '')",
  "SELECT pg_catalog.set_config('role', 'bob', false), lair.loot()",
  "SELECT lair.loot() FROM pg_catalog.set_config('role', 'postgres', true)",
  "SELECT lair.loot() WHERE pg_catalog.set_config('session_authorization', 'postgres', true) IS NOT NULL",
  "VALUES (pg_catalog.set_config('role', 'bob', true))",
  "EXPLAIN SELECT pg_catalog.set_config('role', 'bob', false)",
  "EXPLAIN ANALYZE SELECT lair.bare('SET ROLE bob')",
  "SELECT ROW('x')::lair.coin, lair.loot()",
  "SELECT (ROW('x')::lair.coin)::text",
  "SELECT ARRAY[ROW('x')::lair.coin]",
  `SELECT * FROM ${wrapperOf('bob')}('SELECT secret FROM vault.of_bob', '{}', true, 10, 1000)`,
  `SELECT lair.bare('SELECT * FROM ${wrapperOf('bob')}(''SELECT 1'', ''{}'', true, 10, 1000)')`,
  `SELECT * FROM ${wrapperOf('alice')}('SELECT lair.loot()', '{}', true, 10, 1000)`,
  "SELECT pg_catalog.pg_read_file('PG_VERSION')",
  "SELECT pg_catalog.pg_read_binary_file('PG_VERSION')",
  "SELECT pg_catalog.pg_ls_dir('.')",
  "SELECT pg_catalog.lo_import('/etc/passwd')",
  "SELECT pg_catalog.lo_export(1, '/tmp/portcullis-escape')",
  'SELECT * FROM pg_catalog.pg_authid',
  'SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid <> pg_catalog.pg_backend_pid()',
  'SELECT * FROM pg_catalog.pg_hba_file_rules',
  "SELECT lair.loot() FROM sales.orders WHERE pg_catalog.set_config('row_security', 'off', true) IS NOT NULL LIMIT 1",
  "SELECT * FROM public.dblink('dbname=postgres user=postgres', 'SELECT secret FROM vault.of_postgres') AS d(secret text)",
  "SELECT * FROM public.dblink('host=127.0.0.1 dbname=postgres user=bob port=' || pg_catalog.current_setting('port'), 'SELECT secret FROM vault.of_bob') AS d(secret text)",
  "SELECT public.dblink_connect_u('host=127.0.0.1 dbname=postgres user=bob port=' || pg_catalog.current_setting('port'))",
  "SELECT lair.bare('SELECT public.dblink_connect(''kept'', ''dbname=postgres user=bob'')')",
  // More than one statement, and text made to break out of what is put around it
  'SELECT 1; SET ROLE bob; SELECT lair.loot()',
  ';SET ROLE bob',
  'SELECT lair.loot()) AS described LIMIT 0) AS d ON true; SET ROLE bob; SELECT (SELECT lair.loot()',
  'SELECT 1) AS described; RESET ROLE; SELECT lair.loot() --',
  'SELECT 1) AS answer; RESET ROLE; --',
  'SELECT 1 --',
  'SELECT 1 /*',
  'SELECT 1 -- \n; SET ROLE bob',
  'SELECT 1 -- \r; SET ROLE bob',
  'SELECT $$ ; SET ROLE bob; $$',
  "SELECT E'\\'; SET ROLE bob; --'",
  "SELECT '\\'; SET ROLE bob; --'",
  "SELECT U&'\\0027; SET ROLE bob'",
  'SELECT $1',
  'SELECT ($1)[1], lair.loot()',
  'SELECT %s, %%, %1$s, lair.loot()',
  'SELECT item, names, types, statement, arguments FROM (SELECT 1) AS x(item)',
  '',
  ' ',
  '()',
  ')',
  '\\',
  'SELECT 1 \\; SET ROLE bob',
];

export interface EscapeSetup {
  /** Opens the database, with the sample, the hostile objects and the odd roles in it, and with this guard. */
  readonly open: (guard?: StatementGuard) => Promise<Database>;
  /** Whether people run through wrapper functions. */
  readonly wrapped: boolean;
}

/** Promise G13: one is exactly the person or nobody. */
export function describeEscapes(product: string, { open, wrapped }: EscapeSetup): void {
  let bare: Database;
  let raw: Database;
  const alice = person('alice');
  beforeAll(async () => {
    bare = await open(letThrough());
    raw = wrapped ? await open(letThrough('report')) : bare;
    await Promise.all([bare.ready(), raw.ready()]);
  }, 120_000);
  afterAll(async () => {
    await bare?.close();
    await raw?.close();
  });

  const attempt = async (database: Database, statement: string): Promise<string> =>
    database.execute(alice, statement, { timeoutSeconds: 10 }).then(
      (result) => JSON.stringify(result),
      (error: unknown) => {
        if (!(error instanceof DatabaseError)) throw error;
        return error.message;
      },
    );
  const expectWall = async (database: Database, statement: string) => {
    const seen = await attempt(database, statement);
    for (const secret of SECRETS) expect(seen).not.toContain(secret);
    // What `loot` found begins with who it ran as.
    expect(seen).not.toMatch(/user=(?!alice\b)/);
    await expectUntouched();
  };
  const expectUntouched = async () => {
    expect((await bare.execute(alice, 'SELECT current_user::text, lair.loot()')).rows).toEqual([
      ['alice', 'user=alice'],
    ]);
    expect((await bare.execute(person('bob'), 'SELECT current_user::text')).rows).toEqual([['bob']]);
    // A sequence keeps what was taken from it, even when everything else is undone.
    const kept = 'SELECT writes, last_value, is_called FROM vault.canary, vault.counter';
    expect((await bare.execute(person('carol'), kept)).rows).toEqual([[0, '1', false]]);
  };

  describe(`${product}: statements`, () => {
    it('knows an escape when it sees one', async () => {
      const { rows } = await bare.execute(person('bob'), 'SELECT secret FROM vault.of_bob');
      expect(JSON.stringify(rows)).toContain(SECRETS[0]);
    });

    it.each([...READ, ...BECOME])('stays alice with %j', async (statement) => {
      await expectWall(bare, statement);
      if (wrapped) await expectWall(raw, statement);
    });

    it.each(BECOME)('stays alice when a function of hers says %j', async (statement) => {
      const quoted = `'${statement.replaceAll("'", "''")}'`;
      for (const how of ['lair.try', 'lair.bare', 'lair.nested'])
        await expectWall(bare, `SELECT ${how}(${quoted})`);
      await expectWall(bare, `SELECT pg_catalog.query_to_xml(${quoted}, true, true, ''), lair.loot()`);
    });
  });

  describe(`${product}: what stays after a call`, () => {
    it('keeps no setting', async () => {
      await attempt(
        bare,
        "SELECT set_config('my.secret', 'x', false), set_config('statement_timeout', '0', false), pg_catalog.set_config('search_path', 'lair', false), pg_catalog.set_config('datestyle', 'german', false)",
      );
      await attempt(
        bare,
        "SELECT pg_catalog.set_config('my.secret', 'x', false), pg_catalog.set_config('datestyle', 'german', false)",
      );
      const { rows } = await bare.execute(
        person('alice'),
        "SELECT coalesce(current_setting('my.secret', true), ''), current_setting('datestyle'), current_setting('search_path')",
      );
      expect(rows).toEqual([['', 'ISO, YMD', 'lair, pg_catalog, public, pg_temp']]);
    });

    it('keeps no advisory lock', async () => {
      await attempt(bare, 'SELECT pg_catalog.pg_advisory_lock(42)');
      const { rows } = await bare.execute(person('bob'), 'SELECT pg_catalog.pg_try_advisory_lock(42)');
      expect(rows).toEqual([[true]]);
    });

    it('keeps no cursor, prepared statement or large object', async () => {
      await attempt(bare, 'SELECT lair.leave_cursor()');
      await attempt(bare, "SELECT lair.bare('PREPARE kept AS SELECT current_user')");
      await attempt(bare, "SELECT pg_catalog.lo_from_bytea(4242, 'x')");
      const { rows } = await bare.execute(
        alice,
        'SELECT (SELECT count(*) FROM pg_catalog.pg_cursors WHERE name LIKE $$left%$$), (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata WHERE oid OPERATOR(pg_catalog.=) 4242::oid), (SELECT count(*) FROM pg_catalog.pg_prepared_statements WHERE name LIKE $$kept%$$)',
      );
      expect(rows).toEqual([['0', '0', '0']]);
    });

    it('stays with each person, however calls, errors and cancellations are mixed', async () => {
      const people = ['alice', 'bob', 'carol'];
      const calls = Array.from({ length: 60 }, async (_, i) => {
        const who = people[i % 3] as string;
        if (i % 7 === 3) return failure(bare.execute(person(who), 'SELECT 1/0'));
        if (i % 11 === 5) return attempt(bare, "SELECT lair.try('SET ROLE bob')");
        const { rows } = await bare.execute(person(who), 'SELECT current_user::text');
        expect(rows).toEqual([[who]]);
      });
      await Promise.all(calls);
    });
  });

  describe(`${product}: a hostile search path`, () => {
    it('misleads nobody but its owner', async () => {
      expect(await bare.whoami(alice)).toMatchObject({ user: 'alice' });
      expect((await bare.listTables(alice, 'catalog')).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
        'products table',
        'stock table',
        'suppliers table',
      ]);
      expect(await bare.describeTable(alice, 'catalog', 'stock')).toMatchObject({
        primaryKey: ['product_id'],
      });
      expect((await bare.listSchemas(person('bob'))).map(({ name }) => name)).toContain('sales');
    });
  });

  describe(`${product}: who one may be`, () => {
    it.each(ODD_NAMES)('acts as exactly %j', async (name) => {
      expect((await bare.whoami(person(name))).user).toBe(name);
      expect((await bare.execute(person(name), 'SELECT current_user::text AS who')).rows).toEqual([[name]]);
    });

    it.each([
      'camelcase',
      'CAMELCASE',
      'withspace',
      'quoted',
      '"quote""d"',
      'üni',
      'ünï ',
      'ÜNÏ',
      'x'.repeat(62),
      `${'x'.repeat(63)}y`,
    ])('is nobody for %j', async (name) => {
      expect(await failure(bare.whoami(person(name)))).toMatchObject({ kind: 'person' });
    });

    const refused = ['none', 'public', 'current_user', 'pg_monitor', 'pg_read_all_data', 'postgres', ''];
    it.each([...refused, ...(wrapped ? ['portcullis', ...TAMPERED.map(([name]) => name)] : [])])(
      'refuses %j',
      async (name) => {
        expect(await failure(bare.execute(person(name), 'SELECT 1'))).toMatchObject({ kind: 'person' });
      },
    );

    it.each(UNFIT_ROLES.map(([name]) => name).filter((name) => wrapped || !/user|maker/.test(name)))(
      'refuses the role %s',
      async (name) => {
        const { kind, message } = await failure(bare.execute(person(name), 'SELECT 1'));
        expect(kind).toBe('person');
        expect(message).not.toMatch(/prepare/);
      },
    );
  });
}

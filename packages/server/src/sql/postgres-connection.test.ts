import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, person } from './database.contract.ts';
import { letThrough } from './escapes.contract.ts';
import { type PostgresOptions, postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';
import { createWrapperSql } from './wrapper/wrapper.ts';

const PEOPLE = ['alice', 'bob', 'carol', 'dave'];

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  const open = (options: Omit<PostgresOptions, 'url'> = {}) =>
    postgresDatabase({
      url: server.url('portcullis'),
      tls: { mode: 'disable' },
      guard: letThrough(),
      ...options,
    });
  const pidOf = 'SELECT pg_catalog.pg_backend_pid()';
  beforeAll(async () => {
    server = await startPostgres();
    await runAsAdmin(server, [
      'CREATE ROLE portcullis LOGIN; CREATE SCHEMA portcullis; GRANT USAGE ON SCHEMA portcullis TO portcullis',
      ...PEOPLE.map((name) => `CREATE ROLE ${name} LOGIN`),
      ...PEOPLE.flatMap((name) => createWrapperSql(name, 'portcullis')),
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  describe('connections', () => {
    it('serve one person each, in turn when there are few', async () => {
      const database = open({ maxConnections: 2 });
      const owners = new Map<unknown, Set<string>>();
      await Promise.all(
        Array.from({ length: 80 }, async (_, i) => {
          const who = PEOPLE[i % PEOPLE.length] as string;
          const { rows } = await database.execute(
            person(who),
            `SELECT current_user::text, pg_catalog.pg_backend_pid()`,
          );
          expect(rows[0]?.[0]).toBe(who);
          owners.set(rows[0]?.[1], (owners.get(rows[0]?.[1]) ?? new Set()).add(who));
        }),
      );
      for (const people of owners.values()) expect(people.size).toBe(1);
      await database.close();
    });

    it('are used again by the same person', async () => {
      const database = open();
      const first = await database.execute(person('alice'), pidOf);
      expect((await database.execute(person('alice'), pidOf)).rows).toEqual(first.rows);
      expect((await database.execute(person('bob'), pidOf)).rows).not.toEqual(first.rows);
      expect((await failure(database.execute(person('alice'), 'SELECT 1/0'))).message).toBe(
        'division by zero',
      );
      expect((await database.execute(person('alice'), pidOf)).rows).toEqual(first.rows);
      await database.close();
    });

    it('are given up after a time-out, and the statement is stopped', async () => {
      const database = open();
      const before = await database.execute(person('alice'), pidOf);
      const slow = 'SELECT pg_catalog.pg_sleep(60)';
      expect(await failure(database.execute(person('alice'), slow, { timeoutSeconds: 0.3 }))).toMatchObject({
        kind: 'timeout',
      });
      expect((await database.execute(person('alice'), pidOf)).rows).not.toEqual(before.rows);
      await expectIdle(database);
      await database.close();
    });

    it('are given up after a cancellation, which stops the statement and hits nobody else', async () => {
      const database = open({ maxConnections: 4 });
      const rounds = Array.from({ length: 40 }, async (_, i) => {
        const abort = new AbortController();
        const victim = database
          .execute(person('alice'), `SELECT pg_catalog.pg_sleep(0.02)`, {}, abort.signal)
          .then(
            () => 'done',
            (error: unknown) => (error as { kind?: string }).kind,
          );
        setTimeout(() => abort.abort(), i);
        expect(['done', 'cancelled']).toContain(await victim);
        const { rows } = await database.execute(
          person('bob'),
          'SELECT current_user::text FROM pg_catalog.pg_sleep(0.01)',
        );
        expect(rows).toEqual([['bob']]);
      });
      await Promise.all(rounds);
      await expectIdle(database);
      await database.close();
    });

    it('show nobody what others ask', async () => {
      const database = open();
      const asked = database.execute(person('bob'), "SELECT 'word of bob', pg_catalog.pg_sleep(0.5)");
      await new Promise((resolve) => setTimeout(resolve, 150));
      const { rows } = await database.execute(
        person('alice'),
        'SELECT query, state FROM pg_catalog.pg_stat_activity',
      );
      expect(rows.length).toBeGreaterThan(1);
      expect(JSON.stringify(rows)).not.toContain('word of bob');
      await asked;
      await database.close();
    });

    it('count bytes on the socket', async () => {
      const database = open({ mode: 'login' });
      const large = "SELECT pg_catalog.repeat('x', 1000) FROM pg_catalog.generate_series(1, 900)";
      expect(await failure(database.execute(person('alice'), large, { maxBytes: 500_000 }))).toMatchObject({
        kind: 'too-large',
      });
      expect((await database.execute(person('alice'), large, { maxBytes: 1_000_000 })).rowCount).toBe(900);
      await database.close();
    });

    it('notice that the server ended them', async () => {
      const database = open();
      await database.execute(person('alice'), 'SELECT 1');
      await runAsAdmin(server, [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portcullis'",
      ]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await database.execute(person('alice'), 'SELECT 1')).rows).toEqual([[1]]);
      const work = failure(database.execute(person('alice'), 'SELECT pg_catalog.pg_sleep(30)'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await runAsAdmin(server, [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portcullis'",
      ]);
      expect(await work).toMatchObject({ kind: 'unavailable' });
      await database.close();
    });

    it('leave room for others when one person asks much', async () => {
      const database = open({ maxConnections: 4 });
      const many = Array.from({ length: 20 }, () =>
        database.execute(person('alice'), 'SELECT pg_catalog.pg_sleep(0.2)'),
      );
      const started = performance.now();
      await database.execute(person('bob'), 'SELECT 1');
      expect(performance.now() - started).toBeLessThan(1000);
      await Promise.all(many);
      await database.close();
    });

    it('say that the database is busy rather than keep one waiting', async () => {
      const database = open({ maxConnections: 1, waitSeconds: 0.1 });
      const slow = database.execute(person('alice'), 'SELECT pg_catalog.pg_sleep(0.5)');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await failure(database.execute(person('bob'), 'SELECT 1'))).toEqual({
        kind: 'unavailable',
        message: 'The database is busy. Try again later.',
      });
      await slow;
      await database.close();
      expect(await failure(database.execute(person('bob'), 'SELECT 1'))).toMatchObject({
        kind: 'unavailable',
      });
    });

    it('take nothing from the environment', async () => {
      const before = { ...process.env };
      Object.assign(process.env, {
        PGUSER: 'postgres',
        PGPASSWORD: 'x',
        PGOPTIONS: '-c role=bob',
        PGDATABASE: 'none',
        PGHOST: '192.0.2.1',
        PGSSLMODE: 'require',
        PGAPPNAME: 'x',
      });
      try {
        const database = open();
        expect(await database.whoami(person('alice'))).toMatchObject({
          user: 'alice',
          sessionUser: 'portcullis',
          database: 'postgres',
        });
        await database.close();
      } finally {
        process.env = before;
      }
    });
  });

  /** Nothing that was given up is still running. */
  async function expectIdle(database: ReturnType<typeof open>): Promise<void> {
    const running =
      "SELECT count(*)::int FROM pg_catalog.pg_stat_activity WHERE state <> 'idle' AND pid <> pg_catalog.pg_backend_pid() AND usename = 'portcullis'";
    await expect
      .poll(async () => (await database.execute({ kind: 'service' }, running)).rows, { timeout: 5000 })
      .toEqual([[0]]);
  }
});

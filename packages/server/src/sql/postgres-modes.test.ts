import { OperatorError } from '@portcullis/auth/core/operator-error';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeDatabase, failure, person } from './database.contract.ts';
import type { ActingMode } from './database.ts';
import { letThrough } from './escapes.contract.ts';
import { hostileSql } from './hostile-objects.contract.ts';
import { type PostgresOptions, postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';
import { sampleSql } from './sample/sample.ts';

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  const open = (user: string, options: Omit<PostgresOptions, 'url'> = {}) =>
    postgresDatabase({ url: server.url(user), tls: { mode: 'disable' }, ...options });
  beforeAll(async () => {
    server = await startPostgres();
    await runAsAdmin(server, [
      ...sampleSql('portcullis'),
      'ALTER ROLE portcullis LOGIN',
      'ALTER ROLE alice LOGIN',
      'ALTER ROLE bob LOGIN',
      'ALTER ROLE carol LOGIN',
      // An account as the mode set-role needs it: a member of everybody, with no rights of its own.
      'CREATE ROLE switcher LOGIN NOINHERIT; GRANT alice, bob, carol TO switcher',
      'CREATE ROLE lonely LOGIN',
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  describe('login', () => {
    describeDatabase('PostgreSQL, login', async () => open('portcullis', { mode: 'login' }), [
      'staff',
      'portcullis',
    ]);
  });
  describe('set-role', () => {
    describeDatabase('PostgreSQL, set-role', async () => open('switcher', { mode: 'set-role' }), [
      'switcher',
    ]);
  });
  describe('session-authorization', () => {
    describeDatabase(
      'PostgreSQL, session-authorization',
      async () => open('postgres', { mode: 'session-authorization', superuserSaidTwice: true }),
      ['postgres'],
    );
  });

  describe('start', () => {
    const start = async (user: string, options: Omit<PostgresOptions, 'url'>) => {
      const database = open(user, options);
      try {
        await database.ready();
        return database.describe();
      } finally {
        await database.close();
      }
    };

    it.each(['set-role', 'session-authorization'] as ActingMode[])(
      'refuses %s with a superuser, unless said twice',
      async (mode) => {
        await expect(start('postgres', { mode })).rejects.toThrow(OperatorError);
        const { wall, notes } = await start('postgres', { mode, superuserSaidTwice: true });
        expect(wall).toBe(false);
        expect(notes.join()).toMatch(/superuser.*no wall/);
      },
    );

    it('refuses to wrap where nothing is prepared', async () => {
      await expect(start('lonely', {})).rejects.toThrow(/database prepare/);
    });

    it('says what the service account does not need', async () => {
      expect(await start('portcullis', {})).toMatchObject({ wall: true, notes: [] });
      await runAsAdmin(server, ['GRANT USAGE ON SCHEMA portcullis TO switcher']);
      expect((await start('switcher', {})).notes.join()).toMatch(/is a member of alice, bob, carol/);
      expect((await start('postgres', {})).notes.join()).toMatch(/is a superuser/);
    });

    it('is unavailable, and says nothing of the address, while the server is away', async () => {
      const away = postgresDatabase({
        url: 'postgres://portcullis:hidden@127.0.0.1:1/postgres',
        tls: { mode: 'disable' },
      });
      const { kind, message } = await failure(away.execute(person('alice'), 'SELECT 1'));
      expect(kind).toBe('unavailable');
      expect(message).not.toMatch(/127|hidden|portcullis/);
      await away.close();
    });
  });

  describe('the service account', () => {
    it('answers for everybody where the operator says so', async () => {
      const database = open('carol', { identity: 'service', mode: 'wrapped' });
      const { rows } = await database.execute(
        { kind: 'service' },
        'SELECT current_user::text, 1 AS x, 2 AS x',
      );
      expect(rows).toEqual([['carol', 1, 2]]);
      expect(database.describe()).toMatchObject({ wall: false });
      await database.close();
    });
  });

  describe('the modes without a wall', () => {
    const become = (role: string) => `pg_catalog.set_config('role', '${role}', true)`;
    const leaking = `SELECT ${become('none')}, lair.loot(), ${become('alice')}`;
    beforeAll(() => runAsAdmin(server, hostileSql('portcullis')));

    it('are none, which the wrapped mode and the tests of escapes would notice', async () => {
      const database = open('postgres', { mode: 'set-role', superuserSaidTwice: true, guard: letThrough() });
      const { rows } = await database.execute(person('alice'), leaking);
      expect(JSON.stringify(rows)).toContain('secret-of-postgres');
      await database.close();
      const wrapped = open('postgres', { guard: letThrough() });
      expect(await failure(wrapped.execute(person('alice'), leaking))).toMatchObject({ kind: 'statement' });
      await wrapped.close();
    });

    it('answer nothing when somebody else is left in the session', async () => {
      const database = open('postgres', { mode: 'set-role', superuserSaidTwice: true, guard: letThrough() });
      const staying = `SELECT ${become('bob')}, lair.loot()`;
      expect(await failure(database.execute(person('alice'), staying))).toMatchObject({
        kind: 'unavailable',
      });
      expect((await database.execute(person('alice'), 'SELECT current_user::text')).rows).toEqual([
        ['alice'],
      ]);
      await database.close();
    });

    it('say so when the service account may not become somebody', async () => {
      const database = open('switcher', { mode: 'set-role' });
      expect(await failure(database.execute(person('lonely'), 'SELECT 1'))).toMatchObject({ kind: 'person' });
      await database.close();
    });

    it('have the parser, which refuses the ways that it knows', async () => {
      const database = open('postgres', { mode: 'set-role', superuserSaidTwice: true });
      expect(
        await failure(database.execute(person('alice'), "SELECT set_config('role', 'bob', true)")),
      ).toMatchObject({ kind: 'refused' });
      await database.close();
    });
  });
});

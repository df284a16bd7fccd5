import { OperatorError } from '@portcullis/auth/core/operator-error';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, person } from './database.contract.ts';
import { postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';
import { prepareSql, runPrepare } from './prepare.ts';

describe('preparing roles', () => {
  it('is one transaction, which says everything by its full name', () => {
    const sql = prepareSql({ roles: ['alice', 'quote"d'], serviceAccount: 'svc' });
    expect(sql).toMatch(/^BEGIN;/);
    expect(sql).toMatch(/COMMIT;\n$/);
    expect(sql).toContain('OWNER TO "quote""d"');
    expect(sql).toContain('REVOKE CREATE ON SCHEMA portcullis FROM "alice"');
    expect(sql).not.toMatch(/SUPERUSER|GRANT "/);
  });

  it.each(['none', 'pg_monitor', 'svc', '', 'x'.repeat(64)])('is not done for %j', (role) => {
    expect(() => prepareSql({ roles: [role], serviceAccount: 'svc' })).toThrow(OperatorError);
  });
});

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  const options = { serviceAccount: 'svc', tls: { mode: 'disable' } } as const;
  const actAs = async (name: string) => {
    const database = postgresDatabase({ url: server.url('svc'), tls: { mode: 'disable' } });
    try {
      return (await database.whoami(person(name))).user;
    } finally {
      await database.close();
    }
  };
  beforeAll(async () => {
    server = await startPostgres();
    await runAsAdmin(server, [
      'CREATE ROLE svc LOGIN',
      'CREATE ROLE analysts NOLOGIN; CREATE ROLE seniors NOLOGIN; GRANT analysts TO seniors',
      'CREATE ROLE ann LOGIN; CREATE ROLE ben NOLOGIN; CREATE ROLE "Cy""d" LOGIN; CREATE ROLE dee LOGIN',
      'GRANT analysts TO ann, ben; GRANT seniors TO "Cy""d"; GRANT analysts TO svc',
      'CREATE ROLE boss LOGIN SUPERUSER; GRANT analysts TO boss',
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  describe('preparing a server', () => {
    it('refuses roles that are not there', async () => {
      await expect(
        runPrepare({ ...options, url: server.url('postgres'), roles: ['nobody'] }),
      ).rejects.toThrow(/no role "nobody"/);
    });

    it('only tells the SQL where that is asked for', async () => {
      const { roles, sql } = await runPrepare({
        ...options,
        url: server.url('postgres'),
        roles: ['dee'],
        printOnly: true,
      });
      expect(roles).toEqual(['dee']);
      expect(sql).toContain('dee');
      await expect(actAs('dee')).rejects.toThrow(/database prepare/);
    });

    it('makes the members of groups, without groups, superusers and the service account', async () => {
      const { roles, leftOut, stillPrepared } = await runPrepare({
        ...options,
        url: server.url('postgres'),
        groups: ['analysts'],
      });
      expect(roles).toEqual(['Cy"d', 'ann', 'ben']);
      expect(leftOut).toEqual([
        { role: 'boss', reason: 'the role is a superuser' },
        { role: 'svc', reason: 'this is the service account' },
      ]);
      expect(stillPrepared).toEqual([]);
      for (const name of roles) expect(await actAs(name)).toBe(name);
      await expect(actAs('dee')).rejects.toThrow(/database prepare/);
    });

    it.each([
      ['super', 'SUPERUSER', '', /is a superuser/],
      ['by', 'BYPASSRLS', '', /bypasses row security/],
      ['cr', 'CREATEROLE', '', /create roles/],
      ['cd', 'CREATEDB', '', /create databases/],
      ['re', 'REPLICATION', '', /replicate/],
      ['files', '', 'pg_read_server_files', /files or programs/],
      ['over', '', 'by', /member of a superuser/],
      ['like svc', '', 'svc', /member of the service account/],
    ])('refuses the role %s by name, in a group and in the SQL', async (name, attribute, of, reason) => {
      const url = server.url('postgres');
      await runAsAdmin(server, [`CREATE ROLE "${name}" LOGIN ${attribute}; CREATE ROLE "g ${name}"`]);
      await runAsAdmin(server, [`GRANT "g ${name}" TO "${name}"`]);
      if (of) await runAsAdmin(server, [`GRANT ${of} TO "${name}"`]);
      const named = runPrepare({ ...options, url, roles: [name] });
      await expect(named).rejects.toThrow(OperatorError);
      await expect(named).rejects.toThrow(reason);
      await expect(named).rejects.toThrow(/--role/);
      expect(await runPrepare({ ...options, url, groups: [`g ${name}`] })).toMatchObject({
        roles: [],
        leftOut: [{ role: name, reason: expect.stringMatching(reason) }],
        stillPrepared: ['Cy"d', 'ann', 'ben'],
      });
      await expect(
        runAsAdmin(server, [prepareSql({ roles: ['ann', name], serviceAccount: 'svc' })]),
      ).rejects.toThrow(reason);
    });

    it('can be done again', async () => {
      await runPrepare({ ...options, url: server.url('postgres'), roles: ['ann', 'dee'] });
      await runPrepare({ ...options, url: server.url('postgres'), roles: ['ann'] });
      expect(await actAs('ann')).toBe('ann');
      expect(await actAs('dee')).toBe('dee');
    });

    it('leaves the service account with nothing but these functions', async () => {
      const database = postgresDatabase({ url: server.url('svc'), tls: { mode: 'disable' } });
      await database.ready();
      expect(database.describe().notes.join()).toMatch(/^The service account is a member of analysts, which/);
      const rights =
        "SELECT count(*)::int FROM pg_namespace WHERE has_schema_privilege('svc', oid, 'CREATE')";
      expect((await database.execute({ kind: 'service' }, rights)).rows).toEqual([[0]]);
      expect(
        await failure(database.execute({ kind: 'service' }, 'SELECT pg_read_file($$x$$)')),
      ).toMatchObject({ kind: 'refused' });
      await database.close();
    });

    it('is refused where somebody else owns the schema', async () => {
      await runAsAdmin(server, ['ALTER SCHEMA portcullis OWNER TO dee']);
      await expect(runPrepare({ ...options, url: server.url('postgres'), roles: ['ann'] })).rejects.toThrow(
        /belongs to somebody else/,
      );
      await runAsAdmin(server, ['ALTER SCHEMA portcullis OWNER TO postgres']);
    });

    it('works for an administrator who is no superuser, and owns the roles', async () => {
      await runAsAdmin(server, [
        'CREATE ROLE admin LOGIN CREATEROLE; CREATE ROLE eve LOGIN; GRANT eve TO admin',
        'GRANT CREATE ON DATABASE postgres TO admin; DROP SCHEMA portcullis CASCADE',
      ]);
      await runPrepare({ ...options, url: server.url('admin'), roles: ['eve'] });
      expect(await actAs('eve')).toBe('eve');
      await runPrepare({ ...options, url: server.url('admin'), roles: ['eve'] });
      expect(await actAs('eve')).toBe('eve');
    });
  });
});

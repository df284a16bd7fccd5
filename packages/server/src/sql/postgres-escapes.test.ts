import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEscapes } from './escapes.contract.ts';
import { hostileSql, oddRolesSql } from './hostile-objects.contract.ts';
import { parsePostgresUrl } from './postgres-address.ts';
import { openPostgresConnection } from './postgres-connection.ts';
import { postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';
import { sampleSql } from './sample/sample.ts';
import { wrapperCall } from './wrapper/wrapper.ts';

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await runAsAdmin(server, [
      ...sampleSql('portcullis'),
      ...hostileSql('portcullis'),
      ...oddRolesSql('portcullis'),
      // It comes with many installations, and leads back in as somebody else where nobody is asked for a password.
      "DO $d$ BEGIN IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'dblink') THEN CREATE EXTENSION dblink SCHEMA public; END IF; END $d$",
      'ALTER ROLE portcullis LOGIN',
      'ALTER ROLE alice LOGIN',
      'ALTER ROLE bob LOGIN',
      'ALTER ROLE carol LOGIN',
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  describe('wrapped', () => {
    describeEscapes('PostgreSQL, wrapped', {
      wrapped: true,
      open: async (guard) =>
        postgresDatabase({ url: server.url('portcullis'), tls: { mode: 'disable' }, guard }),
    });
  });

  describe('a wrapper', () => {
    it('runs nothing when it is made to run as its caller in the moment after it was looked at', async () => {
      const service = await openPostgresConnection(
        parsePostgresUrl(server.url('portcullis')),
        { mode: 'disable' },
        { user: 'portcullis' },
      );
      const statement = ['SELECT secret FROM vault.of_service', [], 'true', '10', '1000'] as const;
      await expect(service.query(wrapperCall('tampered_invoker'), statement)).rejects.toThrow(/wrong role/);
      await expect(service.query(wrapperCall('tampered_owner'), statement)).rejects.toThrow(/wrong role/);
      await expect(service.query(wrapperCall('alice'), statement)).rejects.toThrow(
        /permission denied for table of_service/,
      );
      await service.end();
    });
  });

  describe('login', () => {
    describeEscapes('PostgreSQL, login', {
      wrapped: false,
      open: async (guard) =>
        postgresDatabase({ url: server.url('portcullis'), mode: 'login', tls: { mode: 'disable' }, guard }),
    });
  });
});

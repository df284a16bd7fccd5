import { afterAll, beforeAll, describe } from 'vitest';
import { describeEscapes } from './escapes.contract.ts';
import { hostileSql, oddRolesSql } from './hostile-objects.contract.ts';
import { postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';
import { sampleSql } from './sample/sample.ts';

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

  describe('login', () => {
    describeEscapes('PostgreSQL, login', {
      wrapped: false,
      open: async (guard) =>
        postgresDatabase({ url: server.url('portcullis'), mode: 'login', tls: { mode: 'disable' }, guard }),
    });
  });
});

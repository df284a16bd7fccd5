import { afterAll, beforeAll } from 'vitest';
import { describeDatabase } from './database.contract.ts';
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
    await runAsAdmin(server, [...sampleSql('portcullis'), 'ALTER ROLE portcullis LOGIN']);
  }, 120_000);
  afterAll(() => server?.stop());

  describeDatabase('PostgreSQL, wrapped', async () =>
    postgresDatabase({ url: server.url('portcullis'), tls: { mode: 'disable' } }),
  );
});

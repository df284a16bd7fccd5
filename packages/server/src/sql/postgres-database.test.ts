import { afterAll, beforeAll } from 'vitest';
import { describeDatabase } from './database.contract.ts';
import { parsePostgresUrl } from './postgres-address.ts';
import { openPostgresConnection } from './postgres-connection.ts';
import { postgresDatabase } from './postgres-database.ts';
import { describeWithPostgres, type PostgresServer, startPostgres } from './postgres-server.contract.ts';
import { sampleSql } from './sample/sample.ts';

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    const admin = await openPostgresConnection(
      parsePostgresUrl(server.url('postgres')),
      { mode: 'disable' },
      { user: 'postgres' },
    );
    for (const sql of sampleSql('portcullis')) await admin.script(sql);
    await admin.script('ALTER ROLE portcullis LOGIN');
    await admin.end();
  }, 120_000);
  afterAll(() => server?.stop());

  describeDatabase('PostgreSQL, wrapped', async () =>
    postgresDatabase({ url: server.url('portcullis'), tls: { mode: 'disable' } }),
  );
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from '../../packages/server/src/sql/postgres-server.contract.ts';
import { runPortcullis, startPortcullis } from '../servers/portcullis.ts';

describeWithPostgres('a service account that can do too much', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    await runAsAdmin(postgres, ['CREATE ROLE strong LOGIN SUPERUSER']);
  });
  afterAll(() => postgres?.stop());

  const setRole = { PORTCULLIS_DATABASE_MODE: 'set-role' };

  it('[G1] stops the start where a statement could become it, unless that is said twice', async () => {
    const refused = await runPortcullis({ database: postgres.url('strong'), env: setRole });
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(refused.stderr).toMatch(/superuser/i);
    expect(refused.stderr).toMatch(/iKnowServiceAccountIsSuperuser/);
    const saidTwice = { ...setRole, PORTCULLIS_DATABASE_I_KNOW_SERVICE_ACCOUNT_IS_SUPERUSER: 'on' };
    const running = await startPortcullis({ database: postgres.url('strong'), env: saidTwice });
    expect(running.startUp.join('\n')).toMatch(/Warning .*no wall/);
    await running.stop();
  });

  it('is told to the operator where it is only needless', async () => {
    const env = { PORTCULLIS_DATABASE_IDENTITY: 'service' };
    const running = await startPortcullis({ database: postgres.url('strong'), env });
    expect(running.startUp.join('\n')).toMatch(/Warning .*does not need/);
    await running.stop();
  });

  it('does not stop the start while the database is away', async () => {
    const running = await startPortcullis({ database: 'postgres://gate@127.0.0.1:9/none' });
    expect((await fetch(`${running.directUrl}/readyz`)).status).toBe(503);
    expect((await fetch(running.mcpUrl, { method: 'POST' })).status).toBe(401);
    await running.stop();
  });
});

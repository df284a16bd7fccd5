import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePostgresUrl } from './postgres-address.ts';
import { openPostgresConnection } from './postgres-connection.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';

const HBA = 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n';

describeWithPostgres('a login that PostgreSQL does not accept', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres([], (data) => writeFileSync(join(data, 'pg_hba.conf'), HBA));
    await runAsAdmin(server, ["CREATE ROLE svc LOGIN PASSWORD 'right'"]);
  }, 120_000);
  afterAll(() => server?.stop());

  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

  it.each([
    ['without a password', undefined],
    ['with a wrong one', 'wrong'],
  ])('%s leaves no connection behind', async (_, password) => {
    const before = sockets();
    for (let attempt = 0; attempt < 5; attempt++)
      await expect(
        openPostgresConnection(
          parsePostgresUrl(server.url('svc')),
          { mode: 'disable' },
          { user: 'svc', password },
        ),
      ).rejects.toMatchObject({ kind: 'unavailable' });
    await expect.poll(sockets, { timeout: 3000 }).toBe(before);
  });
});

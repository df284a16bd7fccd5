import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePostgresUrl } from '../sql/postgres-address.ts';
import { openPostgresConnection } from '../sql/postgres-connection.ts';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../sql/postgres-server.contract.ts';
import { main } from './main.ts';

async function run(args: readonly string[], environment: Record<string, string> = {}) {
  const written = { out: [] as string[], err: [] as string[] };
  const terminal = {
    out: (text: string) => void written.out.push(text),
    err: (text: string) => void written.err.push(text),
    outColour: false,
    errColour: false,
    folder: '/',
    width: 100,
  };
  const exitCode = await main(['node', 'portcullis', 'database', 'prepare', ...args], environment, terminal);
  return { exitCode, out: written.out.join(''), err: written.err.join('') };
}

const DATABASE = { PORTCULLIS_DATABASE_URL: 'postgres://svc:hunter2@127.0.0.1:9/x' };

describe('portcullis database prepare', () => {
  it('wants roles', async () => {
    expect(await run([], DATABASE)).toMatchObject({ exitCode: 78, err: expect.stringContaining('--role') });
  });

  it('wants a PostgreSQL database', async () => {
    const { exitCode, err } = await run(['--role', 'alice']);
    expect([exitCode, err]).toEqual([78, expect.stringContaining('database.url')]);
  });

  it('wants an administrator, unless it only prints', async () => {
    const { exitCode, err } = await run(['--role', 'alice'], DATABASE);
    expect([exitCode, err]).toEqual([78, expect.stringContaining('database.administratorUrl')]);
    const printed = await run(['--role', 'alice', '--role', 'bob', '--print'], DATABASE);
    expect(printed).toMatchObject({ exitCode: 0, err: '' });
    expect(printed.out).toMatch(/^BEGIN;[\s\S]*"alice"[\s\S]*"bob"[\s\S]*COMMIT;\n$/);
  });

  it('refuses names that nobody may have', async () => {
    expect(await run(['--role', 'pg_monitor', '--print'], DATABASE)).toMatchObject({ exitCode: 1, out: '' });
  });

  it('says why the database can not be reached, without the password', async () => {
    const { exitCode, err } = await run(['--group', 'staff', '--print'], DATABASE);
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/^error: .*reached/)]);
    expect(err).not.toContain('hunter2');
  });
});

describeWithPostgres('portcullis database prepare on PostgreSQL', () => {
  let server: PostgresServer;
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = await startPostgres();
    environment = {
      PORTCULLIS_DATABASE_URL: server.url('svc'),
      PORTCULLIS_DATABASE_ADMINISTRATOR_URL: server.url('postgres'),
    };
    await asAdministrator(
      'CREATE ROLE svc LOGIN; CREATE ROLE staff; CREATE ROLE alice LOGIN IN ROLE staff; CREATE ROLE bob LOGIN IN ROLE staff; CREATE ROLE eve LOGIN',
    );
  }, 60_000);
  afterAll(() => server.stop());

  async function asAdministrator(sql: string) {
    const address = parsePostgresUrl(server.url('postgres'));
    const connection = await openPostgresConnection(
      address,
      { mode: 'disable' },
      { user: 'postgres', password: undefined },
    );
    try {
      await connection.script(sql);
      return await connection.query(
        "SELECT r.rolname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner WHERE n.nspname = 'portcullis' ORDER BY 1",
        [],
      );
    } finally {
      await connection.end();
    }
  }

  it('prepares every member of a group, and says whom', async () => {
    const { exitCode, out, err } = await run(['--group', 'staff'], environment);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toBe('Prepared: svc can run reading statements as\n  alice\n  bob\n');
    expect((await asAdministrator('SELECT 1')).rows).toEqual([['alice'], ['bob']]);
  });

  it('prints the same, and changes nothing', async () => {
    const { out } = await run(['--group', 'staff', '--role', 'eve', '--print'], environment);
    expect(out).toContain('"eve"');
    expect((await asAdministrator('SELECT 1')).rows).toEqual([['alice'], ['bob']]);
  });

  it('names a role that is not there', async () => {
    const { exitCode, err } = await run(['--role', 'mallory'], environment);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('"mallory"')]);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const HBA = `local all all trust
host all locked 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
`;

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
    expect(await run(['--role', 'pg_monitor', '--print'], DATABASE)).toMatchObject({
      exitCode: 78,
      out: '',
      err: expect.stringContaining('--role'),
    });
  });

  it.each([
    'postgres://root@other:9/x',
    'postgres://root@127.0.0.1:10/x',
    'postgres://root:hunter3@localhost:9/y',
  ])('stops where the administrator would prepare another database: %s', async (url) => {
    const both = { ...DATABASE, PORTCULLIS_DATABASE_ADMINISTRATOR_URL: url };
    const { exitCode, err } = await run(['--role', 'alice'], both);
    expect(exitCode).toBe(78);
    expect(err.replaceAll(/\s+/g, ' ')).toMatch(
      /database\.url leads to .* and database\.administratorUrl to /,
    );
    expect(err).not.toMatch(/hunter/);
  });

  it('takes two spellings of this machine for one', async () => {
    const both = { ...DATABASE, PORTCULLIS_DATABASE_ADMINISTRATOR_URL: 'postgres://root@localhost:9/x' };
    expect(await run(['--role', 'alice'], both)).toMatchObject({ exitCode: 1 });
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
    server = await startPostgres([], (data) => writeFileSync(join(data, 'pg_hba.conf'), HBA));
    environment = {
      PORTCULLIS_DATABASE_URL: server.url('svc'),
      PORTCULLIS_DATABASE_ADMINISTRATOR_URL: server.url('postgres'),
    };
    await asAdministrator(
      'CREATE ROLE svc LOGIN; CREATE ROLE staff; CREATE ROLE alice LOGIN IN ROLE staff; CREATE ROLE bob LOGIN IN ROLE staff; CREATE ROLE eve LOGIN; CREATE ROLE weak LOGIN; CREATE ROLE locked LOGIN',
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

  it('says in a sentence what the database refuses, and what it takes', async () => {
    const weak = { ...environment, PORTCULLIS_DATABASE_ADMINISTRATOR_URL: server.url('weak') };
    const { exitCode, err } = await run(['--role', 'eve'], weak);
    expect([exitCode, err]).toEqual([78, expect.stringContaining('permission denied for database')]);
    expect(err).toMatch(/ADMINISTRATOR_URL[\s\S]*superuser[\s\S]*CREATE on the database/);
  });

  it.each(['', ':wrong'])('names the setting of a password that is not accepted: "%s"', async (password) => {
    const url = server.url('locked').replace('locked', `locked${password}`);
    const { exitCode, err } = await run(['--role', 'eve'], {
      ...environment,
      PORTCULLIS_DATABASE_ADMINISTRATOR_URL: url,
    });
    expect([exitCode, err]).toEqual([78, expect.stringMatching(/ADMINISTRATOR_URL[\s\S]*password/)]);
  });

  it('tells who is left out of a group, and who is prepared from before', async () => {
    await asAdministrator(
      'CREATE ROLE dave LOGIN BYPASSRLS IN ROLE staff; REVOKE staff FROM bob; ALTER ROLE alice CREATEDB',
    );
    const { out } = await run(['--group', 'staff'], environment);
    expect(out).toContain('Left out: alice (may create databases), dave (bypasses row security)\n');
    expect(out).toContain('Still prepared, though left out: alice\n');
    expect(out).toContain('Still prepared, and no member of staff: bob\n');
    const printed = await run(['--group', 'staff', '--print'], environment);
    expect([printed.out, printed.err]).toEqual([
      expect.stringMatching(/^BEGIN;[\s\S]*COMMIT;\n$/),
      expect.stringContaining('Left out: alice'),
    ]);
    expect((await asAdministrator('SELECT 1')).rows).toEqual([['alice'], ['bob']]);
  });

  it('never makes a function that runs as a superuser', async () => {
    const { exitCode, err } = await run(['--role', 'postgres'], environment);
    expect([exitCode, err]).toEqual([78, expect.stringMatching(/--role[\s\S]*superuser/)]);
  });
});

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from '../../packages/server/src/sql/postgres-server.contract.ts';
import { sdkV2 } from '../clients/sdk-v2.ts';
import { type ChildEnd, runProgram } from '../servers/child-program.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/portcullis.js', import.meta.url));

/** What an operator has before Portcullis comes: people in a group, a table with row security, and an account that may do nothing. */
const EXISTING = [
  'CREATE ROLE staff NOLOGIN',
  'CREATE ROLE alice NOLOGIN IN ROLE staff',
  'CREATE ROLE bob NOLOGIN IN ROLE staff',
  'CREATE ROLE gate LOGIN',
  'CREATE TABLE letters (owner text, subject text)',
  "INSERT INTO letters VALUES ('alice', 'for alice'), ('bob', 'for bob'), ('bob', 'again for bob')",
  'ALTER TABLE letters ENABLE ROW LEVEL SECURITY',
  'CREATE POLICY own ON letters USING (owner = current_user)',
  'GRANT SELECT ON letters TO staff',
];

describeWithPostgres('the program on PostgreSQL', () => {
  let postgres: PostgresServer;
  let portcullis: RunningPortcullis;
  let printed: ChildEnd;
  let prepared: ChildEnd;

  const prepare = (flags: readonly string[]) =>
    runProgram({
      args: [PROGRAM, 'database', 'prepare', '--group', 'staff', ...flags],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: temporaryFolder(),
        PORTCULLIS_DATABASE_URL: postgres.url('gate'),
        PORTCULLIS_DATABASE_ADMINISTRATOR_URL: postgres.url('postgres'),
      },
      folder: temporaryFolder(),
    });

  beforeAll(async () => {
    postgres = await startPostgres();
    await runAsAdmin(postgres, EXISTING);
    printed = await prepare(['--print']);
    prepared = await prepare([]);
    portcullis = await startPortcullis({ database: postgres.url('gate') });
  });
  afterAll(async () => {
    await portcullis?.stop();
    await postgres?.stop();
  });

  it('prepares the members of a group, and prints what it would do', () => {
    expect(printed).toMatchObject({ code: 0 });
    expect(printed.stdout).toContain('Runs one reading statement as alice.');
    expect(prepared).toMatchObject({ code: 0 });
    expect(prepared.stdout).toMatch(/alice/);
    expect(prepared.stdout).toMatch(/bob/);
  });

  it('says at the start how people act', () => {
    expect(portcullis.startUp.join('\n')).toMatch(/Database .*PostgreSQL/);
  });

  it.each([
    ['alice', ['for alice']],
    ['bob', ['for bob', 'again for bob']],
  ])('[G13] lets %s read as the person the database knows', async (person, subjects) => {
    const client = await sdkV2('legacy')({ mcpUrl: portcullis.mcpUrl, person });
    const letters = await client.callTool('execute_query', { query: 'SELECT subject FROM letters' });
    expect(letters.rows).toEqual(subjects.map((subject) => [subject]));
    const who = await client.callTool('execute_query', { query: 'SELECT current_user, session_user' });
    expect(who.rows).toEqual([[person, 'gate']]);
    await client.close();
  });

  it('[G13] knows nobody whom the database does not know, and never falls back to the service account', async () => {
    const client = await sdkV2('legacy')({ mcpUrl: portcullis.mcpUrl, person: 'carol' });
    await expect(client.callTool('execute_query', { query: 'SELECT current_user' })).rejects.toThrow(/carol/);
    await client.close();
  });
});

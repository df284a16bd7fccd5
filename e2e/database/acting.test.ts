import { beforeAll, describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { callTool, type ToolAnswer } from '../clients/plain-mcp.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

let server: RunningPortcullis;
let tokens: Record<'alice' | 'bob' | 'carol', string>;
beforeAll(async () => {
  server = await startPortcullis({ database: 'embedded' });
  const client = plainClient(server.url);
  const logIn = async (person: string) => (await client.logIn({ person })).tokens.access_token;
  tokens = { alice: await logIn('alice'), bob: await logIn('bob'), carol: await logIn('carol') };
});

const query = (person: keyof typeof tokens, text: string): Promise<ToolAnswer> =>
  callTool(server.mcpUrl, tokens[person], 'execute_query', { query: text });
const rows = async (person: keyof typeof tokens, text: string) => {
  const { structuredContent, content, isError } = await query(person, text);
  if (isError) throw new Error(JSON.stringify(content));
  return structuredContent?.rows;
};

const WHO =
  'SELECT current_user::text, (SELECT count(*) FROM sales.customers WHERE account_manager <> current_user)';

/** Ways of becoming somebody else, each a statement of its own. */
const ATTEMPTS: readonly string[] = [
  'SET ROLE carol',
  'SET SESSION AUTHORIZATION carol',
  'RESET ROLE',
  'RESET SESSION AUTHORIZATION',
  'DISCARD ALL',
  "SELECT set_config('role', 'carol', false)",
  "SELECT set_config('session_authorization', 'carol', false)",
  "SELECT query_to_xml('SET ROLE carol', true, true, '')",
  "SELECT query_to_xml($$SELECT set_config('role', 'carol', false)$$, true, true, '')",
  "DO $$ BEGIN PERFORM set_config('role', 'carol', false); END $$",
  'SELECT 1; SET ROLE carol',
  'COMMIT; SET ROLE carol; SELECT * FROM sales.customers',
  'ROLLBACK',
  'CREATE ROLE mallory SUPERUSER',
  'GRANT carol TO alice',
  'ALTER TABLE sales.customers DISABLE ROW LEVEL SECURITY',
  'DELETE FROM sales.customers',
  'WITH gone AS (DELETE FROM sales.customers RETURNING *) SELECT count(*) FROM gone',
  "COPY sales.customers TO PROGRAM 'id'",
  "SELECT pg_read_file('/etc/passwd')",
  'SELECT pg_advisory_lock(1)',
  'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
  'LISTEN carol',
  'EXPLAIN ANALYZE DELETE FROM sales.customers',
];

describe('a statement', () => {
  it.each(ATTEMPTS)('[G13] makes nobody somebody else, and changes nothing: %s', async (attempt) => {
    const before = await rows('carol', 'SELECT count(*) FROM sales.customers');
    const { isError, content } = await query('alice', attempt);
    if (!isError) expect(JSON.stringify(content)).not.toContain('bob');
    expect(await rows('alice', WHO)).toEqual([['alice', '0']]);
    expect(await rows('bob', WHO)).toEqual([['bob', '0']]);
    expect(await rows('carol', 'SELECT count(*) FROM sales.customers')).toEqual(before);
  });

  it('[G13] of each of many at once runs as its own person', async () => {
    const people = ['alice', 'bob', 'carol'] as const;
    const asked = Array.from({ length: 45 }, (_, index) => people[index % 3]!);
    const answers = await Promise.all(asked.map((person) => rows(person, 'SELECT current_user::text')));
    expect(answers).toEqual(asked.map((person) => [[person]]));
  });

  it('[G13] that fails or takes too many rows says so, and the next one works', async () => {
    const wrong = await query('alice', 'SELECT * FROM sales.nothing');
    expect(wrong.isError).toBe(true);
    expect(wrong.content[0]?.text).toContain('sales.nothing');
    const many = await query('alice', 'SELECT * FROM generate_series(1, 5000)');
    expect(many.structuredContent).toMatchObject({ rowCount: 1000, truncated: true });
    expect(await rows('alice', WHO)).toEqual([['alice', '0']]);
  });
});

describe('salaries', () => {
  it('[G13] are seen by the person concerned and the management', async () => {
    const count = async (person: keyof typeof tokens) =>
      ((await rows(person, 'SELECT count(DISTINCT employee_id) FROM hr.salaries')) as string[][])[0]![0];
    expect([await count('alice'), await count('bob')]).toEqual(['1', '1']);
    expect(Number(await count('carol'))).toBeGreaterThan(2);
  });
});

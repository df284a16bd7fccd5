import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActingAs, Database } from './database.ts';
import { DatabaseError, type DatabaseErrorKind } from './database-error.ts';

export const person = (username: string): ActingAs => ({ kind: 'person', username });

/** The kind and message of the `DatabaseError` that `work` must end with. */
export async function failure(work: Promise<unknown>): Promise<{ kind: DatabaseErrorKind; message: string }> {
  const error = await work.then(
    (value) => new Error(`expected a failure, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw error;
  return { kind: error.kind, message: error.message };
}

/** What every database does, filled with the sample company. `nobody` are roles that no person may be. */
export function describeDatabase(
  product: string,
  open: () => Promise<Database>,
  nobody: readonly string[] = ['staff', 'portcullis'],
): void {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await database.ready();
  }, 120_000);
  afterAll(() => database?.close());
  const rows = async (who: string, query: string) => (await database.execute(person(who), query)).rows;

  describe(`${product}: people`, () => {
    it('acts as the person who asks', async () => {
      for (const who of ['alice', 'bob', 'carol'])
        expect(await database.whoami(person(who))).toMatchObject({ user: who });
    });

    it('shows each person their own rows', async () => {
      const count = async (who: string, table: string) =>
        Number((await rows(who, `SELECT count(*) FROM ${table}`))[0]?.[0]);
      const [alice, bob, carol] = [
        await count('alice', 'sales.orders'),
        await count('bob', 'sales.orders'),
        await count('carol', 'sales.orders'),
      ];
      expect(alice).toBeGreaterThan(100);
      expect(bob).toBeGreaterThan(100);
      expect(alice + bob).toBe(carol);
      expect(await count('alice', 'hr.salaries')).toBe(3);
      expect(await count('carol', 'hr.salaries')).toBe(144);
    });

    it.each(['nobody', 'Alice', 'ALICE', 'alice ', ' alice', '"alice"', 'alice;', 'postgres', ...nobody])(
      'refuses %j, and is not the service account instead',
      async (name) => {
        expect(await failure(database.execute(person(name), 'SELECT 1'))).toMatchObject({ kind: 'person' });
      },
    );

    it('refuses a name that the server would cut to another one', async () => {
      expect(await failure(database.whoami(person('a'.repeat(64))))).toMatchObject({ kind: 'person' });
      expect(await failure(database.whoami(person('alice\0bob')))).toMatchObject({ kind: 'person' });
    });
  });

  describe(`${product}: the catalog`, () => {
    it('has enough to ask about', async () => {
      expect((await database.listSchemas(person('alice'))).map(({ name }) => name)).toEqual([
        'catalog',
        'hr',
        'sales',
      ]);
      const tables = await database.listTables(person('carol'));
      expect(tables.length).toBeGreaterThanOrEqual(8);
      expect(tables.every(({ comment }) => comment)).toBe(true);
      const counts = await Promise.all(
        tables.map(async ({ schema, name }) =>
          Number((await rows('carol', `SELECT count(*) FROM ${schema}.${name}`))[0]?.[0]),
        ),
      );
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5000);
    });

    it('lists the tables of one schema', async () => {
      const tables = await database.listTables(person('alice'), 'catalog');
      expect(tables.map(({ name }) => name)).toEqual(['products', 'stock', 'suppliers']);
      expect(await database.listTables(person('alice'), "catalog' OR true --")).toEqual([]);
    });

    it('describes a table', async () => {
      const table = await database.describeTable(person('alice'), 'sales', 'order_lines');
      expect(table).toMatchObject({
        kind: 'table',
        comment: 'What was ordered.',
        rowSecurity: true,
        primaryKey: ['order_id', 'line_number'],
      });
      expect(table.foreignKeys).toContainEqual({
        columns: ['product_id'],
        references: { schema: 'catalog', table: 'products', columns: ['product_id'] },
      });
      expect(table.columns.at(-1)).toEqual({
        name: 'unit_price',
        type: 'numeric(10,2)',
        nullable: false,
        default: null,
        comment: 'Euro, as agreed in this order.',
      });
    });

    it('knows no table that the person may not read', async () => {
      for (const [schema, name] of [
        ['sales', 'no_such'],
        ['pg_catalog', 'pg_authid'],
        ['SALES', 'orders'],
      ] as const)
        expect(await failure(database.describeTable(person('alice'), schema, name))).toMatchObject({
          kind: 'statement',
        });
    });

    it('lists functions, and none that wraps a person', async () => {
      const functions = await database.listFunctions(person('alice'));
      expect(functions.map(({ schema, name }) => `${schema}.${name}`)).toEqual([
        'catalog.price_with_tax',
        'sales.revenue_by_month',
      ]);
      expect(await database.listFunctions(person('alice'), 'catalog')).toHaveLength(1);
    });
  });

  describe(`${product}: results`, () => {
    const cell = async (expression: string) =>
      (await database.execute(person('alice'), `SELECT ${expression} AS x`)).rows[0]?.[0];

    it('keeps what a JSON number can not hold', async () => {
      expect(await cell('9223372036854775807::bigint')).toBe('9223372036854775807');
      expect(await cell('12345678901234567890.10::numeric')).toBe('12345678901234567890.10');
      expect(await cell("'\\x00ff61'::bytea")).toBe('\\x00ff61');
      expect(await cell("timestamptz '2026-01-02 03:04:05.123456+00' AT TIME ZONE 'UTC'")).toBe(
        '2026-01-02 03:04:05.123456',
      );
      expect(await cell("'NaN'::float8")).toBe('NaN');
      expect(await cell("'-0'::float8")).toBe('-0');
      expect(await cell('0.1::float8 + 0.2::float8')).toBe(0.1 + 0.2);
      expect(await cell('2147483647')).toBe(2147483647);
      expect(await cell('true')).toBe(true);
      expect(await cell('NULL')).toBe(null);
      expect(await cell("''")).toBe('');
      expect(await cell('\' a,b("c")\\d \'')).toBe(' a,b("c")\\d ');
      expect(await cell("'zwölf 🚲'")).toBe('zwölf 🚲');
      expect(await cell("E'a\\nb\\tc'")).toBe('a\nb\tc');
      expect(await cell('ARRAY[1, NULL]')).toBe('{1,NULL}');
      expect(await cell("ROW(1, 'a b', NULL)")).toBe('(1,"a b",)');
      expect(await cell(`'{"a": 12345678901234567890, "a": 1}'::json`)).toBe(
        '{"a": 12345678901234567890, "a": 1}',
      );
    });

    it('keeps columns of one name apart, and knows their types', async () => {
      const { columns, rows: found } = await database.execute(
        person('alice'),
        'SELECT 1 AS a, 2::bigint AS a, NULL::date AS "a"',
      );
      expect(columns).toEqual([
        { name: 'a', type: 'integer' },
        { name: 'a', type: 'bigint' },
        { name: 'a', type: 'date' },
      ]);
      expect(found).toEqual([[1, '2', null]]);
    });

    it('tells the columns of a result without rows, and of rows without columns', async () => {
      expect(
        await database.execute(person('alice'), 'SELECT product_id, name FROM catalog.products WHERE false'),
      ).toEqual({
        columns: [
          { name: 'product_id', type: 'integer' },
          { name: 'name', type: 'text' },
        ],
        rows: [],
        rowCount: 0,
        truncated: false,
      });
      expect(await database.execute(person('alice'), 'SELECT FROM catalog.suppliers LIMIT 2')).toMatchObject({
        columns: [],
        rows: [[], []],
      });
    });

    it('runs every kind of reading statement, in its order', async () => {
      expect(await rows('alice', 'VALUES (3), (1), (2) ORDER BY 1 DESC -- as asked')).toEqual([
        [3],
        [2],
        [1],
      ]);
      expect(await rows('alice', 'WITH x AS (SELECT 1 AS a) SELECT * FROM x /* end */')).toEqual([[1]]);
      expect(await rows('alice', 'TABLE hr.departments;')).toHaveLength(6);
      expect((await rows('alice', 'EXPLAIN SELECT * FROM sales.orders')).length).toBeGreaterThan(0);
      expect(await rows('alice', 'SHOW server_encoding')).toEqual([['UTF8']]);
      expect(await rows('alice', 'SELECT * FROM sales.revenue_by_month(2024)')).toHaveLength(12);
    });

    it('cuts off after the most rows, and says so', async () => {
      const query = 'SELECT i FROM generate_series(1, 1001) AS g(i)';
      expect(await database.execute(person('alice'), query)).toMatchObject({
        rowCount: 1000,
        truncated: true,
      });
      expect(await database.execute(person('alice'), `${query} LIMIT 1000`)).toMatchObject({
        rowCount: 1000,
        truncated: false,
      });
      expect(await database.execute(person('alice'), query, { maxRows: 2 })).toMatchObject({
        rows: [[1], [2]],
        truncated: true,
      });
    });
  });

  describe(`${product}: limits and errors`, () => {
    it('stops a result that is too large, and goes on', async () => {
      const large = "SELECT repeat('x', 60000) FROM generate_series(1, 100)";
      expect(await failure(database.execute(person('alice'), large))).toMatchObject({ kind: 'too-large' });
      expect(await rows('alice', 'SELECT 1')).toEqual([[1]]);
    });

    it('stops a statement that takes too long, and goes on', async () => {
      const endless = 'SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b';
      expect(
        await failure(database.execute(person('alice'), endless, { timeoutSeconds: 0.5 })),
      ).toMatchObject({ kind: 'timeout' });
      expect(await rows('alice', 'SELECT 1')).toEqual([[1]]);
    });

    it('stops a statement that nobody waits for, and goes on', async () => {
      const abort = new AbortController();
      const endless = 'SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b';
      const work = failure(database.execute(person('alice'), endless, {}, abort.signal));
      setTimeout(() => abort.abort(), 100);
      expect(await work).toMatchObject({ kind: 'cancelled' });
      expect(
        await failure(database.execute(person('alice'), 'SELECT 1', {}, AbortSignal.abort())),
      ).toMatchObject({ kind: 'cancelled' });
      expect(await rows('bob', 'SELECT current_user')).toEqual([['bob']]);
    });

    it('gives the words of the database, and nothing of the connection', async () => {
      expect(await failure(database.execute(person('alice'), 'SELECT no_such'))).toEqual({
        kind: 'statement',
        message: 'column "no_such" does not exist',
      });
      const syntax = await failure(database.execute(person('alice'), 'SELEC 1'));
      expect(syntax).toEqual({ kind: 'statement', message: 'syntax error at or near "SELEC"' });
      const denied = await failure(database.execute(person('alice'), 'SELECT * FROM pg_catalog.pg_authid'));
      expect(denied.message).toBe('permission denied for table pg_authid');
    });

    it('answers many people at once, each as themselves', async () => {
      const people = Array.from({ length: 30 }, (_, i) => ['alice', 'bob', 'carol'][i % 3] as string);
      const seen = await Promise.all(people.map((who) => rows(who, 'SELECT current_user::text')));
      expect(seen.map((found) => found[0]?.[0])).toEqual(people);
    });
  });
}

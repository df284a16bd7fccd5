import { afterAll, describe, expect, it } from 'vitest';
import { failure } from './database.contract.ts';
import { DatabaseError } from './database-error.ts';
import { rawRows, type Script, scriptedConnection, sourceOf } from './scripted-connection.contract.ts';
import { type SqlDatabaseOptions, sqlDatabase } from './sql-database.ts';
import type { GuardOptions } from './statement-guard.ts';

const service = { kind: 'service' } as const;
const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/** A database whose connection gives these rows to every statement of a call, each column of a type. */
function begin(
  answers: (text: string) => readonly (readonly (string | null)[])[],
  over: Partial<SqlDatabaseOptions> = {},
) {
  const script: Script = ({ sql }) => {
    if (sql.includes('format_type(t.id')) return rawRows(['25', 'text'], ['16', 'boolean']);
    if (!sql.includes('AS answer LIMIT')) return undefined;
    const rows = answers(sql);
    const isFlag = (value: string | null | undefined) => value === 't' || value === 'f';
    return {
      fields: (rows[0] ?? []).map((value, i) => ({ name: `c${i}`, typeId: isFlag(value) ? 16 : 25 })),
      rows,
    };
  };
  const scripted = scriptedConnection(script);
  const { source, released } = sourceOf(scripted.connection);
  const done: string[] = [];
  const database = sqlDatabase({
    rules: { source, mode: 'wrapped', serviceAccount: 'service', searchPath: '', resetSql: [] },
    describe: () => ({ product: 'PostgreSQL', mode: 'wrapped', wall: true, summary: 'x', notes: [] }),
    guard: async (text) => ({ text, kind: 'rows' }),
    warm: () => void done.push('warm'),
    ready: async () => void done.push('ready'),
    close: async () => void done.push('close'),
    ...over,
  });
  closing.push(() => database.close());
  return { database, done, released, asked: scripted.asked };
}

describe('lists', () => {
  it('say what there is, with nothing where nothing is known', async () => {
    const schemas = begin(() => [
      ['hr', null],
      ['sales', 'Orders'],
    ]);
    expect(await schemas.database.listSchemas(service)).toEqual([
      { name: 'hr', comment: null },
      { name: 'sales', comment: 'Orders' },
    ]);
    const tables = begin(() => [
      ['hr', 'a', 'table', null, '1200', 'f'],
      ['hr', 'b', 'view', 'c', null, 't'],
    ]);
    expect(await tables.database.listTables(service, 'hr')).toEqual([
      { schema: 'hr', name: 'a', kind: 'table', comment: null, estimatedRows: 1200 },
      { schema: 'hr', name: 'b', kind: 'view', comment: 'c', estimatedRows: null },
    ]);
    const functions = begin(() => [['hr', 'fn', 'function', 'a integer', null, null]]);
    expect(await functions.database.listFunctions(service)).toEqual([
      { schema: 'hr', name: 'fn', kind: 'function', arguments: 'a integer', returns: null, comment: null },
    ]);
  });

  it('are longer than an answer may be, and not without end', async () => {
    const { database, asked } = begin(() => [], { limits: { maxRows: 5 } });
    await database.listSchemas(service);
    expect(asked.some(({ sql }) => sql.endsWith('LIMIT 10001'))).toBe(true);
  });
});

describe('a table', () => {
  it('is described by its columns and keys', async () => {
    const { database } = begin((sql) => {
      if (sql.includes('pg_catalog.pg_attrdef')) return [['id', 'bigint', 'f', 'nextval()', null]];
      if (sql.includes('pg_catalog.pg_constraint'))
        return [
          ['p', '["id"]', null, null, null],
          ['f', '["a,b","c"]', 'sales', 'orders', '["x","y"]'],
        ];
      return [['sales', 'lines', 'table', 'What', null, 't']];
    });
    expect(await database.describeTable(service, 'sales', 'lines')).toEqual({
      schema: 'sales',
      name: 'lines',
      kind: 'table',
      comment: 'What',
      estimatedRows: null,
      rowSecurity: true,
      columns: [{ name: 'id', type: 'bigint', nullable: false, default: 'nextval()', comment: null }],
      primaryKey: ['id'],
      foreignKeys: [
        { columns: ['a,b', 'c'], references: { schema: 'sales', table: 'orders', columns: ['x', 'y'] } },
      ],
    });
  });

  it('that is not there is not told from one that may not be read', async () => {
    const { database } = begin(() => []);
    expect(await failure(database.describeTable(service, 'hr', 'secret'))).toEqual({
      kind: 'statement',
      message: 'There is no table hr.secret, or none that you may read.',
    });
  });
});

describe('a statement', () => {
  it('is looked at before a connection is taken, with the time it may have', async () => {
    const seen: [string, GuardOptions][] = [];
    const { database, released } = begin(() => [], {
      limits: { timeoutSeconds: 7 },
      guard: async (text, options) => {
        seen.push([text, options]);
        throw new DatabaseError('refused', 'No.');
      },
    });
    expect(await failure(database.execute(service, 'DROP'))).toEqual({ kind: 'refused', message: 'No.' });
    await failure(database.execute(service, 'DROP', { timeoutSeconds: 3 }));
    expect(seen.map(([text, { timeoutSeconds }]) => [text, timeoutSeconds])).toEqual([
      ['DROP', 7],
      ['DROP', 3],
    ]);
    expect(released).toEqual([]);
  });

  it('has the limits of the call, then those of the database, then the usual ones', async () => {
    const most = async (configured?: number, called?: number) => {
      const { database, asked } = begin(
        () => [],
        configured === undefined ? {} : { limits: { maxRows: configured } },
      );
      await database.execute(service, 'SELECT 1', called === undefined ? {} : { maxRows: called });
      return asked.find(({ sql }) => sql.includes('AS answer LIMIT'))?.sql.split('LIMIT ')[1];
    };
    expect([await most(), await most(7), await most(7, 3)]).toEqual(['1001', '8', '4']);
  });

  it('is looked at by the guard in its thread, where no other is given', async () => {
    const { database } = begin(() => [], { guard: undefined });
    expect(await failure(database.execute(service, 'DROP TABLE t'))).toMatchObject({ kind: 'refused' });
  });
});

it('tells who one is, and passes on what is asked of the whole', async () => {
  const { database, done } = begin(() => [['alice', 'service', 'db', '15.1']]);
  expect(await database.whoami(service)).toEqual({
    user: 'alice',
    sessionUser: 'service',
    database: 'db',
    version: '15.1',
  });
  database.warm();
  await database.ready();
  expect(database.describe().summary).toBe('x');
  await database.close();
  expect(done).toEqual(['warm', 'ready', 'close']);
});

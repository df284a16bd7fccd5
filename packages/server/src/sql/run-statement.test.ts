import { describe, expect, it } from 'vitest';
import type { RawResult } from './connection.ts';
import { runDirectly, runWrapped } from './run-statement.ts';
import { callsWrapper, NOTHING, rawRows, scriptedConnection } from './scripted-connection.contract.ts';

const limits = { maxRows: 2, maxBytes: 77, timeoutSeconds: 1 };
const select = { text: 'SELECT 1 -- end', kind: 'rows' } as const;

describe('a statement through the wrapper of a role', () => {
  const lines = (...given: readonly string[]) => rawRows(...given.map((line) => [line]));

  it('is a value of the one call, with the limits', async () => {
    const { connection, asked } = scriptedConnection(() => NOTHING);
    await runWrapped(connection, 'alice', { ...select, values: ['a', 'b'] }, limits);
    await runWrapped(connection, 'alice', { text: 'SHOW x', kind: 'report' }, limits);
    expect(asked.every(({ sql }) => callsWrapper(sql, 'alice') && !sql.includes('SHOW'))).toBe(true);
    expect(asked.map(({ values }) => values)).toEqual([
      ['SELECT 1 -- end', ['a', 'b'], 'true', '2', '77'],
      ['SHOW x', [], 'false', '2', '77'],
    ]);
  });

  it('becomes columns and rows', async () => {
    const { connection } = scriptedConnection(() =>
      lines('{"names":["a","a"],"types":["integer","text"]}', '(1,"x y")', '(,"")', '(3,z)'),
    );
    expect(await runWrapped(connection, 'alice', select, limits)).toEqual({
      columns: [
        { name: 'a', type: 'integer' },
        { name: 'a', type: 'text' },
      ],
      rows: [
        [1, 'x y'],
        [null, ''],
      ],
      rowCount: 2,
      truncated: true,
    });
  });
});

describe('a statement as the user that the session has', () => {
  const answer = (rows: RawResult['rows']): RawResult => ({
    fields: [
      { name: 'a', typeId: 23 },
      { name: 'a', typeId: 20 },
      { name: 'b', typeId: 23 },
      { name: 'c', typeId: 99_999 },
    ],
    rows,
  });
  const row = ['1', '2', null, 'x'];
  const begin = (rows: RawResult['rows']) =>
    scriptedConnection(({ sql }) =>
      sql.includes('format_type') ? rawRows(['23', 'integer'], ['20', 'bigint']) : answer(rows),
    );

  it('is cut off one row after the limit, whatever ends the text', async () => {
    const { connection, asked } = begin([row, row, row]);
    expect(await runDirectly(connection, select, limits)).toEqual({
      columns: [
        { name: 'a', type: 'integer' },
        { name: 'a', type: 'bigint' },
        { name: 'b', type: 'integer' },
        { name: 'c', type: 'text' },
      ],
      rows: [
        [1, '2', null, 'x'],
        [1, '2', null, 'x'],
      ],
      rowCount: 2,
      truncated: true,
    });
    expect(asked[0]).toEqual({ sql: 'SELECT * FROM (SELECT 1 -- end\n) AS answer LIMIT 3', values: [] });
  });

  it('asks for the name of each type once', async () => {
    const { connection, asked } = begin([row]);
    expect(await runDirectly(connection, select, limits)).toMatchObject({ rowCount: 1, truncated: false });
    expect(asked[1]?.values).toEqual([['23', '20', '99999']]);
  });

  it('is left as it is where it can not stand in a subquery', async () => {
    const { connection, asked } = scriptedConnection(() => NOTHING);
    const result = await runDirectly(connection, { text: 'SHOW x', kind: 'report', values: ['v'] }, limits);
    expect(asked).toEqual([{ sql: 'SHOW x', values: [['v']] }]);
    expect(result).toEqual({ columns: [], rows: [], rowCount: 0, truncated: false });
  });
});

import { describe, expect, it } from 'vitest';
import { type CallRules, callAs } from './call.ts';
import type { RawResult } from './connection.ts';
import { type ActingAs, type ActingMode, DEFAULT_LIMITS, type QueryLimits } from './database.ts';
import { DatabaseError, ServerError } from './database-error.ts';
import {
  callsWrapper,
  rawRows,
  type Script,
  scriptedConnection,
  sourceOf,
} from './scripted-connection.contract.ts';

const alice: ActingAs = { kind: 'person', username: 'alice' };
const statement = { text: 'SELECT 1', kind: 'rows' } as const;

function begin(script: Script = () => undefined, mode: ActingMode = 'wrapped') {
  const scripted = scriptedConnection(script);
  const pool = sourceOf(scripted.connection);
  const rules: CallRules = {
    source: pool.source,
    mode,
    serviceAccount: 'service',
    searchPath: '"$user", public',
    resetSql: ['DISCARD PLANS', 'DISCARD TEMPORARY'],
  };
  const call = (as: ActingAs = alice, limits: Partial<QueryLimits> = {}, signal?: AbortSignal) =>
    callAs(rules, as, statement, { ...DEFAULT_LIMITS, ...limits }, signal);
  return { ...scripted, ...pool, call };
}

const failing = (code: string, more: { message?: string; detail?: string; hint?: string } = {}): Script => {
  const report = { message: 'told', code, ...more };
  return ({ sql }) => (callsWrapper(sql, 'alice') ? Promise.reject(new ServerError(report)) : undefined);
};

const errorOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  return error as DatabaseError;
};

const short = (sql: string) =>
  [
    [/^SELECT current_user/, 'who'],
    [/pg_roles AS r/, 'admit'],
    [/^SELECT pg_catalog\.set_config/, 'settings'],
    [/portcullis\.run_/, 'statement'],
    [/AS answer LIMIT/, 'statement'],
  ].find(([pattern]) => (pattern as RegExp).test(sql))?.[1] ?? sql;

describe('a call', () => {
  it('takes its steps in their order, and leaves nothing behind', async () => {
    const { call, asked, state, released, acquired, connection } = begin();
    await call();
    expect(asked.map(({ sql }) => short(sql))).toEqual([
      'BEGIN TRANSACTION READ ONLY',
      'admit',
      'settings',
      'who',
      'statement',
      'who',
      'ROLLBACK',
      'DISCARD PLANS',
      'DISCARD TEMPORARY',
      'who',
    ]);
    expect([acquired, released, state]).toEqual([
      [alice],
      [connection],
      { allowed: Number.MAX_SAFE_INTEGER, destroyed: undefined },
    ]);
  });

  it('enters before the statement, in the modes that enter', async () => {
    const { call, asked } = begin(undefined, 'set-role');
    await call();
    expect(asked.map(({ sql }) => short(sql)).slice(2, 6)).toEqual([
      'settings',
      'SET LOCAL ROLE "alice"',
      'who',
      'statement',
    ]);
  });

  it('counts the bytes of the statement alone', async () => {
    const seen: number[] = [];
    const { call, state } = begin(({ sql }) => {
      if (short(sql) === 'statement' || short(sql) === 'admit') seen.push(state.allowed);
      return undefined;
    });
    await call(alice, { maxBytes: 1234 });
    expect(seen).toEqual([Number.NaN, 1234]);
  });

  it('as the service account looks nobody up', async () => {
    const { call, asked } = begin();
    await call({ kind: 'service' });
    expect(asked.map(({ sql }) => short(sql))).not.toContain('admit');
    expect(asked.some(({ sql }) => sql.startsWith('SELECT * FROM (SELECT 1\n) AS answer'))).toBe(true);
  });

  it.each(['service', 'postgres\0', '', 'pg_monitor', 'none'])(
    'as %j takes no connection',
    async (username) => {
      const { call, acquired } = begin();
      const error = await errorOf(call({ kind: 'person', username }));
      expect([error.kind, acquired]).toEqual(['person', []]);
    },
  );

  it('searches where the role says, else where the database says', async () => {
    const path = async (searchPath: string | null) => {
      const { call, asked } = begin(({ sql }) =>
        short(sql) === 'admit'
          ? rawRows([...Array.from({ length: 9 }, () => 'false'), 'sound', searchPath])
          : undefined,
      );
      await call();
      return asked.find(({ sql }) => short(sql) === 'settings')?.values;
    };
    expect(await path('hr')).toContain('hr, pg_temp');
    expect(await path(null)).toContain('"$user", public, pg_temp');
  });
});

describe('a session that is not whose it should be', () => {
  const seen = (place: number, who: readonly [string, string]): Script => {
    let count = 0;
    return ({ sql }) => {
      if (short(sql) !== 'who') return undefined;
      count += 1;
      return count === place ? rawRows(who) : undefined;
    };
  };

  it.each([
    ['before the statement', 1],
    ['after the statement', 2],
    ['after the call', 3],
  ])('%s answers nothing, and is never used again', async (_when, place) => {
    for (const who of [
      ['bob', 'service'],
      ['service', 'bob'],
    ] as const) {
      const { call, state, released } = begin(seen(place, who));
      const error = await errorOf(call());
      expect(error).toMatchObject({ kind: 'unavailable', message: expect.not.stringContaining('bob') });
      expect(error.detail).toMatchObject({ seen: { user: who[0], sessionUser: who[1] } });
      expect([state.destroyed !== undefined, released.length]).toEqual([true, 1]);
    }
  });

  it('runs no statement when it is wrong before', async () => {
    const { call, asked } = begin(seen(1, ['bob', 'bob']));
    await errorOf(call());
    expect(asked.map(({ sql }) => short(sql))).not.toContain('statement');
  });

  it('may not even say who it is', async () => {
    const { call, state } = begin(({ sql }) => (short(sql) === 'who' ? rawRows() : undefined));
    expect((await errorOf(call())).kind).toBe('unavailable');
    expect(state.destroyed).toBeDefined();
  });
});

describe('an error', () => {
  it.each([
    ['22012', 'statement', 'told'],
    ['42501', 'statement', 'told'],
    ['42P01', 'statement', 'told'],
  ])(
    '%s of the statement is told in the words of the database, and the connection is cleaned',
    async (code, kind, message) => {
      const { call, state, asked } = begin(failing(code));
      expect(await errorOf(call())).toMatchObject({ kind, message, sqlState: code });
      expect(state.destroyed).toBeUndefined();
      expect(asked.map(({ sql }) => short(sql)).slice(-4)).toEqual([
        'ROLLBACK',
        'DISCARD PLANS',
        'DISCARD TEMPORARY',
        'who',
      ]);
    },
  );

  it('comes with detail and hint', async () => {
    const { call } = begin(failing('22P02', { message: 'a', detail: 'b', hint: 'c' }));
    expect((await errorOf(call())).message).toBe('a\nDetail: b\nHint: c');
  });

  it.each([
    ['53200', 'statement', 'told'],
    ['57014', 'timeout', 'The statement took longer than 30 seconds and was stopped.'],
    ['PTC01', 'too-large', 'Told. Ask for fewer rows or columns.'],
    ['PTC02', 'unavailable', 'The database can not answer this now.'],
    ['57P01', 'unavailable', 'The database can not answer this now.'],
    ['08006', 'unavailable', 'The database can not answer this now.'],
    ['58030', 'unavailable', 'The database can not answer this now.'],
    ['XX000', 'unavailable', 'The database can not answer this now.'],
  ])('%s gives the connection up: %s', async (code, kind, message) => {
    const { call, state, released } = begin(failing(code));
    expect(await errorOf(call())).toMatchObject({ kind, message });
    expect([state.destroyed !== undefined, released.length]).toEqual([true, 1]);
  });

  it.each(['BEGIN TRANSACTION READ ONLY', 'admit', 'settings', 'who'])(
    'of "%s" is not the fault of the person, and tells nothing',
    async (step) => {
      const report = { message: 'password of service', code: '42501' };
      const { call, state } = begin(({ sql }) =>
        short(sql) === step ? Promise.reject(new ServerError(report)) : undefined,
      );
      expect(await errorOf(call())).toMatchObject({
        kind: 'unavailable',
        message: 'The database can not be used now.',
      });
      expect(state.destroyed).toBeDefined();
    },
  );

  it.each(['ROLLBACK', 'DISCARD PLANS', 'DISCARD TEMPORARY'])('of "%s" answers nothing', async (step) => {
    const { call, state } = begin(({ sql }) =>
      sql === step ? Promise.reject(new ServerError({ message: 'x', code: '42501' })) : undefined,
    );
    expect(await errorOf(call())).toMatchObject({ kind: 'unavailable' });
    expect(state.destroyed).toBeDefined();
  });

  it('of entering says that the service account may not', async () => {
    const denied =
      (code: string): Script =>
      ({ sql }) =>
        sql.startsWith('SET LOCAL ROLE')
          ? Promise.reject(new ServerError({ message: 'x', code }))
          : undefined;
    const first = begin(denied('42501'), 'set-role');
    expect(await errorOf(first.call())).toMatchObject({
      kind: 'person',
      message: expect.stringContaining('may not act'),
    });
    expect(first.state.destroyed).toBeUndefined();
    expect((await errorOf(begin(denied('XX000'), 'set-role').call())).kind).toBe('unavailable');
  });

  it('of the connection is one of the network', async () => {
    const { call, state } = begin(({ sql }) =>
      short(sql) === 'statement' ? Promise.reject(new Error('ECONNRESET')) : undefined,
    );
    expect(await errorOf(call())).toMatchObject({
      kind: 'unavailable',
      message: 'The database can not be reached now.',
    });
    expect(state.destroyed).toMatchObject({ message: 'ECONNRESET' });
  });
});

describe('a call that nobody waits for', () => {
  const hanging: Script = ({ sql }) =>
    short(sql) === 'statement' ? new Promise<RawResult>(() => {}) : undefined;

  it('is given up at once, connection and all', async () => {
    const { call, state, released } = begin(hanging);
    const abort = new AbortController();
    const error = errorOf(call(alice, {}, abort.signal));
    await new Promise(setImmediate);
    abort.abort();
    expect((await error).kind).toBe('cancelled');
    expect(state.destroyed).toMatchObject({ kind: 'cancelled' });
    expect(released).toHaveLength(1);
  });

  it('is given up when it was cancelled while it got its connection', async () => {
    const { call, asked } = begin();
    expect((await errorOf(call(alice, {}, AbortSignal.abort()))).kind).toBe('cancelled');
    expect(asked).toEqual([]);
  });

  it('answers nothing when it was cancelled while it was cleaned up', async () => {
    const abort = new AbortController();
    const { call } = begin(({ sql }) => {
      if (sql === 'DISCARD TEMPORARY') abort.abort();
      return undefined;
    });
    expect((await errorOf(call(alice, {}, abort.signal))).kind).toBe('cancelled');
  });

  it('is given up when the server does not keep to the time', async () => {
    const { call, state } = begin(hanging);
    const error = await errorOf(call(alice, { timeoutSeconds: 0.01 }));
    expect(error).toMatchObject({ kind: 'timeout', message: expect.stringContaining('0.01 seconds') });
    expect(state.destroyed).toMatchObject({ kind: 'timeout' });
  });
});

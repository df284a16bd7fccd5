import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failure, person } from './database.contract.ts';
import { letThrough } from './escapes.contract.ts';
import { EMBEDDED_SERVICE_ACCOUNT, pgliteDatabase } from './pglite-database.ts';
import { createWrapperSql } from './wrapper/wrapper.ts';

const SMALL = [
  `CREATE ROLE "${EMBEDDED_SERVICE_ACCOUNT}"; CREATE SCHEMA portcullis; GRANT USAGE ON SCHEMA portcullis TO "${EMBEDDED_SERVICE_ACCOUNT}"`,
  'CREATE ROLE alice; CREATE TABLE kept AS SELECT 42 AS answer; GRANT SELECT ON kept TO alice',
  ...createWrapperSql('alice', EMBEDDED_SERVICE_ACCOUNT),
];
const alice = person('alice');
const ENDLESS = 'SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b';

describe('the embedded database', () => {
  it('opens nothing until it is asked, and nothing after it is closed', async () => {
    const database = pgliteDatabase({ seed: SMALL });
    await database.close();
    expect(await failure(database.execute(alice, 'SELECT 1'))).toMatchObject({ kind: 'unavailable' });
    await expect(database.ready()).rejects.toThrow(/closed/);
  });

  it('comes back with its data after a statement took it down, for everybody who waits', async () => {
    const database = pgliteDatabase({ seed: SMALL });
    database.warm();
    await database.ready();
    const endless = failure(database.execute(alice, ENDLESS, { timeoutSeconds: 0.3 }));
    const waiting = Array.from({ length: 5 }, () => database.execute(alice, 'SELECT answer FROM kept'));
    expect(await endless).toMatchObject({ kind: 'timeout' });
    for (const answer of await Promise.all(waiting)) expect(answer.rows).toEqual([[42]]);
    await database.close();
  });

  it('lets those who wait go away, in any order', async () => {
    const database = pgliteDatabase({ seed: SMALL });
    await database.ready();
    const running = failure(database.execute(alice, ENDLESS, { timeoutSeconds: 1 }));
    const aborts = Array.from({ length: 4 }, () => new AbortController());
    const waiting = aborts.map(({ signal }) => failure(database.execute(alice, 'SELECT 1', {}, signal)));
    const patient = database.execute(alice, 'SELECT 2');
    for (const i of [2, 0, 3, 1]) aborts[i]?.abort();
    for (const gone of await Promise.all(waiting)) expect(gone).toMatchObject({ kind: 'cancelled' });
    expect(await running).toMatchObject({ kind: 'timeout' });
    expect((await patient).rows).toEqual([[2]]);
    await database.close();
  });

  it('has a limit to its memory, and lives on', async () => {
    const database = pgliteDatabase({ seed: SMALL, maxMemoryBytes: 300 * 1024 * 1024, guard: letThrough() });
    const hungry = "SELECT length(repeat('x', 250000000))";
    expect(await failure(database.execute(alice, hungry))).toMatchObject({
      kind: 'statement',
      message: expect.stringContaining('out of memory'),
    });
    expect((await database.execute(alice, 'SELECT answer FROM kept')).rows).toEqual([[42]]);
    await database.close();
  });

  it('says that it can not be started, and tries again the next time', async () => {
    const database = pgliteDatabase({ seed: ['SELECT no_such'] });
    for (let i = 0; i < 2; i++)
      expect(await failure(database.execute(alice, 'SELECT 1'))).toEqual({
        kind: 'unavailable',
        message: 'The embedded database can not be started.',
      });
    await database.close();
  });

  it('does not keep the process alive', async () => {
    const built = new URL('../../dist/sql/pglite-database.js', import.meta.url).href;
    const script = `const { pgliteDatabase } = await import(${JSON.stringify(built)});
      const database = pgliteDatabase();
      await database.ready();
      await database.execute({ kind: 'person', username: 'alice' }, 'SELECT 1');
      console.log('asked');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 25_000,
    });
    expect(stdout).toBe('asked\n');
  });
});

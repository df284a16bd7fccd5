import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../sql/database.ts';
import { openDatabase } from './open-database.ts';
import { settingsOf } from './settings.contract.ts';

const opened: (Database | undefined)[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database?.close();
});

async function open(given: Record<string, string>): Promise<Database | undefined> {
  const database = await openDatabase(settingsOf(given));
  opened.push(database);
  return database;
}

describe('the database of the settings', () => {
  it('is none where none is wanted', async () => {
    expect(await open({ 'database.url': 'none' })).toBeUndefined();
  });

  it('is the embedded one, for people or for all as one', async () => {
    const people = await open({ 'database.url': 'embedded' });
    expect(people?.describe()).toMatchObject({
      product: 'PGlite',
      summary: expect.stringContaining('the person'),
    });
    const service = await open({ 'database.url': 'embedded', 'database.identity': 'service' });
    expect(service?.describe().summary).toContain('the service account');
  });

  it('is a PostgreSQL server, in the mode that was chosen, without asking it anything yet', async () => {
    // Port 1 of this machine: whoever asks there is refused.
    const url = 'postgres://svc:hunter2@127.0.0.1:1/db';
    const database = await open({
      'database.url': url,
      'database.sslMode': 'disable',
      'database.mode': 'set-role',
    });
    expect(database?.describe()).toMatchObject({ product: 'PostgreSQL', mode: 'set-role', wall: false });
    expect(JSON.stringify(database?.describe())).not.toContain('hunter2');
    await expect(database?.ready()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('has the limits of the settings', async () => {
    const limits = {
      'database.maxRows': '2',
      'database.maxBytes': '100000',
      'database.timeoutSeconds': '20',
    };
    const database = await open({ 'database.url': 'embedded', ...limits });
    const query = 'SELECT i FROM generate_series(1, 9) AS g(i)';
    expect(await database?.execute({ kind: 'person', username: 'alice' }, query)).toMatchObject({
      rows: [[1], [2]],
      truncated: true,
    });
  });
});

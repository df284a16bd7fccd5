import { afterAll, describe, expect, it } from 'vitest';
import { DatabaseError } from './database-error.ts';
import { startGuardThread } from './statement-guard-thread.ts';

describe('the guard in its thread', () => {
  const thread = startGuardThread();
  afterAll(() => thread.close());

  it('judges as it does elsewhere', async () => {
    const options = { timeoutSeconds: 1 };
    await expect(thread.guard('SELECT 1;', options)).resolves.toEqual({ text: 'SELECT 1', kind: 'rows' });
    await expect(thread.guard('SELECT pg_sleep(2)', options)).rejects.toMatchObject({ kind: 'refused' });
    await expect(thread.guard('SELEC', options)).rejects.toMatchObject({
      kind: 'statement',
      sqlState: '42601',
    });
    await expect(thread.guard('SELECT \0', options)).rejects.toMatchObject({ kind: 'refused' });
  });

  it('is not broken for others by statements that exhaust the parser', async () => {
    const deep = [
      `SELECT 1${'+1'.repeat(49_000)}`,
      `SELECT ${'not '.repeat(24_000)} true`,
      `SELECT 1${'::int'.repeat(19_000)}`,
      `SELECT 1${' UNION SELECT 1'.repeat(6_000)}`,
      `SELECT ${'('.repeat(40_000)}1${')'.repeat(40_000)}`,
      `SELECT ${'case when true then '.repeat(4_000)}1${' end'.repeat(4_000)}`,
      `SELECT ${'array['.repeat(14_000)}1${']'.repeat(14_000)}`,
    ];
    const answers = deep.flatMap((text) => [
      thread.guard(text, { timeoutSeconds: 30 }).catch((error: unknown) => error),
      thread.guard('SELECT 1', { timeoutSeconds: 30 }),
    ]);
    for (const [i, answer] of (await Promise.all(answers)).entries())
      if (i % 2 === 1) expect(answer).toEqual({ text: 'SELECT 1', kind: 'rows' });
      else if (answer instanceof Error) expect(answer).toBeInstanceOf(DatabaseError);
      else expect(answer).toMatchObject({ kind: 'rows' });
  });

  it('judges one after the other, in their order, and a refusal holds up nobody', async () => {
    const order: number[] = [];
    const texts = ['SELECT 1', 'DROP TABLE t', 'SELEC', 'SELECT \0', 'SELECT 2'];
    const judged = texts.map((text, i) =>
      thread.guard(text, { timeoutSeconds: 1 }).then(
        ({ kind }) => order.push(i) && kind,
        (error: DatabaseError) => order.push(i) && error.kind,
      ),
    );
    expect(await Promise.all(judged)).toEqual(['rows', 'refused', 'statement', 'refused', 'rows']);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('begins anew after it was closed', async () => {
    const own = startGuardThread();
    await own.close();
    expect(await own.guard('SELECT 1', { timeoutSeconds: 1 })).toMatchObject({ kind: 'rows' });
    await own.close();
    expect(await own.guard('SELECT 2', { timeoutSeconds: 1 })).toMatchObject({ text: 'SELECT 2' });
    await own.close();
  });
});

import { describe, expect, it } from 'vitest';
import { DatabaseError, ServerError } from './database-error.ts';

describe('an error of the database', () => {
  it('has words for the person, and the rest for the log', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7');
    const error = new DatabaseError('unavailable', 'Not now.', {
      cause,
      sqlState: '57P01',
      detail: { host: 'db' },
    });
    expect(error).toMatchObject({
      name: 'DatabaseError',
      kind: 'unavailable',
      message: 'Not now.',
      sqlState: '57P01',
      detail: { host: 'db' },
      cause,
    });
    expect(`${error}`).toBe('DatabaseError: Not now.');
  });

  it('has no cause and an empty detail where nothing is known', () => {
    const error = new DatabaseError('refused', 'No.');
    expect([error.detail, error.sqlState, 'cause' in error]).toEqual([{}, undefined, false]);
  });

  it('of the server carries its report', () => {
    const report = { message: 'division by zero', code: '22012', hint: 'Do not.' };
    expect(new ServerError(report)).toMatchObject({
      name: 'ServerError',
      message: 'division by zero',
      report,
    });
    expect(new ServerError(report)).not.toBeInstanceOf(DatabaseError);
  });
});

import { describe, expect, it } from 'vitest';
import { DatabaseError, ServerError } from '../sql/database-error.ts';
import { toolError, toolResult } from './tool-result.ts';

describe('the result of a tool', () => {
  it('is there for programs, and the same as text', () => {
    const rows = { rows: [['é', null, 1]] };
    const result = toolResult(rows);
    expect(result.structuredContent).toBe(rows);
    expect(result.content).toEqual([{ type: 'text', text: '{"rows":[["é",null,1]]}' }]);
    expect(result.isError).toBeUndefined();
  });
});

describe('the failure of a tool', () => {
  it('has the words that are for the person', () => {
    expect(
      toolError(new DatabaseError('statement', 'column "x" does not exist', { cause: new Error('secret') })),
    ).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'column "x" does not exist' }],
    });
  });

  it.each([
    new Error('connect ECONNREFUSED 10.0.0.7'),
    new ServerError({ message: 'password authentication failed for user "svc"', code: '28P01' }),
    new TypeError('x is undefined'),
    'a text with a secret',
    undefined,
    { message: 'secret' },
  ])('says nothing about what is not: %s', (error) => {
    expect(toolError(error)).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'Something went wrong on this server. Try again later.' }],
    });
  });
});

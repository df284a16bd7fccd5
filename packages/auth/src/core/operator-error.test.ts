import { describe, expect, it } from 'vitest';
import { OperatorError } from './operator-error.ts';

describe('what only the operator can mend', () => {
  it('[G1] names each setting, where it came from, and what to do, a line each', () => {
    const cause = new Error('deeper');
    const error = new OperatorError(
      [
        { setting: 'publicUrl', source: 'environment', message: 'It is no URL.', remedy: 'Write one.' },
        { setting: 'port', source: '--port', message: 'It is no number.', remedy: 'Write a number.' },
      ],
      { cause },
    );
    expect(error.message).toBe(
      'publicUrl (environment): It is no URL. Write one.\nport (--port): It is no number. Write a number.',
    );
    expect([error.name, error.problems.length, error.cause]).toEqual(['OperatorError', 2, cause]);
  });
});

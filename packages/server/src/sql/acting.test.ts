import { describe, expect, it } from 'vitest';
import { actingFor } from './acting.ts';
import { type ActingMode, DEFAULT_LIMITS } from './database.ts';
import { callsWrapper, rawRows, scriptedConnection } from './scripted-connection.contract.ts';

const MODES: readonly ActingMode[] = ['wrapped', 'login', 'session-authorization', 'set-role'];
const evil = { kind: 'person', username: 'Al"ice; RESET ROLE' } as const;

describe('how a call becomes the person', () => {
  it.each([
    ['wrapped', undefined, { user: 'service', sessionUser: 'service' }],
    ['login', undefined, { user: evil.username, sessionUser: evil.username }],
    [
      'session-authorization',
      'SET LOCAL SESSION AUTHORIZATION "Al""ice; RESET ROLE"',
      { user: evil.username, sessionUser: evil.username },
    ],
    ['set-role', 'SET LOCAL ROLE "Al""ice; RESET ROLE"', { user: evil.username, sessionUser: 'service' }],
  ] as const)('%s', (mode, enterSql, expected) => {
    const acting = actingFor(evil, mode);
    expect(acting.enterSql).toBe(enterSql);
    expect(acting.expected('service')).toEqual(expected);
  });

  it.each(MODES)('the service account stays itself, in the mode %s', (mode) => {
    const acting = actingFor({ kind: 'service' }, mode);
    expect(acting.enterSql).toBeUndefined();
    expect(acting.expected('svc')).toEqual({ user: 'svc', sessionUser: 'svc' });
  });

  it('a statement goes through the wrapper of that person, in the one mode that has wrappers', async () => {
    for (const mode of MODES) {
      for (const as of [evil, { kind: 'service' }] as const) {
        const { connection, asked } = scriptedConnection(() => rawRows());
        await actingFor(as, mode).run(connection, { text: 'SELECT 1', kind: 'rows' }, DEFAULT_LIMITS);
        const wrapped = mode === 'wrapped' && as.kind === 'person';
        expect(callsWrapper(asked[0]!.sql, evil.username)).toBe(wrapped);
        // The text of the statement is a value there, and never part of what the service account says.
        expect(asked[0]!.sql.includes('SELECT 1\n')).toBe(!wrapped);
      }
    }
  });
});

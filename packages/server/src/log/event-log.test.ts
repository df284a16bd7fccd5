import type { AuthEvent } from '@portcullis/auth/core/events';
import { describe, expect, it } from 'vitest';
import { logEvents } from './event-log.ts';
import { type LogFields, type Logger, type LogLevel, silentLogger } from './logger.ts';

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

function lines(...events: AuthEvent[]): Line[] {
  const out: Line[] = [];
  const write = (level: LogLevel) => (message: string, fields?: LogFields) => {
    out.push({ level, message, fields });
  };
  const logger: Logger = {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isEnabled: () => true,
  };
  events.forEach(logEvents(logger));
  return out;
}

const refused = (reason: Extract<AuthEvent, { type: 'request.refused' }>['reason']): AuthEvent => ({
  type: 'request.refused',
  at: 'gate',
  incident: 'abc123',
  reason,
  detail: { seen: 'a', expected: 'b' },
});

describe('logEvents', () => {
  it('writes a refusal with its incident, reason, and what was seen and expected', () => {
    expect(lines(refused('token.audience'))).toEqual([
      {
        level: 'warn',
        message: 'refused, incident abc123: token.audience',
        fields: {
          event: 'request.refused',
          at: 'gate',
          incident: 'abc123',
          reason: 'token.audience',
          detail: { seen: 'a', expected: 'b' },
        },
      },
    ]);
  });

  it('is loudest where only the operator can help, and quiet where a client begins', () => {
    expect(lines(refused('store.unavailable'), refused('token.absent')).map((line) => line.level)).toEqual([
      'error',
      'info',
    ]);
  });

  it('writes one line for every event', () => {
    const session = { sessionId: 's', clientId: 'c', issuer: 'i', subject: 'p', resource: 'r' };
    const written = lines(
      { type: 'request.allowed', resource: 'r', subject: 'p', clientId: 'c' },
      { type: 'client.registered', clientId: 'c' },
      { type: 'consent.approved', clientId: 'c', redirectHost: 'h' },
      { type: 'consent.denied', clientId: 'c', redirectHost: 'h' },
      { type: 'sign-in.completed', signIn: 'x', issuer: 'i', subject: 'p' },
      { type: 'login-check.completed', signIn: 'x', issuer: 'i', subject: 'p' },
      { type: 'session.started', ...session, scopes: [] },
      { type: 'session.refreshed', sessionId: 's', generation: 1, how: 'rotated' },
      { type: 'session.refreshed', sessionId: 's', generation: 1, how: 'caught-up' },
      { type: 'session.ended', sessionId: 's', why: 'revoked' },
      { type: 'session.ended', sessionId: 's', why: 'refresh-reused' },
      { type: 'token.revoked', sessionId: 's', jti: 'j' },
      { type: 'upstream.refreshed', sessionId: 's', signIn: 'x' },
      { type: 'upstream.failed', signIn: 'x', operation: 'o', kind: 'misconfigured', detail: {} },
      { type: 'store.record-unreadable', kind: 'k', key: 'k', detail: 'd' },
      { type: 'keys.rotated', purpose: 'sign', kid: 'k' },
      { type: 'notice', message: 'a word', detail: { n: 1 } },
    );
    expect(written.map((line) => line.level)).toEqual([
      'debug',
      'info',
      'info',
      'info',
      'info',
      'info',
      'info',
      'info',
      'warn',
      'info',
      'warn',
      'info',
      'debug',
      'error',
      'error',
      'info',
      'info',
    ]);
    expect(written.at(-1)).toEqual({ level: 'info', message: 'a word', fields: { event: 'notice', n: 1 } });
    for (const line of written) expect(line.fields).toHaveProperty('event');
  });

  it('does not throw when the log can not be written', () => {
    const fail = () => {
      throw new Error('disk full');
    };
    const broken: Logger = {
      trace: fail,
      debug: fail,
      info: fail,
      warn: fail,
      error: fail,
      isEnabled: () => true,
    };
    expect(() => logEvents(broken)(refused('token.absent'))).not.toThrow();
  });

  it('puts nothing together for requests that nobody reads of', () => {
    const written: string[] = [];
    const quiet: Logger = { ...silentLogger, debug: (message) => void written.push(message) };
    const allowed = { type: 'request.allowed', resource: 'r', subject: 's', clientId: 'c' } as const;
    logEvents(quiet)(allowed);
    expect(written).toEqual([]);
    logEvents({ ...quiet, isEnabled: () => true })(allowed);
    expect(written).toEqual(['request allowed']);
  });
});

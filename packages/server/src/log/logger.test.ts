import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions, silentLogger } from './logger.ts';

function logged(options: LoggerOptions, write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ terminal: false, ...options, stream: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

describe('createLogger', () => {
  it('writes JSON for programs', () => {
    const line = logged({}, (logger) => logger.info('hello', { clientId: 'a', access_token: 'hunter2' }));
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      msg: 'hello',
      clientId: 'a',
      access_token: '[redacted]',
    });
  });

  it('writes lines for people on a terminal, or where it is told to', () => {
    expect(logged({ terminal: true }, (logger) => logger.warn('hello'))).toMatch(/warn.*hello\n$/);
    expect(logged({ format: 'pretty' }, (logger) => logger.warn('hello'))).toMatch(
      /^\d\d:\d\d:\d\d warn {2}hello\n$/,
    );
    expect(logged({ terminal: true, format: 'json' }, (logger) => logger.warn('hello'))).toMatch(/^\{/);
  });

  it('leaves out what is below the level', () => {
    const all = (logger: ReturnType<typeof createLogger>) => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[level](level);
    };
    expect(logged({ level: 'warn' }, all).trim().split('\n')).toHaveLength(2);
    expect(logged({ level: 'trace' }, all).trim().split('\n')).toHaveLength(5);
  });

  it('can be silent', () => {
    expect(silentLogger.error('x')).toBeUndefined();
  });
});

import { type DestinationStream, destination, pino } from 'pino';
import { prettyStream } from './pretty.ts';
import { redactFields } from './redact.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the server says what it does. Fields are redacted on the way: see `redact.ts`. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>> & {
  /** Are lines of this level written? To be asked before a line is put together on a path where time matters. */
  isEnabled(level: LogLevel): boolean;
};

export interface LoggerOptions {
  /** The least important lines that are written. Default `info`. */
  readonly level?: LogLevel;
  /** `auto` is `pretty` on a terminal, else `json`. Default `auto`. */
  readonly format?: 'auto' | 'pretty' | 'json';
  /** Does the log go to a terminal, with colours? Default: whether standard error is one. */
  readonly terminal?: boolean;
  /** Where lines go. Default: standard error, at once, so that no line is lost when the process dies. */
  readonly stream?: DestinationStream;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'auto', terminal = process.stderr.isTTY === true } = options;
  const stream = options.stream ?? destination({ fd: 2, sync: true });
  const pretty = format === 'pretty' || (format === 'auto' && terminal);
  const sink = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    pretty ? prettyStream(stream, terminal) : stream,
  );
  const write =
    (at: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (sink.isLevelEnabled(at)) sink[at](redactFields(fields), message);
    };
  const lines = Object.fromEntries(LEVELS.map((at) => [at, write(at)]));
  return { ...lines, isEnabled: (at: LogLevel) => sink.isLevelEnabled(at) } as Logger;
}

export const silentLogger = {
  ...Object.fromEntries(LEVELS.map((at) => [at, () => {}])),
  isEnabled: () => false,
} as unknown as Logger;

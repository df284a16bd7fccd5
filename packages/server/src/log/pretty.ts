import type { DestinationStream } from 'pino';
import { plainText } from './plain-text.ts';

const COLOURS: Readonly<Record<string, string>> = {
  trace: '2',
  debug: '2',
  info: '36',
  warn: '33',
  error: '31',
};
const MAX_INLINE_LENGTH = 400;

/** One line of JSON → one line for people: time of day, level, message, and the fields behind it. Nothing in it can forge a line. */
export function prettyLine(json: string, colour: boolean): string {
  const { time, level, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const paint = (code: string | undefined, text: string) =>
    colour && code ? `\u001b[${code}m${text}\u001b[0m` : text;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const name = String(level);
  const details = Object.entries(fields).map(
    ([key, value]) => `${paint('2', `${plainText(key)}=`)}${shown(value)}`,
  );
  const head = `${paint('2', clock)} ${paint(COLOURS[name], name.padEnd(5))} ${plainText(String(msg ?? ''))}`;
  return `${[head, ...details].join('  ')}\n`;
}

export function prettyStream(stream: DestinationStream, colour: boolean): DestinationStream {
  return {
    write(json) {
      stream.write(prettyLine(json, colour));
    },
  };
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return /^[\w.:/@+*-]+$/.test(value) ? value : plainText(JSON.stringify(value));
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && /^[\w.:/@+*-]+$/.test(item)))
    return value.join(',') || '[]';
  const text = plainText(JSON.stringify(value) ?? 'undefined');
  return text.length > MAX_INLINE_LENGTH ? `${text.slice(0, MAX_INLINE_LENGTH)}...` : text;
}

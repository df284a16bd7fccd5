import type { Cell } from './database.ts';

const EXACT_NUMBERS = new Set(['smallint', 'integer', 'oid', 'real', 'double precision']);

/**
 * The text form of a value → a JSON value that loses nothing. `bigint` and `numeric` stay text, since a JSON number is read as a double
 * by nearly everyone; so do dates, `bytea` (hex), arrays, JSON (key order, repeated keys, long numbers) and everything else.
 */
export function toCell(text: string | null, type: string): Cell {
  if (text === null) return null;
  if (type === 'boolean') return text === 't' ? true : text === 'f' ? false : text;
  if (!EXACT_NUMBERS.has(type)) return text;
  const number = Number(text);
  // NaN, the infinities and minus zero have no spelling in JSON.
  return Number.isFinite(number) && !Object.is(number, -0) ? number : text;
}

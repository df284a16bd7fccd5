import { toCell } from './cell.ts';
import type { QueryResult } from './database.ts';
import { parseRecordText } from './record-text.ts';

/** The lines of a wrapper function (`wrapper.ts`) → a result. */
export function readWrappedResult(lines: readonly (string | null)[], maxRows: number): QueryResult {
  const head = lines[0];
  if (head === undefined || head === null) return { columns: [], rows: [], rowCount: 0, truncated: false };
  const { names, types } = JSON.parse(head) as { names: string[]; types: (string | null)[] | null };
  const columns = names.map((name, i) => ({ name, type: types?.[i] ?? 'text' }));
  const rows = lines.slice(1, maxRows + 1).map((line) => {
    const fields = parseRecordText(line ?? '');
    return columns.map((column, i) => toCell(fields[i] ?? null, column.type));
  });
  return { columns, rows, rowCount: rows.length, truncated: lines.length > maxRows + 1 };
}

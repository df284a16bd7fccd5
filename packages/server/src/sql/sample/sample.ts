import { rightsSql } from './rights.ts';
import { rowsSql } from './rows.ts';
import { STRUCTURE } from './structure.ts';

/** The sample company, from nothing. `serviceAccount` becomes the role that calls are made from. */
export function sampleSql(serviceAccount: string): string[] {
  return [STRUCTURE, ...rowsSql(), ...rightsSql(serviceAccount)];
}

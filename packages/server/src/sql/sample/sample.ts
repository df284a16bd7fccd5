import { rightsSql, serviceRightsSql } from './rights.ts';
import { rowsSql } from './rows.ts';
import { STRUCTURE } from './structure.ts';

/**
 * The sample company, from nothing. `serviceAccount` becomes the role that calls are made from; it may read nothing itself, unless
 * everybody acts as it (`identity: 'service'`).
 */
export function sampleSql(serviceAccount: string, identity: 'person' | 'service' = 'person'): string[] {
  const serviceRights = identity === 'service' ? serviceRightsSql(serviceAccount) : [];
  return [STRUCTURE, ...rowsSql(), ...rightsSql(serviceAccount), ...serviceRights];
}

import { describeEscapes } from './escapes.contract.ts';
import { hostileSql, oddRolesSql } from './hostile-objects.contract.ts';
import { EMBEDDED_SERVICE_ACCOUNT, pgliteDatabase } from './pglite-database.ts';
import { sampleSql } from './sample/sample.ts';

const seed = [
  ...sampleSql(EMBEDDED_SERVICE_ACCOUNT),
  ...hostileSql(EMBEDDED_SERVICE_ACCOUNT),
  ...oddRolesSql(EMBEDDED_SERVICE_ACCOUNT),
];

describeEscapes('PGlite', { wrapped: true, open: async (guard) => pgliteDatabase({ seed, guard }) });

import { describeDatabase } from './database.contract.ts';
import { pgliteDatabase } from './pglite-database.ts';

describeDatabase('PGlite', async () => pgliteDatabase());

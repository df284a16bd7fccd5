import type { Settings } from '../settings/names.ts';
import type { Database } from '../sql/database.ts';
import { pgliteDatabase } from '../sql/pglite-database.ts';

/** The database of the settings, not started yet; `undefined` for none. @throws OperatorError when the settings can not work */
export async function openDatabase({ database }: Settings): Promise<Database | undefined> {
  const { url: place, maxRows, maxBytes, timeoutSeconds } = database;
  const limits = { maxRows, maxBytes, timeoutSeconds };
  if (place.kind === 'none') return undefined;
  if (place.kind === 'embedded') return pgliteDatabase({ limits, identity: database.identity });
  // Loaded when it is asked for: the driver has no part in a start without it.
  const { postgresDatabase } = await import('../sql/postgres-database.ts');
  return postgresDatabase({
    url: place.url,
    identity: database.identity,
    mode: database.mode,
    superuserSaidTwice: database.iKnowServiceAccountIsSuperuser,
    tls: {
      mode: database.sslMode,
      ca: database.sslCa,
      cert: database.sslCertificate,
      key: database.sslKey,
    },
    limits,
  });
}

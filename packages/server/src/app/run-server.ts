import type { Server } from 'node:http';
import { OperatorError } from '@portcullis/auth/core/operator-error';
import { logEvents } from '../log/event-log.ts';
import type { Logger } from '../log/logger.ts';
import type { Settings } from '../settings/names.ts';
import type { Database } from '../sql/database.ts';
import { DatabaseError } from '../sql/database-error.ts';
import { createHttpApp } from './http-app.ts';
import { openAuth } from './open-auth.ts';
import { openDatabase } from './open-database.ts';
import { openState } from './open-state.ts';
import { startUpLines } from './start-up-lines.ts';
import { sweepExpired } from './sweep-expired.ts';
import { waysIn } from './ways-in.ts';

const SWEEP_MILLISECONDS = 60_000;
/** Idle for so long after the start, the database is warmed, so that the first question does not wait. */
const WARM_MILLISECONDS = 1500;

export interface RunOptions {
  /** The settings in force. */
  readonly settings: Settings;
  /** Where the server says what it does. */
  readonly logger: Logger;
  /** The version that clients are told. */
  readonly version: string;
  /** Told the first lines when the server listens. */
  readonly announce: (lines: readonly string[]) => void;
}

export interface RunningServer {
  /** The port in use. */
  readonly port: number;
  /** Stops: no new requests, a grace of 10 seconds for those under way, then state and database are closed. */
  stop(): Promise<void>;
}

/** Starts everything the settings ask for. @throws OperatorError when something of it can not work; nothing listens then */
export async function runServer({ settings, logger, version, announce }: RunOptions): Promise<RunningServer> {
  const ways = waysIn(settings);
  // Where nobody signs in there is nothing to keep.
  const state = ways.signsIn ? await openState(settings) : undefined;
  const auth = await openAuth(settings, state, logEvents(logger));
  const database = await openDatabase(settings);
  await lookAtDatabase(database, settings, logger);
  const app = createHttpApp({ settings, ways, auth, database, logger, version });
  try {
    await listen(app.server, settings);
  } catch (error) {
    await database?.close();
    await auth.close();
    throw error;
  }
  void auth.warm();
  const kept = state && { ...state, durability: await state.store.durability() };
  announce(startUpLines({ settings, ways, kept, database: database?.describe() }));
  const sweeping = setInterval(() => {
    sweepExpired(auth.sweep).catch((error: unknown) =>
      logger.warn('house-keeping failed', { error: String(error) }),
    );
  }, SWEEP_MILLISECONDS);
  const warming = setTimeout(() => database?.warm(), WARM_MILLISECONDS);
  sweeping.unref();
  warming.unref();
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.port,
    async stop() {
      clearInterval(sweeping);
      clearTimeout(warming);
      await app.close(10_000);
      await database?.close();
      await auth.close();
    },
  };
}

/**
 * A database server is asked before anybody is let in: what is wrong with the service account stops the start. One that does not answer does
 * not: it may come later, and `/readyz` says that it is not there. @throws OperatorError
 */
async function lookAtDatabase(
  database: Database | undefined,
  settings: Settings,
  logger: Logger,
): Promise<void> {
  if (settings.database.url.kind !== 'postgres') return;
  try {
    await database?.ready();
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const state = error instanceof DatabaseError ? (error.sqlState ?? '') : '';
    // PostgreSQL appendix A: classes 28 (not let in) and 3D (no such database). The server is there, and says no.
    if (/^(?:28|3D)/.test(state)) throw refusedByDatabase(error);
    logger.warn('the database does not answer yet', {
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

function refusedByDatabase(cause: unknown): OperatorError {
  const message = 'The database server does not let the service account in, or has no database of this name.';
  const remedy = 'Look at user, password and name in the URL.';
  return new OperatorError([{ setting: 'database.url', source: 'settings', message, remedy }], { cause });
}

/** @throws OperatorError when the address is taken, or not ours to use */
function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem = {
        setting: 'port',
        source: 'settings',
        message: `${host}:${port} can not be listened on (${error.code}).`,
        remedy: remedyFor(error.code, port),
      };
      reject(new OperatorError([problem], { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function remedyFor(code: string | undefined, port: number): string {
  if (code === 'EADDRINUSE')
    return `Another program uses the port; stop it, or choose another with --port ${port + 1}.`;
  if (code === 'EACCES') return 'Ports below 1024 need rights; choose another with --port.';
  return 'Look at the settings host and port.';
}

import { runServer } from '../app/run-server.ts';
import { createLogger } from '../log/logger.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';

export interface ServeContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

/** Starts the server and returns when it has stopped, with the exit code. */
export async function serve({ settings }: LoadedSettings, { terminal }: ServeContext): Promise<number> {
  const logger = createLogger({ level: settings.log.level, format: settings.log.format });
  const running = await runServer({
    settings,
    logger,
    version: packageVersion(),
    announce: (lines) => terminal.out(`${lines.join('\n')}\n`),
  });
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await running.stop();
  terminal.out('Stopped.\n');
  return 0;
}

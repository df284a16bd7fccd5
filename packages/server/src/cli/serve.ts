import type { LoadedSettings } from '../settings/load-settings.ts';
import type { Terminal } from './terminal.ts';

export interface ServeContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

/** Starts the server and returns when it has stopped, with the exit code. */
export async function serve(_loaded: LoadedSettings, { terminal }: ServeContext): Promise<number> {
  terminal.err('The server is not composed yet.\n');
  return 1;
}

import type { PresetValues } from '@portcullis/auth/providers/preset-input';
import type { Asked } from '../../testing/http-server.ts';
import type { StandInOptions } from '../../testing/rules.ts';

/** The server of every row, as the internet knows it. */
export const PUBLIC_URL = 'https://mcp.acme.example';
export const MCP_URL = `${PUBLIC_URL}/mcp`;
/** Where the client of every row waits for its code. */
export const CLIENT_REDIRECT = 'http://localhost:43210/callback';

/** A token as the stand-in of its provider keeps it. */
export interface KeptToken {
  readonly kind: 'access' | 'refresh';
  readonly grant: { readonly ended: boolean };
  readonly expiresAtSeconds: number;
  readonly ended: boolean;
}

/** A stand-in that is running, and what an operator would copy from its console. */
export interface RunningProvider {
  readonly values: Omit<PresetValues, 'resource'>;
  readonly requests: readonly Asked[];
  readonly tokens: ReadonlyMap<string, KeptToken>;
  reach(url: string): string;
  close(): Promise<void>;
}

export type StartProvider = (options: StandInOptions) => Promise<RunningProvider>;

interface StandInWith<C> extends Omit<RunningProvider, 'values'> {
  readonly consoleValues: C;
}

/** Settings of a preset, made of what the console of its stand-in shows. */
export function starting<O extends StandInOptions, C extends { clientId?: string; clientSecret?: string }>(
  start: (options: O) => Promise<StandInWith<C>>,
  more: Omit<O, keyof StandInOptions>,
  optionsOf: (shown: C) => PresetValues['options'],
): StartProvider {
  return async (options) => {
    const standIn = await start({ ...options, ...more } as O);
    const { clientId, clientSecret } = standIn.consoleValues;
    return { ...standIn, values: { clientId, clientSecret, options: optionsOf(standIn.consoleValues) } };
  };
}

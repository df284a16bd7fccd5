import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { type Connect, type Connection, structured } from './connection.ts';
import type { BrowserFetch } from './scripted-browser.ts';
import { sdkSignIn } from './sdk-sign-in.ts';

/** A client of the second SDK, which negotiates protocol versions in this way. */
export function sdkV2(mode: VersionNegotiationMode): Connect {
  return (options) => connectSdkV2({ mcpUrl: options.mcpUrl, signIn: sdkSignIn(options), mode });
}

export interface SdkV2Options {
  readonly mcpUrl: string;
  /** What the application keeps of the login: it can be looked into afterwards. */
  readonly signIn: ReturnType<typeof sdkSignIn>;
  readonly mode: VersionNegotiationMode;
  /** How the client gets anywhere. Default: as any request does. */
  readonly fetch?: BrowserFetch;
}

/** The whole way from nothing: refused, discovery, browser, tokens, connected. */
export async function connectSdkV2({ mcpUrl, signIn, mode, fetch }: SdkV2Options): Promise<Connection> {
  const transport = { authProvider: signIn, ...(fetch && { fetch: fetching(fetch) }) };
  const open = () => new StreamableHTTPClientTransport(new URL(mcpUrl), transport);
  const create = () => new Client({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode } });
  const first = open();
  try {
    await create().connect(first);
    throw new Error('The server let in a client without a token.');
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
  }
  await first.finishAuth(signIn.answer());
  const client = create();
  await client.connect(open());
  return {
    callTool: async (name, args = {}) => structured(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

const fetching = (fetch: BrowserFetch) => (url: string | URL, init?: RequestInit) =>
  fetch(String(url), init ?? {});

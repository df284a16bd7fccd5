import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { type Connect, structured } from './connection.ts';
import { sdkSignIn } from './sdk-sign-in.ts';

/** A client of the second SDK, which negotiates protocol versions in this way. */
export function sdkV2(mode: VersionNegotiationMode): Connect {
  return async (options) => {
    const signIn = sdkSignIn(options);
    const open = () => new StreamableHTTPClientTransport(new URL(options.mcpUrl), { authProvider: signIn });
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
  };
}

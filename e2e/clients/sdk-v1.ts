import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type Connect, structured } from './connection.ts';
import { sdkSignIn } from './sdk-sign-in.ts';

/** A client of the first SDK. */
export const sdkV1: Connect = async (options) => {
  const signIn = sdkSignIn(options);
  const open = () => new StreamableHTTPClientTransport(new URL(options.mcpUrl), { authProvider: signIn });
  const create = () => new Client({ name: 'sdk-v1', version: '1' });
  const first = open();
  try {
    await create().connect(first);
    throw new Error('The server let in a client without a token.');
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
  }
  await first.finishAuth(signIn.answer().get('code') ?? '');
  const client = create();
  await client.connect(open());
  return {
    callTool: async (name, args = {}) => structured(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
};

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { Auth, Caller } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';

export const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Two tools: one says everything that a tool can know of who calls it, the other has the provider's token of that person. */
function whoamiServer(auth: Auth): McpServer {
  const server = new McpServer({ name: 'whoami', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who you are' }, (context) => {
    const caller = context.http?.authInfo?.extra?.caller as Caller | undefined;
    const said = { ...caller?.identity, scopes: [...(caller?.scopes ?? [])] };
    return { content: [{ type: 'text', text: JSON.stringify(said) }], structuredContent: said };
  });
  server.registerTool('provider-token', { description: 'Says the digest of a token' }, async (context) => {
    const caller = context.http?.authInfo?.extra?.caller as Caller;
    const token = await auth.upstreamToken(caller);
    const said = { digest: token ? digestOf(token.accessToken) : 'none' };
    return { content: [{ type: 'text', text: said.digest }], structuredContent: said };
  });
  return server;
}

export interface GuardedServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** A server of the MCP SDK behind the gate, on a free port of this machine. */
export async function startWhoami(auth: Auth): Promise<GuardedServer> {
  const listener = nodeListener(auth, toNodeHandler(createMcpHandler(() => whoamiServer(auth))));
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      listener.close();
      server.close();
      server.closeAllConnections();
      await auth.close();
    },
  };
}

import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type AuthOptions, type Caller, createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import type { AuthEvent } from '@portcullis/auth/core/events';
import type { Fetch } from '@portcullis/auth/core/fetch';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';

/** A request of ours to a provider. */
export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly form: URLSearchParams;
  readonly status: number;
}

export interface ProtectedServer {
  readonly url: string;
  readonly mcpUrl: string;
  readonly events: readonly AuthEvent[];
  close(): Promise<void>;
}

/** One tool, which says who calls it. */
function whoamiServer(): McpServer {
  const server = new McpServer({ name: 'whoami', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who you are' }, (context) => {
    const caller = context.http?.authInfo?.extra?.caller as Caller;
    const structuredContent = { ...caller.identity, scopes: caller.scopes, clientId: caller.clientId };
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  });
  return server;
}

/** An MCP server behind our gate, in this process. */
export async function startProtected(
  port: number,
  options: Omit<AuthOptions, 'publicUrl' | 'onEvent'>,
): Promise<ProtectedServer> {
  const url = `http://localhost:${port}`;
  const events: AuthEvent[] = [];
  const auth = await createAuth({ ...options, publicUrl: url, onEvent: (event) => events.push(event) });
  const listener = nodeListener(auth, toNodeHandler(createMcpHandler(whoamiServer)));
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url,
    mcpUrl: `${url}/mcp`,
    events,
    async close() {
      listener.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await auth.close();
    },
  };
}

/** The way out that the program has, writing down what is asked. `reach` leads addresses that are not of this machine to where they are. */
export function recordedFetch(reach: (url: string) => string = (url) => url): {
  readonly fetch: Fetch;
  readonly asked: Asked[];
  /** How often tokens were asked for by this grant. */
  grants(type: 'authorization_code' | 'refresh_token'): number;
} {
  const asked: Asked[] = [];
  const way = guardedFetch({ trust: 'operator' });
  return {
    asked,
    async fetch(url, init) {
      const response = await way(reach(url), init);
      const form = new URLSearchParams(typeof init?.body === 'string' ? init.body : String(init?.body ?? ''));
      asked.push({ url, method: init?.method ?? 'GET', form, status: response.status });
      return response;
    },
    grants: (type) => asked.filter(({ form }) => form.get('grant_type') === type).length,
  };
}

import { once } from 'node:events';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { memoryProvider } from '../e2e/clients/memory-provider.ts';
import { ScriptedBrowser } from '../e2e/clients/scripted-browser.ts';
import { freePort } from '../e2e/servers/free-port.ts';

interface Running {
  readonly listening: boolean;
  close(): unknown;
}

/** What every example does: a client of the SDK registers, a person approves and signs in, and the tool greets them by name. */
export function describeGreeting(
  name: string,
  start: (port: number) => Promise<Running & NodeJS.EventEmitter>,
) {
  describe(name, () => {
    it('greets the person who signed in, and nobody else', async () => {
      const port = await freePort();
      const server = await start(port);
      if (!server.listening) await once(server, 'listening');
      try {
        const url = new URL(`http://localhost:${port}/mcp`);
        const provider = memoryProvider('http://127.0.0.1:9/callback');
        const connect = async () => {
          const client = new Client({ name: 'test', version: '1' });
          const transport = new StreamableHTTPClientTransport(url, { authProvider: provider });
          await client.connect(transport).catch(async (error: unknown) => {
            if (!(error instanceof UnauthorizedError)) throw error;
            const answer = await new ScriptedBrowser().walk(provider.authorizationUrl!.href, {
              person: 'bob',
            });
            await transport.finishAuth(answer.searchParams);
          });
          return client;
        };
        await connect();
        const client = await connect();
        const result = await client.callTool({ name: 'greet', arguments: {} });
        expect(result.content).toEqual([{ type: 'text', text: 'Good day, bob.' }]);
        await client.close();
        expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
      } finally {
        if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
          server.closeAllConnections();
        server.close();
      }
    });
  });
}

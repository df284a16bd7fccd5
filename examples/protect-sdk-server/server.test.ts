import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { memoryProvider } from '../../e2e/clients/memory-provider.ts';
import { ScriptedBrowser } from '../../e2e/clients/scripted-browser.ts';
import { start } from './server.ts';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe('the example that protects a server of the MCP SDK', () => {
  it('greets the person who signed in, and nobody else', async () => {
    const port = await freePort();
    const server = await start(port);
    try {
      const url = new URL(`http://localhost:${port}/mcp`);
      const provider = memoryProvider('http://127.0.0.1:9/callback');
      const connect = async () => {
        const client = new Client({ name: 'test', version: '1' });
        const transport = new StreamableHTTPClientTransport(url, { authProvider: provider });
        await client.connect(transport).catch(async (error: unknown) => {
          if (!(error instanceof UnauthorizedError)) throw error;
          const answer = await new ScriptedBrowser().walk(provider.authorizationUrl!.href, { person: 'bob' });
          await transport.finishAuth(answer.searchParams);
        });
        return client;
      };
      await connect();
      const client = await connect();
      const result = await client.callTool({ name: 'greet', arguments: {} });
      expect(result.content).toEqual([{ type: 'text', text: 'Good day, bob.' }]);
      await client.close();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

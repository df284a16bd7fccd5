import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type Caller, createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';

/** An MCP server as anybody writes it: one tool, which greets whoever calls it. */
function greetingServer(): McpServer {
  const server = new McpServer({ name: 'greeter', version: '1.0.0' });
  server.registerTool('greet', { description: 'Greets you by name' }, (context) => {
    const caller = context.http?.authInfo?.extra?.caller as Caller | undefined;
    return { content: [{ type: 'text', text: `Good day, ${caller?.identity.name}.` }] };
  });
  return server;
}

/** The same server behind a gate. Everything Portcullis needs is in this function. */
export async function start(port: number) {
  const mcp = createMcpHandler(greetingServer);
  const signIns = [developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] })];
  const auth = await createAuth({ publicUrl: `http://localhost:${port}`, issuer: { signIns } });
  return createServer(nodeListener(auth, toNodeHandler(mcp))).listen(port, '127.0.0.1');
}

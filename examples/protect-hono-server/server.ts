import { serve } from '@hono/node-server';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type Caller, createAuth } from '@portcullis/auth';
import { honoGate } from '@portcullis/auth/adapters/hono';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import { Hono } from 'hono';

/** An MCP server as anybody writes it: one tool, which greets whoever calls it. */
function greetingServer(): McpServer {
  const server = new McpServer({ name: 'greeter', version: '1.0.0' });
  server.registerTool('greet', { description: 'Greets you by name' }, (context) => {
    const caller = context.http?.authInfo?.extra?.caller as Caller | undefined;
    return { content: [{ type: 'text', text: `Good day, ${caller?.identity.name}.` }] };
  });
  return server;
}

/** The same server in an application of Hono. Everything Portcullis needs is the line with `honoGate`, and `auth`. */
export async function start(port: number) {
  const mcp = createMcpHandler(greetingServer);
  const signIns = [developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] })];
  const auth = await createAuth({ publicUrl: `http://localhost:${port}`, issuer: { signIns } });
  const app = new Hono()
    .get('/health', (context) => context.text('well'))
    .use(honoGate(auth))
    .all('/mcp', (context) => mcp.fetch(context.req.raw, { authInfo: context.get('auth') }));
  return serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
}

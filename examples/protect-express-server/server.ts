import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type Caller, createAuth } from '@portcullis/auth';
import { expressGate } from '@portcullis/auth/adapters/express';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import express from 'express';

/** An MCP server as anybody writes it: one tool, which greets whoever calls it. */
function greetingServer(): McpServer {
  const server = new McpServer({ name: 'greeter', version: '1.0.0' });
  server.registerTool('greet', { description: 'Greets you by name' }, (context) => {
    const caller = context.http?.authInfo?.extra?.caller as Caller | undefined;
    return { content: [{ type: 'text', text: `Good day, ${caller?.identity.name}.` }] };
  });
  return server;
}

/** The same server in an application of Express. Everything Portcullis needs is the line with `expressGate`, and `auth`. */
export async function start(port: number) {
  const mcp = toNodeHandler(createMcpHandler(greetingServer));
  const signIns = [developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] })];
  const auth = await createAuth({ publicUrl: `http://localhost:${port}`, issuer: { signIns } });
  const app = express();
  app.get('/health', (_request, response) => void response.send('well'));
  app.use(express.json(), expressGate(auth));
  app.all('/mcp', (request, response) => mcp(request, response, request.body));
  return app.listen(port, '127.0.0.1');
}

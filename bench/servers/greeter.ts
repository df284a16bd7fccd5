import type { RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';

function mcpServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool('greet', { description: 'Greets' }, () => ({
    content: [{ type: 'text', text: 'Good day.' }],
  }));
  return server;
}

/** An MCP server of the SDK with one small tool. */
export function greeter(): RequestListener {
  return toNodeHandler(createMcpHandler(mcpServer)) as RequestListener;
}

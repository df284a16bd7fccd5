const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
};

/** A request of the protocol of 2026. */
export interface McpCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A call of the tool `name`. */
export function callTool(name: string): McpCall {
  return call('tools/call', { 'mcp-name': name }, { name, arguments: {} });
}

/** Which tools there are. */
export function listTools(): McpCall {
  return call('tools/list', {}, {});
}

function call(
  method: string,
  headers: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, unknown>>,
): McpCall {
  return {
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...parameters, _meta: META } }),
  };
}

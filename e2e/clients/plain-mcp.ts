/** MCP requests made by hand, in the shape of both eras. */
import { type Answered, readAnswer } from './plain-client.ts';

export type Era = 'legacy' | 'modern';

const VERSIONS: Readonly<Record<Era, string>> = { legacy: '2025-11-25', modern: '2026-07-28' };
const META = 'io.modelcontextprotocol/';

export interface McpMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request of the protocol. */
export function mcpMessage(era: Era, method: string, params: Record<string, unknown> = {}): McpMessage {
  const modern = era === 'modern';
  const meta = modern && {
    _meta: {
      [`${META}protocolVersion`]: VERSIONS.modern,
      [`${META}clientCapabilities`]: {},
      [`${META}clientInfo`]: { name: 'plain', version: '1' },
    },
  };
  const name = params.name;
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(method === 'initialize' ? {} : { 'mcp-protocol-version': VERSIONS[era] }),
      ...(modern ? { 'mcp-method': method } : {}),
      ...(modern && typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, ...meta } }),
  };
}

/** The first request of a client of each era. */
export function firstMessage(era: Era): McpMessage {
  if (era === 'modern') return mcpMessage('modern', 'server/discover');
  const clientInfo = { name: 'plain', version: '1' };
  return mcpMessage('legacy', 'initialize', {
    protocolVersion: VERSIONS.legacy,
    capabilities: {},
    clientInfo,
  });
}

export async function sendMcp(
  mcpUrl: string,
  message: McpMessage,
  token?: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const init = {
    method: 'POST',
    body: message.body,
    headers: { ...message.headers, ...authorization, ...headers },
  };
  return await readAnswer(await fetch(mcpUrl, init));
}

/** The JSON-RPC answer in a body that is JSON or an event stream. */
export function rpcAnswer({ text, headers }: Answered): Record<string, unknown> {
  if (headers.get('content-type')?.startsWith('application/json')) return JSON.parse(text);
  const data = text.split('\n').findLast((line) => line.startsWith('data:'));
  if (data === undefined) throw new Error(`no JSON-RPC answer: ${text.slice(0, 500)}`);
  return JSON.parse(data.slice(5));
}

/** Calls a tool. Throws unless the answer is one of the protocol. */
export async function callTool(
  mcpUrl: string,
  token: string | undefined,
  name: string,
  args: Record<string, unknown> = {},
  era: Era = 'modern',
): Promise<ToolAnswer> {
  const answered = await sendMcp(mcpUrl, mcpMessage(era, 'tools/call', { name, arguments: args }), token);
  if (answered.status !== 200) throw new Error(`${name}: ${answered.status} ${answered.text}`);
  const { result } = rpcAnswer(answered) as { result?: ToolAnswer };
  if (!result) throw new Error(`${name}: ${answered.text}`);
  return result;
}

export interface ToolAnswer {
  readonly isError?: boolean;
  readonly content: readonly { readonly text?: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
}

/** Who the server takes the holder of a token for. Throws when it is not let in. */
export async function whoami(
  mcpUrl: string,
  token: string | undefined,
  era: Era = 'modern',
): Promise<string> {
  const { structuredContent } = await callTool(mcpUrl, token, 'whoami', {}, era);
  return String(structuredContent?.subject);
}

/** The status that the gate gives a token. */
export async function statusAtGate(mcpUrl: string, token?: string): Promise<number> {
  return (await sendMcp(mcpUrl, mcpMessage('modern', 'tools/list'), token)).status;
}

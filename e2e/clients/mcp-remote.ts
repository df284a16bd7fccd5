import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { freePort } from '../servers/free-port.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';
import { browserOpener } from './browser-opener.ts';
import { type Connect, type Identification, structured } from './connection.ts';
import { installedProgram } from './installed-program.ts';
import { ScriptedBrowser } from './scripted-browser.ts';

export const MCP_REMOTE = installedProgram('mcp-remote/dist/proxy.js');

/** `mcp-remote`, as a desktop application starts it: spoken to over standard input and output. */
export const mcpRemote: Connect = async ({ mcpUrl, person, identification }) => {
  let failed: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  const opener = await browserOpener(async (url) => {
    const answer = await new ScriptedBrowser().walk(url, { person });
    await (await fetch(answer)).text();
  }, failed);
  const home = temporaryFolder();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MCP_REMOTE ?? '', mcpUrl, String(await freePort()), ...flags(identification)],
    env: { ...opener.env, HOME: home },
    cwd: home,
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const client = new Client({ name: 'behind-mcp-remote', version: '1' });
  try {
    await Promise.race([client.connect(transport, { timeout: 30_000 }), failure]);
  } catch (error) {
    await transport.close();
    throw new Error(`mcp-remote did not connect. It said:\n${said}`, { cause: error });
  }
  return {
    callTool: async (name, args = {}) => structured(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
};

function flags(identification: Identification | undefined): string[] {
  if (identification?.kind === 'document') return ['--client-metadata-url', identification.url];
  if (identification?.kind !== 'static') return [];
  const { clientId: client_id, clientSecret: client_secret } = identification;
  return ['--static-oauth-client-info', JSON.stringify({ client_id, client_secret })];
}

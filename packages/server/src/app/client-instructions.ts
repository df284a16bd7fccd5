/** Something to copy: a command for a terminal, or the content of a file. `{url}` and `{name}` stand for the server's. */
export interface Snippet {
  readonly language: 'sh' | 'json' | 'toml' | 'ts';
  /** The file the text belongs into. Default: none, as for a command. */
  readonly file?: string;
  readonly text: string;
}

/** One thing to do. Backticks in `text` mark what is to be typed or read to the letter. */
export interface Step {
  readonly text: string;
  readonly snippet?: Snippet;
}

/** How one client is connected. */
export interface ClientInstructions {
  /** Name of its page under `docs/clients/`. */
  readonly id: string;
  readonly name: string;
  /** Who calls the server: the person's own machine, or the vendor's, which reaches public https addresses only. */
  readonly callsFrom: 'your computer' | 'the internet';
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

const json = (file: string, value: unknown): Snippet => ({
  language: 'json',
  file,
  text: JSON.stringify(value, null, 2),
});
const command = (text: string): Snippet => ({ language: 'sh', text });

const REMOTE_BRIDGE = { command: 'npx', args: ['-y', 'mcp-remote', '{url}'] };

/** The one table of clients: the landing page and `docs/clients/` are both made from it. */
export const CLIENT_INSTRUCTIONS: readonly ClientInstructions[] = [
  {
    id: 'claude-code',
    name: 'Claude Code',
    callsFrom: 'your computer',
    steps: [
      { text: 'Add the server.', snippet: command('claude mcp add --transport http {name} {url}') },
      {
        text: 'Sign in. Within a session, `/mcp` does the same.',
        snippet: command('claude mcp login {name}'),
      },
    ],
    notes: [
      'Add `--scope user` to have it in every project, or `--scope project` to share it through `.mcp.json`.',
      'On a machine without a browser, `claude mcp login {name} --no-browser` prints the address to open elsewhere.',
    ],
  },
  {
    id: 'claude',
    name: 'Claude (claude.ai, Desktop, mobile)',
    callsFrom: 'the internet',
    steps: [
      { text: 'Open Customize, then Connectors, and choose “Add custom connector”.' },
      { text: 'Enter a name and this address: `{url}`' },
      { text: 'Choose Connect, sign in, and switch the connector on in a conversation.' },
    ],
    notes: [
      'The connection comes from the cloud of Anthropic in all of these applications, the desktop one too. The server needs a public https address.',
      'In a Team or Enterprise organization an owner adds the connector first; then everybody signs in for themselves.',
      'For a server on your own computer, give Claude Desktop a local bridge: see mcp-remote.',
    ],
  },
  {
    id: 'chatgpt',
    name: 'ChatGPT',
    callsFrom: 'the internet',
    steps: [
      { text: 'Open Settings, then Apps, then Advanced settings, and switch on “Developer mode”.' },
      { text: 'Back under Apps, choose “Create app”.' },
      { text: 'Enter a name and this address as MCP server URL: `{url}`' },
      { text: 'Leave the authentication at OAuth, create the app, and sign in.' },
      { text: 'In a new conversation, add the app from the + menu.' },
    ],
    notes: [
      'The connection comes from the cloud of OpenAI. The server needs a public https address.',
      'What a plan allows differs, and so do the names in the menus: older ones say “Connectors” in place of “Apps”.',
    ],
  },
  {
    id: 'vscode',
    name: 'VS Code',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add the server to the workspace, or to your profile with the command “MCP: Open User Configuration”.',
        snippet: json('.vscode/mcp.json', { servers: { '{name}': { type: 'http', url: '{url}' } } }),
      },
      { text: 'Choose Start above the entry, and allow the sign-in.' },
    ],
    notes: [
      'The command “MCP: Add Server” asks for the same things one by one.',
      'To sign in afresh, remove the account under Accounts, “Manage Trusted MCP Servers”.',
    ],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add the server for all projects, or for one in its own `.cursor/mcp.json`.',
        snippet: json('~/.cursor/mcp.json', { mcpServers: { '{name}': { url: '{url}' } } }),
      },
      { text: 'Open the list of MCP servers in Cursor, choose the sign-in next to the entry, and approve.' },
    ],
    notes: ['Older versions come back through a `cursor://` link, which your browser asks about.'],
  },
  {
    id: 'codex',
    name: 'Codex CLI',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add the server. The sign-in opens at once.',
        snippet: command('codex mcp add {name} --url {url}'),
      },
      { text: 'To sign in again later:', snippet: command('codex mcp login {name}') },
    ],
    notes: [
      'The entry stands in `~/.codex/config.toml` under `mcp_servers`, and the IDE extension reads it too.',
    ],
  },
  {
    id: 'gemini-cli',
    name: 'Gemini CLI',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add the server.',
        snippet: command('gemini mcp add --scope user --transport http {name} {url}'),
      },
      { text: 'Start `gemini`, and sign in with `/mcp auth {name}`.' },
    ],
    notes: [
      'In `~/.gemini/settings.json` the address belongs under `httpUrl`; `url` means an older transport there.',
    ],
  },
  {
    id: 'opencode',
    name: 'OpenCode',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add the server to the configuration of version 1.',
        snippet: json('opencode.json', { mcp: { '{name}': { type: 'remote', url: '{url}' } } }),
      },
      { text: 'Sign in.', snippet: command('opencode mcp auth {name}') },
    ],
    notes: ['Version 2 wants the entry one level deeper, under `mcp.servers`.'],
  },
  {
    id: 'zed',
    name: 'Zed',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add the server to your settings (command “zed: open settings file”).',
        snippet: json('settings.json', { context_servers: { '{name}': { url: '{url}' } } }),
      },
      { text: 'Zed asks you to sign in. Approve in the browser.' },
    ],
    notes: ['Do not set an `Authorization` header: Zed signs in by itself only without one.'],
  },
  {
    id: 'inspector',
    name: 'MCP Inspector',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'In the browser:',
        snippet: command('npx @modelcontextprotocol/inspector --server-url {url} --transport http'),
      },
      {
        text: 'Or in the terminal:',
        snippet: command(
          'npx @modelcontextprotocol/inspector --cli {url} --transport http --method tools/list',
        ),
      },
    ],
    notes: ['It needs Node 22.19 or later. An exit code of 3 means that the sign-in did not succeed.'],
  },
  {
    id: 'mcp-remote',
    name: 'mcp-remote, for clients that only start programs',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Add it to the client as a local server, for Claude Desktop in `claude_desktop_config.json`.',
        snippet: json('claude_desktop_config.json', { mcpServers: { '{name}': REMOTE_BRIDGE } }),
      },
      { text: 'Restart the client. Your browser opens for the sign-in.' },
    ],
    notes: ['What it remembers lies in `~/.mcp-auth`. Remove that folder to sign in afresh.'],
  },
  {
    id: 'sdk',
    name: 'Your own program (MCP TypeScript SDK)',
    callsFrom: 'your computer',
    steps: [
      {
        text: 'Connect with an `OAuthClientProvider` of yours, which opens the browser and keeps the tokens.',
        snippet: {
          language: 'ts',
          text: `import { Client, type OAuthClientProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

export const transportFor = (authProvider: OAuthClientProvider) =>
  new StreamableHTTPClientTransport(new URL('{url}'), { authProvider });

export async function connect(transport: StreamableHTTPClientTransport): Promise<Client> {
  const client = new Client({ name: 'my-program', version: '1.0.0' });
  await client.connect(transport);
  return client;
}`,
        },
      },
      {
        text: 'The first time, `connect` ends in an `UnauthorizedError` after it sent the person to the browser. Hand the query that arrives at your redirect URI to `finishAuth` of that transport, then connect again with a new transport and the same provider.',
      },
    ],
    notes: [
      'Nothing has to be registered beforehand: the SDK finds the sign-in through the answer to its first request.',
    ],
  },
];

/** The server that the instructions are filled in for. */
export interface Target {
  readonly url: string;
  /** What the person will see the server called in a client. Letters, digits, `-` and `_`. */
  readonly name: string;
}

/** A sentence with the target's name and address in it. */
export function fillText(text: string, target: Target): string {
  return text.replace(/\{(url|name)\}/g, (_, key: keyof Target) => target[key]);
}

/** A snippet with the target in it, quoted as its language asks. */
export function fillSnippet(snippet: Snippet, target: Target): string {
  const quoted = snippet.language === 'sh' ? quoteForShell : quoteInString;
  return fillText(snippet.text, { url: quoted(target.url), name: quoted(target.name) });
}

/** As it is where no shell reads anything into it, else in single quotes. */
function quoteForShell(text: string): string {
  return /^[\w:/.%~@+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** For the inside of a string of JSON, TOML or TypeScript. */
function quoteInString(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll("'", '\\u0027');
}

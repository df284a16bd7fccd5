import {
  CLIENT_INSTRUCTIONS,
  type ClientInstructions,
  fillSnippet,
  fillText,
  type Step,
  type Target,
} from './client-instructions.ts';

const EXAMPLE: Target = { url: 'https://mcp.example.com/mcp', name: 'portcullis' };

const GENERATED =
  '<!-- Generated from packages/server/src/app/client-instructions.ts. Change it there. -->\n';

/** The pages of `docs/clients/`: file name → content. */
export function clientDocs(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ['README.md', overview()],
    ...CLIENT_INSTRUCTIONS.map((client) => [`${client.id}.md`, page(client)] as const),
  ]);
}

function overview(): string {
  const rows = CLIENT_INSTRUCTIONS.map(
    ({ id, name, callsFrom }) =>
      `| [${name}](${id}.md) | ${callsFrom} | ${callsFrom === 'the internet' ? 'yes' : 'no'} |`,
  );
  return `${GENERATED}
# Connecting a client

Every client needs one thing only: the address of the server. It finds out by itself how to sign in, opens your browser, and shows you a page of this server where you approve. The landing page of a running server shows the same instructions with its own address filled in.

| client | calls from | needs a public https address |
|---|---|---|
${rows.join('\n')}

The pages use \`${EXAMPLE.url}\` as the address and \`${EXAMPLE.name}\` as the name. With the default settings on your own computer the address is \`http://localhost:8000/mcp\`.

A client that is not listed works if it speaks MCP over streamable HTTP with OAuth. Give it the address and nothing else.
`;
}

function page(client: ClientInstructions): string {
  const reach =
    client.callsFrom === 'the internet'
      ? '\nThis client calls from the internet: the server needs a public https address.\n'
      : '';
  const notes = client.notes.map((note) => `- ${fillText(note, EXAMPLE)}`).join('\n');
  return `${GENERATED}
# ${client.name}
${reach}
${client.steps.map(step).join('\n')}
## Good to know

${notes}
`;
}

function step({ text, snippet }: Step, index: number): string {
  const line = `${index + 1}. ${fillText(text, EXAMPLE)}\n`;
  if (snippet === undefined) return line;
  const file = snippet.file === undefined ? '' : `\n   \`${snippet.file}\`\n`;
  const code = fillSnippet(snippet, EXAMPLE).replaceAll('\n', '\n   ').replaceAll(/ +$/gm, '');
  return `${line}${file}\n   \`\`\`${snippet.language}\n   ${code}\n   \`\`\`\n`;
}

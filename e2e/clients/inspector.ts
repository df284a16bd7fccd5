import { runProgram } from '../servers/child-program.ts';
import { freePort } from '../servers/free-port.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';
import { browserOpener } from './browser-opener.ts';
import { type Connect, type Identification, structured } from './connection.ts';
import { installedProgram } from './installed-program.ts';
import { ScriptedBrowser } from './scripted-browser.ts';

export const INSPECTOR = installedProgram('@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** The command line of the MCP inspector. Each call is a run of its own, with the login that the first one made. */
export function inspector(era: 'legacy' | 'modern' | 'auto'): Connect {
  return async ({ mcpUrl, person, identification }) => {
    const home = temporaryFolder();
    const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`;
    const errors: unknown[] = [];
    const opener = await browserOpener(
      async (url) => {
        const answer = await new ScriptedBrowser().walk(url, { person });
        await (await fetch(answer)).text();
      },
      (error) => errors.push(error),
    );
    const env = { ...opener.env, HOME: home, MCP_AUTO_OPEN_ENABLED: 'true', MCP_STORAGE_DIR: home };
    const always = ['--cli', mcpUrl, '--transport', 'http', '--protocol-era', era, '--format', 'json'];
    const login = ['--callback-url', callback, ...flags(identification)];
    return {
      async callTool(name, args = {}) {
        const call = [
          '--method',
          'tools/call',
          '--tool-name',
          name,
          '--tool-args-json',
          JSON.stringify(args),
        ];
        const end = await runProgram({
          args: [INSPECTOR ?? '', ...always, ...login, ...call],
          env,
          folder: home,
          seconds: 40,
        });
        if (end.code !== 0 || errors.length > 0)
          throw new Error(`inspector: ${end.code}\n${end.stdout}\n${end.stderr}`, { cause: errors[0] });
        const printed = JSON.parse(end.stdout) as { result?: unknown };
        return structured(printed.result ?? printed);
      },
      async close() {},
    };
  };
}

function flags(identification: Identification | undefined): string[] {
  if (identification?.kind === 'document') return ['--client-metadata-url', identification.url];
  if (identification?.kind !== 'static') return [];
  const { clientId, clientSecret } = identification;
  return ['--client-id', clientId, ...(clientSecret ? ['--client-secret', clientSecret] : [])];
}

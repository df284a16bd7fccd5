import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) server.close();
});

const NAMES = ['xdg-open', 'open', 'sensible-browser', 'www-browser', 'x-www-browser', 'gio'];

export interface BrowserOpener {
  /** For programs that open a browser: they find ours. */
  readonly env: Readonly<Record<string, string>>;
  /** The URLs that were opened. */
  readonly opened: readonly string[];
}

/**
 * Programs that pose as the browser of a desktop, and hand each URL to `visit` in this process. What `visit` throws ends up in `onError`.
 */
export async function browserOpener(
  visit: (url: string) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<BrowserOpener> {
  const opened: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost').searchParams.get('url') ?? '';
    opened.push(url);
    response.end();
    visit(url).catch(onError);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  servers.push(server);
  const { port } = server.address() as { port: number };
  const folder = temporaryFolder();
  const program = join(folder, NAMES[0]!);
  const script = `#!${process.execPath}
const url = process.argv.at(-1);
fetch('http://127.0.0.1:${port}/?url=' + encodeURIComponent(url)).then((answer) => answer.text());
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  for (const name of NAMES.slice(1)) symlinkSync(program, join(folder, name));
  return { env: { PATH: `${folder}:${process.env.PATH ?? ''}`, BROWSER: program }, opened };
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../e2e/servers/child-program.ts';
import { freePort } from '../e2e/servers/free-port.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const env = { PATH: process.env.PATH ?? '' };

describe('an example that a stranger starts', () => {
  beforeAll(() => {
    const tsc = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url));
    const { status, stdout } = spawnSync(tsc, ['-p', '.'], { cwd: folder, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  }, 60_000);

  it.each(['protect-sdk-server', 'protect-express-server', 'protect-hono-server'])(
    '%s says where to connect to, and lets nobody in without a token',
    async (name) => {
      const port = await freePort();
      const program = startProgram({ args: ['dist/start.js', name, String(port)], env, folder });
      const line = await program.line('out', /^Connect your MCP client to /);
      const url = /http:\S+\/mcp/.exec(line)![0];
      expect((await fetch(url, { method: 'POST' })).status).toBe(401);
      await program.stop();
    },
  );

  it('names those that there are', async () => {
    const program = startProgram({ args: ['dist/start.js', 'protect-nothing'], env, folder });
    const { code, stderr } = await program.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('There are protect-sdk-server, ')]);
  });
});

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { OperatorError } from '@portcullis/auth/core/operator-error';
import { afterEach, describe, expect, it } from 'vitest';
import { rawRequest } from '../../../../e2e/clients/raw-request.ts';
import { silentLogger } from '../log/logger.ts';
import { type RunningServer, runServer } from './run-server.ts';
import { settingsOf } from './settings.contract.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** Port 0, which no setting can ask for: the system chooses. */
async function run(given: Record<string, string> = {}, over: { port?: number } = {}) {
  const lines: (readonly string[])[] = [];
  const server: RunningServer = await runServer({
    settings: { ...settingsOf(given), port: 0, ...over },
    logger: silentLogger,
    version: '1.2.3',
    announce: (said) => void lines.push(said),
  });
  running.push(server);
  return { server, lines };
}

const isOpen = (port: number) =>
  rawRequest({ port, path: '/livez', headers: { host: 'localhost:8000' } }).then(
    ({ status }) => status === 200,
    () => false,
  );

describe('a server that runs', () => {
  it('says so once, when it listens', async () => {
    const { server, lines } = await run();
    expect(lines).toHaveLength(1);
    expect(lines[0]?.join('\n')).toMatch(
      /^Portcullis is ready\.[\s\S]*Database {2}none[\s\S]*Keys {6}made for this run/,
    );
    expect(await isOpen(server.port)).toBe(true);
  });

  it('is gone when it has stopped, database and all', async () => {
    const { server } = await run({ 'database.url': 'embedded' });
    expect(await isOpen(server.port)).toBe(true);
    await server.stop();
    running.length = 0;
    expect(await isOpen(server.port)).toBe(false);
  });

  it('is as ready as its parts', async () => {
    const url = 'postgres://svc@127.0.0.1:1/db';
    const { server } = await run({ 'database.url': url, 'database.sslMode': 'disable' });
    const ready = await rawRequest({
      port: server.port,
      path: '/readyz',
      headers: { host: 'localhost:8000' },
    });
    expect([ready.status, ready.text]).toEqual([503, 'the database does not answer\n']);
  });
});

describe('a start that can not be', () => {
  it('stops where another program has the port, and says what to do', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    running.push({ stop: async () => void other.close() });
    const error = await run({ 'database.url': 'embedded' }, { port }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperatorError);
    expect((error as OperatorError).problems).toEqual([
      {
        setting: 'port',
        source: 'settings',
        message: `127.0.0.1:${port} can not be listened on (EADDRINUSE).`,
        remedy: `Another program uses the port; stop it, or choose another with --port ${port + 1}.`,
      },
    ]);
  });

  it('stops on an address that is not of this machine', async () => {
    const settings = { ...settingsOf(), host: '192.0.2.1', port: 0 };
    const parts = { settings, logger: silentLogger, version: '1', announce: () => expect.unreachable() };
    const error = await runServer(parts).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      problems: [
        { message: expect.stringContaining('EADDRNOTAVAIL'), remedy: 'Look at the settings host and port.' },
      ],
    });
  });

  it('stops before it listens, and says nothing, when the provider is away', async () => {
    const given = { 'upstream.issuer': 'http://127.0.0.1:1', 'upstream.clientId': 'c' };
    const lines: unknown[] = [];
    const work = runServer({
      settings: { ...settingsOf(given), port: 0 },
      logger: silentLogger,
      version: '1',
      announce: (said) => void lines.push(said),
    });
    await expect(work).rejects.toMatchObject({ problems: [{ setting: 'upstream.issuer' }] });
    expect(lines).toEqual([]);
  });
});

import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ignoreEvents } from '@portcullis/auth/core/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { createHttpApp, type HttpApp } from './http-app.ts';
import { openAuth } from './open-auth.ts';
import { openState } from './open-state.ts';

let app: HttpApp;

beforeAll(async () => {
  const flags = { state: 'memory', 'database.url': 'none' };
  const { settings } = loadSettings({ flags, environment: {}, folder: import.meta.dirname });
  const auth = await openAuth(settings, await openState(settings), ignoreEvents);
  app = createHttpApp({ settings, auth, database: undefined, logger: silentLogger, version: '0' });
  await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => app.close(0));

function get(path: string, host: string): Promise<{ readonly status?: number; readonly body: string }> {
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('a request for another host', () => {
  it('[RS-17] does not get the landing page, which tells who can sign in', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example:8000',
      '192.0.2.1',
    ]) {
      const { status, body } = await get('/', host);
      expect([status, body]).toEqual([421, 'This server does not answer for this host name.\n']);
    }
    for (const host of ['localhost:8000', 'localhost:1234', '127.0.0.1', '[::1]:8000']) {
      const { status, body } = await get('/', host);
      expect(status).toBe(200);
      expect(body).toContain('alice');
    }
  });

  it('is told about health, which is asked for by any name', async () => {
    for (const path of ['/livez', '/readyz']) expect((await get(path, '10.0.0.7:8000')).status).toBe(200);
  });
});

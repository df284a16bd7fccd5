import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settingsOf } from './settings.contract.ts';
import { wayOut } from './way-out.ts';

const asked: string[] = [];
let proxy: Server;
let url: string;
beforeAll(async () => {
  proxy = createServer();
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  url = `http://me:hush@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(() => void proxy.close());
beforeEach(() => void asked.splice(0));

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    () => 'refused',
  );

describe('the way out', () => {
  it('is that of the settings, for addresses of the operator and of strangers', async () => {
    const out = wayOut(settingsOf({ 'outbound.proxy': url, 'outbound.direct': '.invalid' }));
    expect(await refused(out.operator(5)('https://idp.example/a'))).toBe('refused');
    expect(await refused(out.stranger()('https://client.example/b'))).toBe('refused');
    expect(await refused(out.operator(5)('https://here.invalid/c'))).toBe('refused');
    const me = `Basic ${Buffer.from('me:hush').toString('base64')}`;
    expect(asked).toEqual([`idp.example:443 ${me}`, `client.example:443 ${me}`]);
  });

  it('lets strangers have the ports of the settings alone', async () => {
    const out = wayOut(settingsOf({ 'outbound.proxy': url, 'outbound.clientPorts': '8443' }));
    expect(await refused(out.stranger()('https://client.example/'))).toBe('refused');
    expect(asked).toEqual([]);
    expect(await refused(out.stranger()('https://client.example:8443/'))).toBe('refused');
    expect(asked).toHaveLength(1);
  });
});

import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type HouseOptions, login, openHouse } from '../auth.contract.ts';
import { Refusal } from '../core/refusal.ts';
import { type NodeHandler, nodeListener } from './node.ts';

const running: { server: HttpServer; listener: ReturnType<typeof nodeListener> }[] = [];

afterEach(async () => {
  for (const { server, listener } of running.splice(0)) {
    listener.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function start(
  handler: NodeHandler = (request, response) => response.end(JSON.stringify(request.auth)),
  options = {},
  houseOptions: HouseOptions = {},
  mounted = (listener: ReturnType<typeof nodeListener>): RequestListener => listener,
) {
  const house = await openHouse({ publicUrl: 'http://localhost:8000', ...houseOptions });
  const { auth } = house.first;
  const listener = nodeListener(auth, handler, options);
  const server = createServer(mounted(listener));
  running.push({ server, listener });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  /** One request to the letter; the whole answer. */
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text.replaceAll('\n', '\r\n')));
      let answer = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        answer += chunk;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  return { ...house, raw, url: `http://127.0.0.1:${port}`, port };
}

const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const end = 'Host: localhost:8000\nConnection: close\n';

describe('a listener for node:http', () => {
  it('[RS-1][RS-12] guards the resource on every request of a connection', async () => {
    const { url, first } = await start();
    const { tokens } = await login(first);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const statuses = [];
    for (const given of [{}, headers, {}, headers] as Record<string, string>[])
      statuses.push((await fetch(`${url}/mcp`, { method: 'POST', body: '{}', headers: given })).status);
    expect(statuses).toEqual([401, 200, 401, 200]);
    const auth = (await (await fetch(`${url}/mcp`, { headers })).json()) as {
      token: string;
      extra: { caller: { identity: { subject: string } } };
    };
    expect([auth.token, auth.extra.caller.identity.subject]).toEqual(['', 'alice']);
  });

  it('[C1] judges by the path that was asked for where a router in front of it took something off', async () => {
    const resources = [{ path: '/mcp' }, { path: '/admin/mcp', requiredScopes: ['mcp:admin'] }];
    const scopes = { 'mcp:read': 'read', 'mcp:admin': 'rule' };
    const mounted =
      (listener: ReturnType<typeof nodeListener>) => (request: IncomingMessage, response: ServerResponse) => {
        Object.assign(request, {
          originalUrl: request.url,
          url: request.url?.replace(/^\/(admin|other)/i, ''),
        });
        listener(request, response);
      };
    const { url, first } = await start(
      (_, response) => response.end('INSIDE'),
      {},
      { resources, scopes },
      mounted,
    );
    const { tokens } = await login(first, { over: { resource: 'http://localhost:8000/mcp' } });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    for (const [path, status] of [
      ['/admin/mcp', 401],
      ['/Admin/mcp', 401],
      ['/other/mcp', 200],
      ['/mcp', 200],
      ['/other/token', 405],
    ] as const)
      expect({ path, status: (await fetch(url + path, { headers })).status }).toEqual({ path, status });
  });

  it('[C1] takes the absolute form of a target, and no way around by dots, slashes or case', async () => {
    const { raw } = await start((_request, response) => response.end('INSIDE'));
    expect(statusOf(await raw(`GET http://localhost:8000/mcp HTTP/1.1\n${end}\n`))).toBe(401);
    for (const target of [
      '/mcp',
      '/mcp/',
      '/mcp?x',
      '//mcp',
      '/./mcp',
      '/x/../mcp',
      '/%6dcp',
      '/MCP',
      '/mcp%2f',
      '/mcp#x',
      '*',
    ])
      expect({
        target,
        inside: (await raw(`POST ${target} HTTP/1.1\n${end}Content-Length: 0\n\n`)).includes('INSIDE'),
      }).toEqual({ target, inside: false });
  });

  it('[RS-10] refuses two Authorization headers', async () => {
    const { raw, first } = await start();
    const { tokens } = await login(first);
    const header = `Authorization: Bearer ${tokens.access_token}\n`;
    expect(statusOf(await raw(`GET /mcp HTTP/1.1\n${end}${header}\n`))).toBe(200);
    expect(statusOf(await raw(`GET /mcp HTTP/1.1\n${end}${header}${header}\n`))).toBe(400);
    expect(statusOf(await raw(`GET /mcp HTTP/1.1\n${end}${header}AUTHORIZATION: Basic eDp5\n\n`))).toBe(400);
  });

  it('[RS-17] refuses a Host that is not ours, or none', async () => {
    const { raw } = await start();
    for (const target of ['/mcp', '/token', '/.well-known/oauth-authorization-server']) {
      expect(statusOf(await raw(`GET ${target} HTTP/1.1\nHost: evil.example\nConnection: close\n\n`))).toBe(
        421,
      );
      expect(statusOf(await raw(`GET ${target} HTTP/1.0\n\n`))).toBe(421);
    }
  });

  it('answers every method a client can write, TRACE included', async () => {
    const { raw } = await start();
    for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'OPTIONS', 'HEAD', 'GET']) {
      const status = statusOf(await raw(`${method} /token HTTP/1.1\n${end}\n`));
      expect({ method, status }).toEqual({ method, status: method === 'OPTIONS' ? 204 : 405 });
    }
  });

  it('serves the endpoints with their cookies, and hands on what is not ours', async () => {
    const otherwise: NodeHandler = (_request, response) => response.writeHead(418).end();
    const { url, first } = await start(undefined, { otherwise });
    const { clientId } = await login(first);
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:1/callback',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
    });
    const page = await fetch(`${url}/authorize?${query}`);
    expect([page.status, page.headers.getSetCookie().length]).toEqual([200, 1]);
    expect((await fetch(`${url}/elsewhere`)).status).toBe(418);
    expect((await fetch(`${(await start()).url}/elsewhere`)).status).toBe(404);
  });

  it('[G8] reads no body beyond its limit, and keeps the connection usable', async () => {
    const { url } = await start();
    const body = `grant_type=${'x'.repeat(200_000)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fetch(`${url}/token`, { method: 'POST', body, headers })).status).toBe(413);
    expect((await fetch(`${url}/token`, { method: 'POST', body: 'grant_type=x', headers })).status).toBe(400);
  });

  it('answers 503 for a handler that throws, at once or later, and lives on', async () => {
    for (const handler of [
      () => {
        throw new Error('at once');
      },
      async () => {
        throw new Error('later');
      },
    ] as NodeHandler[]) {
      const { url, first } = await start(handler);
      const { tokens } = await login(first);
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      for (let i = 0; i < 2; i += 1) {
        const response = await fetch(`${url}/mcp`, { headers });
        expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
        expect(response.headers.get('x-incident-id')).toMatch(/^[0-9a-z]{10}$/);
        const body = await response.text();
        expect(JSON.parse(body).error).toBe('temporarily_unavailable');
        expect(body).not.toContain('at once');
      }
    }
  });

  it('[E2] answers a refusal of a handler as the gate would', async () => {
    const { url, first } = await start(() => Promise.reject(new Refusal('token.session-ended')));
    const { tokens } = await login(first);
    const response = await fetch(`${url}/mcp`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
  });
});

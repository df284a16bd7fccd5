import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono, type HonoRequest } from 'hono';
import { describe, expect, it } from 'vitest';
import { type HouseOptions, login, openHouse, PUBLIC_URL } from '../auth.contract.ts';
import { Refusal } from '../core/refusal.ts';
import { type HonoGateEnv, honoGate } from './hono.ts';

type App = Hono<HonoGateEnv>;

/** An application with the gate in it, first or where a test says. */
async function start(
  build: (app: App) => unknown,
  options: HouseOptions = {},
  before?: (app: App) => unknown,
) {
  const house = await openHouse(options);
  const app: App = new Hono();
  before?.(app);
  app.use('*', honoGate(house.first.auth, { streamCheckSeconds: 0.05 }));
  build(app);
  const ask = async (path: string, init: RequestInit = {}, env = {}) =>
    app.fetch(new Request(PUBLIC_URL + path, init), env);
  return { ...house, app, ask };
}

const inside = (app: App) => app.all('/mcp', (context) => context.json(context.get('auth')));
/** Middleware before ours that reads the body. */
const reading = (read: (request: HonoRequest) => Promise<unknown>) => (app: App) =>
  app.use(async ({ req }, next) => {
    await read(req);
    await next();
  });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the gate in an application of Hono', () => {
  it('[RS-1][RS-12] guards the resource, answers the endpoints, and lets everything else pass', async () => {
    const { ask, first } = await start(
      (app) => inside(app).get('/after', (context) => context.text(`auth: ${context.get('auth')}`)),
      {},
      (app) => app.get('/before', (context) => context.text('open')),
    );
    const refused = await ask('/mcp', { method: 'POST' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer scope="mcp:read", resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"`,
    ]);
    const { tokens } = await login(first);
    const headers = { ...bearer(tokens.access_token).headers, origin: PUBLIC_URL };
    const passed = await ask('/mcp', { headers });
    expect([passed.status, passed.headers.get('access-control-allow-origin')]).toEqual([200, PUBLIC_URL]);
    expect(await passed.json()).toMatchObject({
      token: '',
      extra: { caller: { identity: { subject: 'alice' } } },
    });
    expect(await (await ask('/before')).text()).toBe('open');
    expect(await (await ask('/after')).text()).toBe('auth: undefined');
    expect((await ask('/elsewhere')).status).toBe(404);
    expect((await ask('/.well-known/oauth-authorization-server')).status).toBe(200);
    expect((await ask('/mcp', { method: 'OPTIONS' })).status).toBe(204);
    expect((await ask('/token')).status).toBe(405);
  });

  it('[C1] has no way around it by the spelling of a path', async () => {
    const { ask, first } = await start((app) => app.all('*', (context) => context.text('INSIDE')));
    for (const path of [
      '/mcp/',
      '//mcp',
      '/%6dcp',
      '/MCP',
      '/./mcp',
      '/x/../mcp',
      '/mcp%2f',
      '/mcp/below',
      '/mcp?x',
    ])
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 401 });
    expect(await (await ask('/other')).text()).toBe('INSIDE');
    const { tokens } = await login(first);
    expect(await (await ask('/mcp/below', bearer(tokens.access_token))).text()).toBe('INSIDE');
  });

  it('[C1] judges by the narrower resource where Hono reads an escaped path as its own', async () => {
    const { ask, first } = await start((app) => app.all('/mcp/admin', (context) => context.text('INSIDE')), {
      resources: [{ path: '/mcp' }, { path: '/mcp/admin', requiredScopes: ['mcp:admin'] }],
      scopes: { 'mcp:read': 'read', 'mcp:admin': 'rule' },
    });
    const { tokens } = await login(first, { over: { resource: `${PUBLIC_URL}/mcp` } });
    for (const path of ['/mcp/admin', '/mcp/%61dmin', '/%6dcp/admin', '/mcp/ADMIN', '/mcp/%2561dmin'])
      expect({ path, status: (await ask(path, bearer(tokens.access_token))).status }).toEqual({
        path,
        status: 401,
      });
  });

  it.each([
    ['nobody', undefined],
    ['text', reading((request) => request.text())],
    ['json', reading((request) => request.json().catch(() => undefined))],
    ['a form', reading((request) => request.parseBody())],
  ])('reads bodies also after %s read them', async (_name, before) => {
    const { ask } = await start(inside, {}, before);
    const metadata = { redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' };
    const headers = { 'content-type': 'application/json' };
    const registered = await ask('/register', { method: 'POST', body: JSON.stringify(metadata), headers });
    expect(registered.status).toBe(201);
    const { client_id } = (await registered.json()) as { client_id: string };
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id });
    const answer = await ask('/token', { method: 'POST', body });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('lets a route read a body that somebody read to its end without Hono', async () => {
    const { ask } = await start(
      (app) => app.post('/other', (context) => context.text('there')),
      {},
      reading((request) => request.raw.text()),
    );
    expect(await (await ask('/other', { method: 'POST', body: 'x' })).text()).toBe('there');
    const form = new URLSearchParams({ grant_type: 'refresh_token' });
    expect((await ask('/token', { method: 'POST', body: form })).status).toBe(400);
  });

  it('[E2] answers a refusal of a route as itself would, and leaves other errors to the application', async () => {
    const { ask, first } = await start((app) => {
      app.all('/mcp', ({ req }) => {
        throw req.query('fault') ? new Error('fault') : new Refusal('token.session-ended');
      });
      app.onError((_error, context) => context.body(null, 418, { 'cache-control': 'max-age=9' }));
    });
    const { tokens } = await login(first);
    const over = await ask('/mcp', bearer(tokens.access_token));
    expect([over.status, over.headers.get('cache-control'), over.headers.get('www-authenticate')]).toEqual([
      401,
      'no-store',
      expect.stringContaining('error="invalid_token"'),
    ]);
    expect((await ask('/mcp?fault=1', bearer(tokens.access_token))).status).toBe(418);
  });

  it('[G6] ends a stream when its session is revoked', async () => {
    const { ask, first } = await start((app) =>
      app.get('/mcp', () => {
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('open')),
        });
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      }),
    );
    const { tokens, clientId } = await login(first);
    const reader = (await ask('/mcp', bearer(tokens.access_token))).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('open');
    await first.form('/revoke', { token: tokens.refresh_token, client_id: clientId });
    expect((await reader.read()).done).toBe(true);
  });

  it('learns the address of a peer from @hono/node-server, or as it is told', async () => {
    const house = await openHouse({ publicUrl: 'http://localhost:8000' });
    const renew = async (app: App, env: object | undefined, address: string) => {
      const { tokens, clientId } = await login(house.first);
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
        client_id: clientId,
      };
      const init = { method: 'POST', body: new URLSearchParams(fields) };
      if (env) expect((await app.request('http://localhost:8000/token', init, env)).status).toBe(200);
      else {
        const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        expect((await fetch(`http://127.0.0.1:${port}/token`, init)).status).toBe(200);
        server.close();
      }
      const seen = house.events.findLast(({ type }) => type === 'session.refreshed');
      expect(seen).toMatchObject({ address });
    };
    const app = (options = {}): App => new Hono<HonoGateEnv>().use(honoGate(house.first.auth, options));
    await renew(app(), undefined, '127.0.0.1');
    await renew(app({ peerAddress: () => '203.0.113.9' }), {}, '203.0.113.9');
  });
});

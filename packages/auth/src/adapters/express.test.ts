import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import express, { type Express, type Handler } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { type HouseOptions, login, openHouse } from '../auth.contract.ts';
import { Refusal } from '../core/refusal.ts';
import { expressGate } from './express.ts';
import type { GuardedRequest } from './node.ts';

const LOCAL = 'http://localhost:8000';
const running: HttpServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Build = (app: Express, gate: ReturnType<typeof expressGate>, make: typeof express) => void;

/** An application of one version, with the gate in it as a test says. */
async function start(make: typeof express, build: Build, options: HouseOptions = {}) {
  const house = await openHouse({ publicUrl: LOCAL, ...options });
  const app = make();
  const gate = expressGate(house.first.auth, { streamCheckSeconds: 0.1 });
  build(app, gate, make);
  const server = app.listen(0, '127.0.0.1');
  running.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const ask = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init });
  /** The answer to a request line, written to the letter. */
  const raw = (line: string) =>
    new Promise<string>((resolve, reject) => {
      const head = `${line} HTTP/1.1\r\nHost: localhost:8000\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
      const socket = connect(port, '127.0.0.1', () => socket.write(head));
      let answer = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
  return { ...house, ask, raw, url };
}

const inside: Handler = (request, response) =>
  void response.json((request as GuardedRequest).auth ?? 'INSIDE');
const plain: Build = (app, gate) => {
  app.get('/before', inside);
  app.use(gate);
  app.all('/mcp', inside);
  app.get('/after', inside);
};
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const post = (type: string, body: string): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});

const versions: [string, typeof express][] = [
  ['5', express],
  ['4', createRequire(import.meta.url)('express4') as typeof express],
];

describe.each(versions)('the gate in an application of Express %s', (_version, make) => {
  it('[RS-1][RS-12] guards the resource, answers the endpoints, and lets everything else pass', async () => {
    const { ask, first } = await start(make, plain);
    const refused = await ask('/mcp', { method: 'POST' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer scope="mcp:read", resource_metadata="${LOCAL}/.well-known/oauth-protected-resource/mcp"`,
    ]);
    const { tokens } = await login(first);
    const passed = await ask('/mcp', bearer(tokens.access_token));
    expect([passed.status, await passed.json()]).toEqual([
      200,
      expect.objectContaining({
        token: '',
        extra: {
          caller: expect.objectContaining({ identity: expect.objectContaining({ subject: 'alice' }) }),
        },
      }),
    ]);
    for (const path of ['/before', '/after']) expect(await (await ask(path)).json()).toBe('INSIDE');
    expect((await ask('/elsewhere')).status).toBe(404);
    const metadata = (await (await ask('/.well-known/oauth-authorization-server')).json()) as {
      issuer: string;
    };
    expect(metadata.issuer).toBe(LOCAL);
    expect((await ask('/mcp', { method: 'OPTIONS' })).status).toBe(204);
    expect((await ask('/token')).status).toBe(405);
  });

  it('answers every method a client can write, TRACE included', async () => {
    const { raw } = await start(make, plain);
    for (const [line, status] of [
      ['TRACE /token', 405],
      ['PROPFIND /register', 405],
      ['OPTIONS /token', 204],
      ['TRACE /mcp', 401],
      ['HEAD /.well-known/oauth-authorization-server', 200],
    ] as const)
      expect({ line, status: Number((await raw(line)).split(' ')[1]) }).toEqual({ line, status });
  });

  it.each([
    ['app.all', (app: Express) => app.all('/mcp', inside)],
    ['app.use', (app: Express) => app.use('/mcp', inside)],
    ['app.all of the absolute path', (app: Express) => app.all(/^.*\/mcp/i, inside)],
  ])('[C1] has no way around it by the spelling of a path, behind %s', async (_name, route) => {
    const { raw, ask } = await start(make, (app, gate) => {
      app.use(gate);
      route(app);
    });
    const targets = [
      '/mcp',
      '/MCP',
      '/mcp/',
      '/mcp?x',
      '/mcp#x',
      '/Mcp/below',
      '//mcp',
      '/./mcp',
      '/x/../mcp',
    ];
    targets.push('/%6dcp', '/mcp%2f', '/mcp/%2e', 'http://localhost:8000/mcp', 'http://h/MCP/', '\\mcp', '*');
    for (const target of targets) {
      const answer = await raw(`POST ${target}`);
      expect({ target, inside: answer.includes('INSIDE') }).toEqual({ target, inside: false });
    }
    expect((await ask('/MCP')).status).toBe(401);
  });

  it.each([
    ['none', []],
    ['json and urlencoded', [make.json(), make.urlencoded({ extended: false })]],
    ['urlencoded, extended', [make.urlencoded({ extended: true }), make.json()]],
    ['text', [make.text({ type: '*/*' })]],
    ['raw', [make.raw({ type: '*/*' })]],
  ])('reads bodies that were parsed before, and those that were not: %s', async (_name, parsers) => {
    const { ask } = await start(make, (app, gate) => {
      for (const parser of parsers) app.use(parser);
      app.use(gate, make.json(), make.urlencoded({ extended: false }));
    });
    const metadata = {
      redirect_uris: ['http://127.0.0.1/callback'],
      client_name: 'Ünï',
      token_endpoint_auth_method: 'none',
    };
    const registered = await ask('/register', post('application/json', JSON.stringify(metadata)));
    const { client_id, client_name } = (await registered.json()) as Record<string, string>;
    expect([registered.status, client_name]).toEqual([201, 'Ünï']);
    const token = (body: string) => ask('/token', post('application/x-www-form-urlencoded', body));
    const wrong = { grant_type: 'refresh_token', refresh_token: 'x', client_id: client_id! };
    const form = new URLSearchParams(wrong).toString();
    for (const [body, status, error] of [
      [form, 400, 'invalid_grant'],
      [`${form}&client_id=other`, 400, 'invalid_request'],
      ['', 400, 'invalid_request'],
    ] as const) {
      const answer = await token(body);
      expect({ body, status: answer.status, ...((await answer.json()) as object) }).toMatchObject({
        body,
        status,
        error,
      });
    }
  });

  it('[C3] lies behind a prefix: everything that is asked for there is answered', async () => {
    const build: Build = (app, gate) => {
      app.use('/.well-known', gate);
      app.use('/team', gate);
      app.all('/team/mcp', inside);
    };
    const { ask, first } = await start(make, build, { publicUrl: `${LOCAL}/team` });
    const documents = [
      '/.well-known/oauth-authorization-server/team',
      '/team/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/team/mcp',
      '/team/.well-known/openid-configuration',
    ];
    for (const path of documents)
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 200 });
    expect((await ask('/team/token')).status).toBe(405);
    expect((await ask('/team/MCP')).status).toBe(401);
    const { tokens } = await login(first);
    expect((await ask('/team/mcp', bearer(tokens.access_token))).status).toBe(200);
  });

  it('[C1] judges what is mounted by the path that was asked for, and not by what the mount left of it', async () => {
    const resources = [{ path: '/mcp' }, { path: '/admin/mcp', requiredScopes: ['mcp:admin'] }];
    const scopes = { 'mcp:read': 'read', 'mcp:admin': 'rule' };
    const { ask, first } = await start(
      make,
      (app, gate) => {
        app.use('/admin', gate, inside);
        app.use('/other', gate, inside);
      },
      { resources, scopes },
    );
    const { tokens } = await login(first, { over: { resource: `${LOCAL}/mcp` } });
    for (const path of [
      '/admin/mcp',
      '/ADMIN/mcp',
      '/admin/MCP',
      '/admin/mcp/below',
      '/admin/mcp/',
      '/admin//mcp',
    ]) {
      const answer = await ask(path, bearer(tokens.access_token));
      const challenge = answer.headers.get('www-authenticate') ?? '';
      expect({ path, status: answer.status, challenge }).toMatchObject({ path, status: 401 });
      expect(challenge).toContain('/.well-known/oauth-protected-resource/admin/mcp');
    }
    const strict = await login(first, { over: { resource: `${LOCAL}/admin/mcp`, scope: 'mcp:admin' } });
    expect((await ask('/admin/mcp', bearer(strict.tokens.access_token))).status).toBe(200);
    // Where the mount is no resource's, what it left decides.
    expect((await ask('/other/mcp', bearer(tokens.access_token))).status).toBe(200);
    expect((await ask('/other/mcp', bearer(strict.tokens.access_token))).status).toBe(401);
  });

  it('[RS-17] believes the proxies that `auth` believes, whatever Express believes', async () => {
    const trusting: Build = (app, gate) => {
      app.set('trust proxy', true);
      app.use(gate);
    };
    for (const [trustedProxies, address] of [
      [[], '127.0.0.1'],
      [['127.0.0.1'], '203.0.113.9'],
    ] as const) {
      const house = await start(make, trusting, { trustedProxies, allowForwarded: true });
      const { tokens, clientId } = await login(house.first);
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
        client_id: clientId,
      };
      const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example' };
      const body = new URLSearchParams(fields);
      expect((await house.ask('/token', { method: 'POST', body, headers: forwarded })).status).toBe(200);
      expect(house.events).toContainEqual(expect.objectContaining({ type: 'session.refreshed', address }));
    }
  });

  it('[E2] answers a refusal of a route as itself would, and leaves other errors to the application', async () => {
    const { ask, first } = await start(make, (app, gate) => {
      app.use(gate);
      app.all('/mcp', (request, _response, next) =>
        next(request.query.fault ? new Error('fault') : new Refusal('token.session-ended')),
      );
      app.all('/other', (_request, _response, next) => next(new Refusal('token.session-ended')));
      app.use(gate.refusals);
      app.use(
        ((_error, _request, response, _next) =>
          void response.status(418).end()) as express.ErrorRequestHandler,
      );
    });
    const { tokens } = await login(first);
    const over = await ask('/mcp', bearer(tokens.access_token));
    expect([over.status, over.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    expect((await ask('/mcp?fault=1', bearer(tokens.access_token))).status).toBe(418);
    expect((await ask('/other')).status).toBe(418);
  });

  it('[G6] ends a stream when its session is revoked', async () => {
    const { ask, first } = await start(make, (app, gate) => {
      app.use(gate);
      app.get('/mcp', (_request, response) => void response.write('open'));
    });
    const { tokens, clientId } = await login(first);
    const reader = (await ask('/mcp', bearer(tokens.access_token))).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('open');
    await first.form('/revoke', { token: tokens.refresh_token, client_id: clientId });
    await expect(reader.read()).rejects.toThrow('terminated');
  });
});

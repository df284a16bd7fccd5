import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { Auth } from '@portcullis/auth';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { rawRequest } from '../../../../e2e/clients/raw-request.ts';
import { type LogFields, silentLogger } from '../log/logger.ts';
import type { Database } from '../sql/database.ts';
import { DatabaseError } from '../sql/database-error.ts';
import { createHttpApp, type HttpApp } from './http-app.ts';
import { openAuth } from './open-auth.ts';
import { openState } from './open-state.ts';
import { settingsOf } from './settings.contract.ts';
import { waysIn } from './ways-in.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Parts {
  readonly given?: Record<string, string>;
  readonly database?: Partial<Database>;
  /** In place of the part of the gate of that name. */
  readonly auth?: Partial<Auth>;
}

/** A server that really listens, on a port that the system chose. */
async function begin({ given = {}, database, auth: over }: Parts = {}) {
  const settings = settingsOf(given);
  const log: [string, LogFields | undefined][] = [];
  const auth = await openAuth(settings, await openState(settings), () => {});
  const app: HttpApp = createHttpApp({
    settings,
    ways: waysIn(settings),
    auth: { ...auth, ...over },
    database: database as Database | undefined,
    logger: { ...silentLogger, warn: (message, fields) => void log.push([message, fields]) },
    version: '1.2.3',
  });
  app.server.listen(0, '127.0.0.1');
  await once(app.server, 'listening');
  const { port } = app.server.address() as AddressInfo;
  let open = true;
  const close = async (graceMilliseconds = 1000) => {
    if (open) await app.close(graceMilliseconds);
    open = false;
    await auth.close();
  };
  closing.push(() => close());
  const host = new URL(settings.publicUrl).host;
  const ask = (path: string, method = 'GET', headers: Record<string, string> = {}, body?: string) =>
    rawRequest({ port, path, method, headers: { host, ...headers }, body });
  return { app, port, ask, log, close };
}

describe('whatever is asked', () => {
  it('is answered by a standard status, never by 500, and a refusal has an incident', async () => {
    const { ask } = await begin();
    const segment = fc.stringMatching(/^[\w.~%-]{0,12}$/);
    const path = fc.oneof(
      fc.constantFrom('/', '/livez', '/readyz', '/mcp', '/token', '/.well-known/x', '/%00', '//', '/?a=%ff'),
      fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE');
    await fc.assert(
      fc.asyncProperty(path, method, async (target, verb) => {
        const { status, headers } = await ask(target, verb);
        expect([200, 204, 400, 401, 403, 404, 405, 413, 415, 421]).toContain(status);
        if (status > 400) expect(headers).toHaveProperty('x-incident-id');
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});

describe('health', () => {
  it('is told to everybody, and kept nowhere', async () => {
    const { ask } = await begin();
    for (const [path, text] of [
      ['/livez', 'ok\n'],
      ['/readyz', 'ready\n'],
      ['/readyz?verbose', 'ready\n'],
    ] as const)
      expect(await ask(path)).toMatchObject({
        status: 200,
        text,
        headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
      });
    expect(await ask('/readyz', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it('names the part that is away, and the log alone knows why', async () => {
    const why = new DatabaseError('unavailable', 'hunter2 at 10.0.0.7');
    const { ask, log } = await begin({ database: { ready: () => Promise.reject(why) } });
    expect(await ask('/readyz')).toMatchObject({
      status: 503,
      text: 'the database does not answer\n',
      headers: { 'retry-after': '5' },
    });
    expect(log).toEqual([['not ready', { problem: 'the database does not answer', error: why }]]);
    expect((await ask('/livez')).status).toBe(200);
  });

  it('needs the state, which is looked at first', async () => {
    const asked: string[] = [];
    const { ask } = await begin({
      auth: { ready: () => Promise.reject(new Error('no store')) },
      database: { ready: async () => void asked.push('database') },
    });
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: 'the state can not be read\n' });
    expect(asked).toEqual([]);
  });
});

describe('pages', () => {
  it('tell people where they are, under a policy of their own', async () => {
    const { ask } = await begin();
    const page = await ask('/');
    expect(page).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-frame-options': 'DENY',
      },
    });
    expect(page.text).toContain('http://localhost:8000/mcp');
    expect(page.text).toContain('href="http://localhost:8000/login-check"');
    expect(page.headers['strict-transport-security']).toBeUndefined();
    expect(await ask('/', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it.each([
    ['no address of ours', '/nothing', 'GET', 404],
    ['a longer name', '/livezz', 'GET', 404],
    ['a path that climbs', '/../livez', 'GET', 404],
    ['two slashes', '//livez', 'GET', 404],
    ['a post', '/livez', 'POST', 405],
    ['a delete', '/', 'DELETE', 405],
    ['a post to nowhere', '/nothing', 'POST', 404],
  ])('%s is answered plainly: %s %s', async (_what, path, method, status) => {
    const { ask } = await begin();
    const answer = await ask(path, method);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(status < 300 ? /^text\/plain/ : /^application\/json/);
    if (status >= 400) expect(answer.headers['x-incident-id']).toMatch(/^[0-9a-z]{10}$/);
    if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD');
  });

  it('are below the path of the public URL, and say that https is meant', async () => {
    const given = {
      publicUrl: 'https://tools.example/sql',
      developmentPeople: 'dora',
      iKnowAnyoneCanSignIn: 'on',
    };
    const { ask } = await begin({ given });
    for (const path of ['/sql/livez', '/livez', '/sql', '/sql/']) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers['strict-transport-security']).toBe('max-age=15552000');
    }
    for (const path of ['/sqlivez', '/sqlx', '/sql/sql/livez']) expect((await ask(path)).status).toBe(404);
    const refused = await ask('/sql/mcp', 'POST');
    expect([refused.status, refused.headers['strict-transport-security']]).toEqual([401, 'max-age=15552000']);
  });
});

const message = (method: string, params: Record<string, unknown> = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const MCP = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-06-18',
};

describe('the guarded endpoint', () => {
  it('lets nobody in without a token, and tells where to get one', async () => {
    const { ask } = await begin();
    const answer = await ask('/mcp', 'POST', MCP, message('tools/list'));
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain(
      'resource_metadata="http://localhost:8000/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it('has the tools behind it, and only whoami without a database', async () => {
    const { ask } = await begin({ given: { auth: 'off' } });
    const answer = await ask('/mcp', 'POST', MCP, message('tools/list'));
    expect(answer.status).toBe(200);
    expect(answer.text.match(/"name":"\w+"/g)).toEqual(['"name":"whoami"']);
  });

  it('reports a tool that failed to the log, and not why to the caller', async () => {
    const given = { auth: 'off', 'database.url': 'embedded', 'database.identity': 'service' };
    const listSchemas = () => Promise.reject(new Error('hunter2', { cause: new Error('at 10.0.0.7') }));
    const { ask, log } = await begin({ given, database: { listSchemas } });
    const call = message('tools/call', { name: 'list_schemas', arguments: {} });
    const answer = await ask('/mcp', 'POST', MCP, call);
    expect(answer.text).toContain('Something went wrong on this server');
    expect(answer.text).not.toMatch(/hunter2|10\.0\.0\.7/);
    expect(log).toEqual([
      [
        'a tool call failed',
        expect.objectContaining({ tool: 'list_schemas', error: 'hunter2', cause: 'Error: at 10.0.0.7' }),
      ],
    ]);
  });

  it('writes no word of a statement or of rows into the log', async () => {
    const given = { auth: 'off', 'database.url': 'embedded', 'database.identity': 'service' };
    const said = new DatabaseError('statement', 'invalid input syntax: "hunter2"', { sqlState: '22P02' });
    const { ask, log } = await begin({ given, database: { listSchemas: () => Promise.reject(said) } });
    await ask('/mcp', 'POST', MCP, message('tools/call', { name: 'list_schemas', arguments: {} }));
    expect(log).toEqual([
      ['a tool call failed', expect.objectContaining({ kind: 'statement', sqlState: '22P02' })],
    ]);
    expect(JSON.stringify(log)).not.toContain('hunter2');
  });

  it('asks the database as the service account only where the settings say so', async () => {
    const seen: unknown[] = [];
    const listSchemas = async (as: unknown) => {
      seen.push(as);
      return [];
    };
    const call = message('tools/call', { name: 'list_schemas', arguments: {} });
    const service = { auth: 'off', 'database.url': 'embedded', 'database.identity': 'service' };
    await (await begin({ given: service, database: { listSchemas } })).ask('/mcp', 'POST', MCP, call);
    expect(seen).toEqual([{ kind: 'service' }]);
  });
});

describe('closing', () => {
  it('waits for a request that is under way, and lets no new one in', async () => {
    let finish = () => {};
    const ready = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    const { ask, port, app, close } = await begin({ database: { ready } });
    // Kept open by the client, a connection is not waited for beyond its last answer.
    app.server.keepAliveTimeout = 0;
    const asked = ask('/readyz');
    await once(app.server, 'request');
    const closed = close(60_000);
    const refused = connect(port, '127.0.0.1');
    const [error] = await new Promise<Error[]>((resolve) => refused.once('error', (...all) => resolve(all)));
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    finish();
    expect((await asked).status).toBe(200);
    await closed;
  });

  it('cuts what does not end within the grace', async () => {
    const { ask, app, close } = await begin({ database: { ready: () => new Promise(() => {}) } });
    const asked = ask('/readyz').catch((error: Error) => error);
    await once(app.server, 'request');
    await close(20);
    expect(await asked).toBeInstanceOf(Error);
  });

  it('does not wait for connections that are kept open and idle', async () => {
    const { port, close, app } = await begin();
    const idle = connect(port, '127.0.0.1');
    idle.on('error', () => {});
    await once(idle, 'connect');
    idle.write('GET /livez HTTP/1.1\r\nhost: localhost:8000\r\n\r\n');
    await once(idle, 'data');
    const ended = once(idle, 'close');
    await close(60_000);
    await ended;
    expect(app.server.listening).toBe(false);
  });
});

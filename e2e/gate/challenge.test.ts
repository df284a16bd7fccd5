import { Agent } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { firstMessage, mcpMessage, sendMcp } from '../clients/plain-mcp.ts';
import { type RawAnswer, type RawRequest, rawRequest } from '../clients/raw-request.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

let server: RunningPortcullis;
let token: string;
beforeAll(async () => {
  server = await startPortcullis();
  token = (await plainClient(server.url).logIn()).tokens.access_token;
});

type Sent = Omit<RawRequest, 'port' | 'path'> & { readonly path?: string };

const modern = mcpMessage('modern', 'tools/call', { name: 'whoami', arguments: {} });
const discover = firstMessage('modern');
const initialize = firstMessage('legacy');

/** Every first request that a client was seen to send, and some that none should. */
const REQUESTS: Readonly<Record<string, Sent>> = {
  GET: { method: 'GET' },
  'GET for an event stream': { method: 'GET', headers: { accept: 'text/event-stream' } },
  HEAD: { method: 'HEAD' },
  DELETE: { method: 'DELETE', headers: { 'mcp-session-id': 'abc' } },
  'POST initialize': { method: 'POST', ...initialize },
  'POST server/discover': { method: 'POST', ...discover },
  'POST tools/call': { method: 'POST', ...modern },
  'POST of an unknown version': {
    method: 'POST',
    headers: { ...modern.headers, 'mcp-protocol-version': '1999-01-01' },
    body: modern.body,
  },
  'POST without a body': { method: 'POST' },
  'POST of something else': { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{' },
  'POST in a session': {
    method: 'POST',
    headers: { ...initialize.headers, 'mcp-session-id': '00000000-0000-0000-0000-000000000000' },
    body: initialize.body,
  },
  'a slash at the end': { method: 'POST', path: '/mcp/', ...discover },
};

const send = (sent: Sent, headers: RawRequest['headers'] = {}): Promise<RawAnswer> =>
  rawRequest({ path: '/mcp', ...sent, port: server.port, headers: { ...sent.headers, ...headers } });

const withoutIncident = (text: string) => text.replaceAll(/incident \w+/g, 'incident');

/** All of an answer that a client sees, but for what differs by nature. */
function seen({ status, headers, text }: RawAnswer) {
  return {
    status,
    challenge: withoutIncident(headers['www-authenticate'] ?? ''),
    type: headers['content-type'],
    cache: headers['cache-control'],
    body: withoutIncident(text),
  };
}

describe.each(Object.entries(REQUESTS))('%s', (name, sent) => {
  it('[C1, RS-1, RS-6] without a token is 401 with the one challenge, without an error code', async () => {
    const answer = seen(await send(sent));
    expect(answer).toMatchObject({
      status: 401,
      challenge: `Bearer scope="mcp:read", resource_metadata="${server.url}/.well-known/oauth-protected-resource/mcp"`,
      type: 'application/json',
      cache: 'no-store',
    });
    const { body } = seen(await send({ method: 'POST' }));
    if (name !== 'HEAD') expect(answer.body).toBe(body);
  });

  it('[C1, RS-7] with a bad token is 401 with the one challenge, and tells nothing more', async () => {
    const answer = seen(await send(sent, { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }));
    const expected = seen(await send({ method: 'POST' }, { authorization: 'Bearer garbage' }));
    expect(answer.challenge).toBe(expected.challenge);
    expect(answer.challenge).toMatch(/^Bearer error="invalid_token"/);
    expect(answer.challenge).toContain('resource_metadata=');
    expect(answer.status).toBe(401);
    if (name !== 'HEAD') expect(answer.body).toBe(expected.body);
  });
});

describe('credentials', () => {
  it('[RS-10] in the query or the body count as none', async () => {
    const query = await send({ method: 'POST', path: `/mcp?access_token=${token}`, ...discover });
    expect(seen(query)).toMatchObject({ status: 401, challenge: expect.not.stringContaining('error') });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = await send({ method: 'POST', headers, body: `access_token=${token}` });
    expect(body.status).toBe(401);
    expect(server.everything()).not.toContain(token);
  });

  it('[RS-10] that come twice are 400', async () => {
    const twice = await send(
      { method: 'POST', ...discover },
      { authorization: [`Bearer ${token}`, `Bearer ${token}`] },
    );
    expect(twice.status).toBe(400);
    const other = await send(
      { method: 'POST', ...discover },
      { authorization: [`Bearer ${token}`, 'DPoP abc'] },
    );
    expect(other.status).toBe(400);
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])('[RS-11] of the scheme %s are taken', async (scheme) => {
    const answer = await send({ method: 'POST', ...discover }, { authorization: `${scheme} ${token}` });
    expect(answer.status).toBe(200);
  });

  it.each(['Basic YWxpY2U6c2VjcmV0', 'DPoP abc', 'Negotiate abc'])(
    '[RS-11] of another scheme are 401 with a Bearer challenge: %s',
    async (authorization) => {
      const answer = await send({ method: 'POST', ...discover }, { authorization });
      expect(seen(answer)).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer /) });
    },
  );

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer ä', 'Bearer "a"'])(
    '[RS-15] that are malformed are 400: %s',
    async (authorization) => {
      const answer = await send(
        { method: 'POST', ...discover },
        { authorization: Buffer.from(authorization).toString('latin1') },
      );
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({ error: 'invalid_request' });
    },
  );

  it('[RS-12] are looked at with every request of a connection, and of a session', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const good = { authorization: `Bearer ${token}` };
    const statuses: number[] = [];
    const reused: boolean[] = [];
    const inSession = { 'mcp-session-id': 'abc' };
    const turns: Record<string, string>[] = [good, {}, good, { authorization: 'Bearer bad' }, inSession];
    for (const headers of turns) {
      const answer = await send({ method: 'POST', agent, ...discover }, headers);
      statuses.push(answer.status);
      reused.push(answer.reused);
    }
    agent.destroy();
    expect(statuses).toEqual([200, 401, 200, 401, 401]);
    expect(reused.slice(1)).toEqual([true, true, true, true]);
  });
});

describe('what comes from elsewhere', () => {
  it('[RS-17] is 403 with a foreign Origin, also with a good token, and fine with none or our own', async () => {
    const statusWith = async (origin?: string) =>
      (await sendMcp(server.mcpUrl, discover, token, origin === undefined ? {} : { origin })).status;
    expect(await statusWith()).toBe(200);
    expect(await statusWith(server.url)).toBe(200);
    for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`, 'http://192.168.0.1'])
      expect(await statusWith(origin)).toBe(403);
  });

  it('[RS-17] is refused with a foreign Host', async () => {
    for (const host of ['evil.example', `localhost.evil.example:${server.port}`, 'a b']) {
      const answer = await send({ method: 'POST', ...discover }, { host, authorization: `Bearer ${token}` });
      expect([400, 421]).toContain(answer.status);
    }
    const own = await send(
      { method: 'POST', ...discover },
      { host: `LOCALHOST:${server.port}`, authorization: `Bearer ${token}` },
    );
    expect(own.status).toBe(200);
  });

  it('[RS-18] is 400 with the code -32020 when headers contradict the body', async () => {
    const call = mcpMessage('modern', 'tools/call', { name: 'whoami', arguments: {} });
    const wrong = [
      ['mcp-method', 'tools/list'],
      ['mcp-name', 'execute_query'],
      ['mcp-protocol-version', '2025-11-25'],
    ];
    for (const [name = '', value = ''] of wrong) {
      const answer = await sendMcp(
        server.mcpUrl,
        { ...call, headers: { ...call.headers, [name]: value } },
        token,
      );
      expect(answer.status).toBe(400);
      expect(answer.body.error).toMatchObject({ code: -32020 });
    }
  });

  it('[RS-23] may be a page of this machine: it can read the challenge, and ask before it sends a token', async () => {
    const origin = 'http://localhost:6274';
    const refused = await sendMcp(server.mcpUrl, discover, undefined, { origin });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/WWW-Authenticate/i);
    const preflight = await send({ method: 'OPTIONS' }, { origin, 'access-control-request-method': 'POST' });
    expect(preflight.status).toBe(204);
    const allowed = String(preflight.headers['access-control-allow-headers']).toLowerCase();
    for (const name of ['authorization', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name'])
      expect(allowed).toContain(name);
  });
});

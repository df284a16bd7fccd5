import { describe, expect, it } from 'vitest';
import type { AuthEvent } from '../core/events.ts';
import { toResponse } from '../core/plain-response.ts';
import { systemRandom } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { DEFAULT_BODY_LIMITS } from './body.ts';
import { dispatch } from './dispatch.ts';
import type { Exchange, Route } from './route.ts';

const events: AuthEvent[] = [];
const options = {
  limits: DEFAULT_BODY_LIMITS,
  random: systemRandom,
  onEvent: (event: AuthEvent) => void events.push(event),
};
const seen: Exchange[] = [];
const route = (over: Partial<Route> = {}): Route => ({
  id: 'test',
  paths: ['/test'],
  methods: ['GET', 'POST'],
  body: 'form',
  audience: 'program',
  cors: true,
  handle: (exchange) => {
    seen.push(exchange);
    return { kind: 'json', status: 200, body: { ok: true } };
  },
  ...over,
});
const ask = async (init: RequestInit = {}, over: Partial<Route> = {}) => {
  const request = new Request('https://mcp.example.com/team/test?a=b', init);
  return toResponse(await dispatch(route(over), request, '/test', '192.0.2.1', options));
};
const fail = (error: unknown) => ({
  handle: () => {
    throw error;
  },
});

describe('running a route', () => {
  it('hands over what was read within limits', async () => {
    await ask({ method: 'POST', body: new URLSearchParams({ c: 'd' }) });
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      path: '/test',
      query: 'a=b',
      body: 'c=d',
      address: '192.0.2.1',
    });
    await ask();
    expect(seen.at(-1)).toMatchObject({ method: 'GET', body: '' });
  });

  it('[C1] answers HEAD as GET, without the body', async () => {
    const response = await ask({ method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '',
    ]);
    expect(await (await ask({ method: 'HEAD' }, fail(new Refusal('request.not-found')))).text()).toBe('');
  });

  it('answers a preflight where scripts may read, and 405 with Allow elsewhere', async () => {
    expect((await ask({ method: 'OPTIONS' })).status).toBe(204);
    const response = await ask({ method: 'OPTIONS' }, { cors: false, audience: 'person' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
    expect((await ask({ method: 'DELETE' })).status).toBe(405);
  });

  it('[E1][S4] turns a fault of ours into 503 with an incident, and keeps its cause for the log', async () => {
    const response = await ask({}, fail(new TypeError('a detail')));
    const body = (await response.json()) as { error: string };
    expect([
      response.status,
      body.error,
      response.headers.get('retry-after'),
      response.headers.get('access-control-allow-origin'),
    ]).toEqual([503, 'temporarily_unavailable', '5', '*']);
    expect(JSON.stringify(body)).not.toContain('a detail');
    expect(events.at(-1)).toMatchObject({
      type: 'request.refused',
      at: 'test',
      reason: 'internal.fault',
      incident: response.headers.get('x-incident-id'),
    });
    expect(JSON.stringify(events.at(-1))).toContain('a detail');
  });

  it('names the cause of a refusal in one line, whatever was thrown', async () => {
    await ask({}, fail(new Refusal('store.unavailable', {}, { cause: new RangeError('away') })));
    expect(events.at(-1)).toMatchObject({ cause: 'RangeError: away' });
    await ask({}, fail('text'));
    expect(events.at(-1)).toMatchObject({ reason: 'internal.fault', cause: 'text' });
    await ask({}, fail(new Refusal('request.malformed')));
    expect(events.at(-1)).toMatchObject({ reason: 'request.malformed', cause: undefined });
  });

  it('gives scripts nothing to read where a cookie matters', async () => {
    for (const over of [{}, fail(new Refusal('request.malformed'))]) {
      const response = await ask({}, { cors: false, audience: 'person', ...over });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

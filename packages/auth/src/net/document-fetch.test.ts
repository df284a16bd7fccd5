import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import type { Fetch } from '../core/fetch.ts';
import { DocumentFault, type DocumentFetchOptions, documentFetch } from './document-fetch.ts';
import { FetchFault } from './fetch-fault.ts';

const url = 'https://app.example/client.json';

/** A world with one answer at a time, which can be changed. */
function world(over: Partial<DocumentFetchOptions> = {}) {
  const clock = manualClock();
  const state = {
    fetches: [] as string[],
    answer: () => Promise.resolve(json({ n: 1 })) as Promise<Response>,
  };
  const fetch: Fetch = (asked) => {
    state.fetches.push(asked);
    return state.answer();
  };
  return { clock, state, documents: documentFetch({ fetch, clock, ...over }) };
}

function json(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

async function fault(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'no fault';
  } catch (error) {
    if (error instanceof DocumentFault) return error.kind;
    throw error;
  }
}

describe('a document', () => {
  it('is fetched once while it is fresh', async () => {
    const { clock, state, documents } = world();
    expect((await documents.get(url)).body).toEqual({ n: 1 });
    clock.advance(299);
    await documents.get(url);
    expect(state.fetches).toEqual([url]);
    clock.advance(1);
    state.answer = async () => json({ n: 2 });
    expect((await documents.get(url)).body).toEqual({ n: 2 });
  });

  it.each([
    ['as its server says', 'max-age=600', 600],
    ['never shorter than the bound', 'max-age=1', 30],
    ['also when it should not be kept', 'no-store', 30],
    ['never longer than the bound', 'max-age=99999999', 86_400],
  ])('is kept %s', async (_, control, seconds) => {
    const { clock, state, documents } = world();
    state.answer = async () => json({}, { 'cache-control': control });
    await documents.get(url);
    clock.advance(seconds - 1);
    await documents.get(url);
    expect(state.fetches).toHaveLength(1);
    clock.advance(1);
    await documents.get(url);
    expect(state.fetches).toHaveLength(2);
  });

  it('is fetched once for all who ask at one time', async () => {
    const { state, documents } = world();
    const all = await Promise.all(Array.from({ length: 50 }, () => documents.get(url)));
    expect(state.fetches).toHaveLength(1);
    expect(new Set(all).size).toBe(1);
  });

  it('is fetched anew after it was forgotten', async () => {
    const { state, documents } = world();
    await documents.get(url);
    documents.forget(url);
    await documents.get(url);
    expect(state.fetches).toHaveLength(2);
  });

  it.each(['application/json; charset=utf-8', 'application/cimd+json', 'APPLICATION/JSON'])(
    'may be %s',
    async (type) => {
      const { state, documents } = world();
      state.answer = async () => json({ n: 3 }, { 'content-type': type });
      expect((await documents.get(url)).body).toEqual({ n: 3 });
    },
  );
});

describe('a newer copy', () => {
  it('[G8] is fetched once in a cool-down, however many ask', async () => {
    const { clock, state, documents } = world();
    const { fetchedAt } = await documents.get(url);
    for (let i = 0; i < 20; i++) await documents.get(url, { newerThan: clock.now() });
    expect(state.fetches).toHaveLength(1);
    clock.advance(61);
    state.answer = async () => json({ n: 2 });
    expect((await documents.get(url, { newerThan: fetchedAt })).body).toEqual({ n: 2 });
    expect((await documents.get(url, { newerThan: fetchedAt })).body).toEqual({ n: 2 });
    expect(state.fetches).toHaveLength(2);
  });

  it('that can not be had leaves the old one to those who are content with it', async () => {
    const { clock, state, documents } = world();
    await documents.get(url);
    clock.advance(61);
    state.answer = () => Promise.reject(new Error('down'));
    expect(await fault(documents.get(url, { newerThan: clock.now() }))).toBe('unreachable');
    expect((await documents.get(url)).body).toEqual({ n: 1 });
    expect(await fault(documents.get(url, { newerThan: clock.now() }))).toBe('unreachable');
    expect(state.fetches).toHaveLength(2);
  });
});

describe('what is bad', () => {
  it.each([
    ['an error', async () => json({}, {}, 500), 'status'],
    ['a redirect', async () => json({}, { location: 'https://elsewhere' }, 302), 'status'],
    ['another success', async () => json({}, {}, 201), 'status'],
    ['a page', async () => json({}, { 'content-type': 'text/html' }), 'content-type'],
    ['no type', async () => new Response(new Uint8Array([123, 125])), 'content-type'],
    [
      'what only looks like JSON by name',
      async () => json({}, { 'content-type': 'application/jsonp' }),
      'content-type',
    ],
    [
      'a text that is no JSON',
      async () => new Response('{', { headers: { 'content-type': 'application/json' } }),
      'not-json',
    ],
    [
      'nothing',
      async () => new Response(null, { headers: { 'content-type': 'application/json' } }),
      'not-json',
    ],
    [
      'bytes that are no UTF-8',
      async () =>
        new Response(new Uint8Array([34, 255, 34]), { headers: { 'content-type': 'application/json' } }),
      'not-json',
    ],
    ['too long a document', async () => json('x'.repeat(65_536)), 'too-large'],
    ['nobody there', () => Promise.reject(new Error('down')), 'unreachable'],
    ['no way there', () => Promise.reject(new FetchFault('network', 'down')), 'unreachable'],
    ['what the way out stopped reading', () => Promise.reject(new FetchFault('too-large', 'x')), 'too-large'],
    [
      'what the way out could not read',
      () => Promise.reject(new FetchFault('encoding', 'x')),
      'content-type',
    ],
  ])('is not fetched twice: %s', async (_, answer, kind) => {
    const { clock, state, documents } = world();
    state.answer = answer;
    expect(await fault(documents.get(url))).toBe(kind);
    clock.advance(59);
    expect(await fault(documents.get(url))).toBe(kind);
    expect(state.fetches).toHaveLength(1);
    clock.advance(1);
    state.answer = async () => json({ n: 9 });
    expect((await documents.get(url)).body).toEqual({ n: 9 });
  });

  it('shows no control and no letter beyond ASCII of the type that came', async () => {
    const { state, documents } = world();
    state.answer = async () => json({}, { 'content-type': 'text/\u0085\u009b<b>\u00e9' });
    await expect(documents.get(url)).rejects.toMatchObject({
      message: 'The answer is text/??<b>?, not JSON.',
    });
  });

  it('says which status it was', async () => {
    const { state, documents } = world();
    state.answer = async () => json({}, {}, 404);
    await expect(documents.get(url)).rejects.toMatchObject({
      kind: 'status',
      status: 404,
      retryAfterSeconds: 60,
    });
  });

  it('[G8] is not read to its end when it is endless', async () => {
    const { state, documents } = world({ maxBodyBytes: 1000 });
    let pulled = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(100));
        },
      });
    state.answer = async () => new Response(endless(), { headers: { 'content-type': 'application/json' } });
    expect(await fault(documents.get(url))).toBe('too-large');
    expect(pulled).toBeLessThan(20);
  });
});

it('gives a document or a fault of its own kind, for any answer', async () => {
  const types = fc.constantFrom(
    'application/json',
    'application/x+json',
    'text/plain',
    'application/json;x',
    '',
  );
  const bodies = fc.oneof(
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.uint8Array({ maxLength: 50 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 200, max: 599 }), types, bodies, async (status, type, body) => {
      const { state, documents } = world();
      const empty = [204, 205, 304].includes(status);
      state.answer = async () =>
        new Response(empty ? null : (body as Uint8Array<ArrayBuffer>), {
          status,
          headers: { 'content-type': type },
        });
      const seen = await fault(documents.get(url));
      expect(['no fault', 'status', 'content-type', 'not-json']).toContain(seen);
      if (seen === 'no fault') expect(status).toBe(200);
    }),
    { numRuns: 1000 },
  );
});

describe('bounds', () => {
  it('forgets the oldest when it holds too many', async () => {
    const { state, documents } = world({ maxEntries: 2 });
    for (const n of [1, 2, 3]) await documents.get(`${url}?${n}`);
    await documents.get(`${url}?3`);
    await documents.get(`${url}?2`);
    expect(state.fetches).toHaveLength(3);
    await documents.get(`${url}?1`);
    expect(state.fetches).toHaveLength(4);
  });

  it('[G8] fetches only so many at a time', async () => {
    const { state, documents } = world({ maxConcurrent: 2 });
    const open: (() => void)[] = [];
    state.answer = () => new Promise((done) => void open.push(() => done(json({}))));
    const first = [documents.get(`${url}?1`), documents.get(`${url}?2`)];
    expect(await fault(documents.get(`${url}?3`))).toBe('busy');
    for (const each of open) each();
    await Promise.all(first);
    state.answer = async () => json({ n: 3 });
    expect((await documents.get(`${url}?3`)).body).toEqual({ n: 3 });
  });

  it('[G8] gives one host no more than its share of the fetches', async () => {
    const { state, documents } = world({ maxConcurrent: 20, maxConcurrentPerHost: 4 });
    state.answer = () => new Promise(() => {});
    for (let n = 0; n < 4; n++) void documents.get(`https://slow.example/${n}`);
    expect(await fault(documents.get('https://slow.example/4'))).toBe('busy');
    expect(await fault(documents.get('https://slow.example:8443/5'))).toBe('busy');
    state.answer = async () => json({ n: 1 });
    expect((await documents.get(url)).body).toEqual({ n: 1 });
  });

  it('[G8] fetches what is kept in its own turn, and forgets it for nothing that is not', async () => {
    const { clock, state, documents } = world({ maxEntries: 2 });
    await documents.get(url);
    documents.keep(url);
    for (let n = 0; n < 5; n++) await documents.get(`https://other.example/${n}`);
    await documents.get(url);
    expect(state.fetches).toHaveLength(6);
    clock.advance(300);
    state.answer = () => new Promise(() => {});
    for (let n = 0; n < 20; n++) void documents.get(`https://slow-${n}.example/`);
    expect(await fault(documents.get('https://late.example/'))).toBe('busy');
    state.answer = async () => json({ n: 2 });
    expect((await documents.get(url)).body).toEqual({ n: 2 });
  });
});

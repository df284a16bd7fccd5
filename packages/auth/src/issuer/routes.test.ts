import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formRequest } from '../../../../e2e/clients/scripted-browser.ts';
import {
  authorizeQuery,
  type House,
  login,
  openHouse,
  PUBLIC_URL,
  REDIRECT_URI,
  register,
  VERIFIER,
  walkToCode,
} from '../auth.contract.ts';
import type { Route } from '../http/route.ts';
import { codeChallenge } from '../protocol/pkce.ts';

/** Words that bring a request further in than noise would: per route, parameters with values that mean something. */
type Words = Readonly<Record<string, readonly string[]>>;

const NOISE = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\r\nset-cookie: a=b',
    '\ud800',
    '\u202e',
    '%',
    '%00',
    '../..',
    '{}',
    '[]',
    'null',
    '__proto__',
    'constructor',
    '"',
    '\\',
    '<script>',
    'https://',
    'a'.repeat(5000),
    'a'.repeat(70_000),
    '9'.repeat(400),
  ),
);

const PARAMETER_NAMES = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'state',
  'scope',
  'resource',
  'code',
  'token',
  'request',
  '__proto__',
  'toString',
  '',
];

/** Every route of the table must be here, and nothing else. */
async function wordsOf(house: House): Promise<Record<string, Words>> {
  const { first } = house;
  const { client_id } = await register(first);
  const done = await login(first, { clientId: client_id });
  const { code, browser } = await walkToCode(first, { clientId: client_id });
  const consent = await browser.request(`${PUBLIC_URL}/authorize?${authorizeQuery(client_id)}`);
  // Each approval is good for one sign-in.
  const pages = [consent];
  for (let i = 0; i < 30; i += 1) pages.push(await browser.submit(consent, { action: 'approve' }));
  const sealed = pages.map((step) => (formRequest(step, {})[1].body as URLSearchParams).get('request')!);
  const check = await browser.request(`${PUBLIC_URL}/login-check`);
  const checks = [check];
  for (let i = 0; i < 30; i += 1) checks.push(await browser.submit(check, {}));
  const sealedChecks = checks.map(
    (step) => (formRequest(step, {})[1].body as URLSearchParams).get('request')!,
  );
  const logout = await browser.request(`${PUBLIC_URL}/logout`);
  const sealedLogout = (formRequest(logout, {})[1].body as URLSearchParams).get('request')!;
  const cookie = [...browser.cookies.values()].flatMap((jar) => [...jar]).map((pair) => pair.join('='));
  const client = {
    client_id: [client_id, 'nobody', 'https://evil.example/c'],
    client_secret: ['s'],
    '@cookie': cookie,
  };
  const resource = [`${PUBLIC_URL}/mcp`, `${PUBLIC_URL}/`, 'https://evil.example'];
  const tokens = [done.tokens.access_token, done.tokens.refresh_token, code];
  const forms = {
    request: sealed,
    action: ['approve', 'deny'],
    sign_in: ['development', 'x'],
    person: ['alice', 'mallory'],
    '@cookie': cookie,
  };
  return {
    'resource-metadata /mcp': {},
    'server-metadata': {},
    jwks: {},
    register: {
      redirect_uris: [
        '["http://127.0.0.1/cb"]',
        '["https://a.example/cb"]',
        '["javascript:1"]',
        '"x"',
        '{}',
        `[${'"https://a.example/cb",'.repeat(50)}"x:/"]`,
      ],
      client_name: ['"Test"', '"\\ud800"', '"\\u202eevil"', '1', 'null'],
      token_endpoint_auth_method: ['"none"', '"client_secret_basic"', '"x"', 'null'],
      grant_types: ['["authorization_code"]', '["refresh_token"]', '"x"'],
      scope: ['"mcp:read"', '"\\u0000"', '1'],
      application_type: ['"native"', '"web"', '[]'],
    },
    authorize: {
      ...client,
      resource,
      redirect_uri: [REDIRECT_URI, 'https://evil.example/cb'],
      response_type: ['code', 'token'],
      scope: ['mcp:read', 'x'],
      code_challenge: [codeChallenge(VERIFIER), 'short'],
      code_challenge_method: ['S256', 'plain'],
      state: ['s'],
      prompt: ['none', 'login', 'none login'],
      login_hint: ['alice'],
      request: ['e30'],
      request_uri: ['urn:x'],
      response_mode: ['query', 'fragment'],
    },
    consent: forms,
    'sign-in': forms,
    'login-check': { ...forms, request: [...sealedChecks, ...sealed.slice(0, 2)] },
    'login-check-sign-in': { ...forms, request: [...sealedChecks, ...sealed.slice(0, 2)] },
    logout: { ...forms, request: [sealedLogout, ...sealedChecks.slice(0, 1)] },
    'logout-done': { state: ['x'] },
    callback: {
      state: ['A'.repeat(22), `${'A'.repeat(22)}.${'A'.repeat(11)}`, `check.${'A'.repeat(22)}`, 'x'],
      code: ['x'],
      error: ['access_denied'],
      iss: [PUBLIC_URL],
      '@cookie': cookie,
    },
    token: {
      ...client,
      resource,
      grant_type: ['authorization_code', 'refresh_token', 'password'],
      code: tokens,
      code_verifier: [VERIFIER, 'w'.repeat(43), 'x'],
      redirect_uri: [REDIRECT_URI, 'https://evil.example/cb'],
      refresh_token: tokens,
      scope: ['mcp:read', 'mcp:admin', 'x'],
    },
    revoke: { ...client, token: tokens, token_type_hint: ['access_token', 'x'] },
    introspect: { ...client, token: tokens },
  };
}

const CONTENT_TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=UTF-8',
  'application/json',
  'APPLICATION/JSON;x',
  'multipart/form-data; boundary=x',
  'text/plain',
  '',
  ';',
  'application/jsonx',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'get'];

interface Ask {
  readonly path: string;
  readonly init: RequestInit;
}

function asksOf(route: Route, words: Words): fc.Arbitrary<Ask> {
  const known = Object.keys(words).filter((name) => !name.startsWith('@'));
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known, ...(known.length ? [] : ['x'])) },
    { weight: 1, arbitrary: fc.constantFrom(...PARAMETER_NAMES) },
    { weight: 1, arbitrary: NOISE },
  );
  const pair = name.chain((each) => {
    const good = Object.hasOwn(words, each) ? words[each] : undefined;
    const value = good
      ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: NOISE })
      : NOISE;
    return value.map((text) => [each, text] as const);
  });
  const pairs = fc.oneof(
    { weight: 6, arbitrary: fc.uniqueArray(pair, { maxLength: 14, selector: ([each]) => each }) },
    { weight: 1, arbitrary: fc.array(pair, { maxLength: 70 }) },
  );
  const whole = fc.record(Object.fromEntries(known.map((each) => [each, fc.constantFrom(...words[each]!)])));
  const anyPairs = fc.oneof(
    { weight: 2, arbitrary: whole.map((all) => Object.entries(all)) },
    { weight: 3, arbitrary: pairs },
  );
  const form = anyPairs.map((list) =>
    new URLSearchParams(list.map(([key, value]) => [key, value])).toString(),
  );
  const json = anyPairs.map(
    (list) => `{${list.map(([key, value]) => `${JSON.stringify(key)}:${value || 'null'}`).join(',')}}`,
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constant(new Uint8Array(70_000)),
    fc.constant(new Uint8Array([0xff, 0xfe, 0x3d])),
  );
  const body = fc.oneof(
    { weight: 6, arbitrary: route.body === 'json' ? json : form },
    { weight: 1, arbitrary: NOISE },
    { weight: 1, arbitrary: bytes },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.constant(`${'['.repeat(30_000)}`) },
    {
      weight: 1,
      arbitrary: fc.constant(
        `{"redirect_uris":["http://127.0.0.1/cb"],"a":${'{"a":'.repeat(8000)}1${'}'.repeat(8000)}}`,
      ),
    },
  );
  const usual = route.body === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const printable = fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, '~').trim());
  const basic = ['Basic', 'Basic !', 'Basic Og==', 'Basic eDp5', 'Basic JTolYQ==', 'Bearer x', 'Bearer'];
  const odd: Record<string, fc.Arbitrary<string>> = {
    'content-type': fc.constantFrom(...CONTENT_TYPES),
    'content-encoding': fc.constantFrom('gzip', 'identity', 'br, gzip'),
    'content-length': fc.constantFrom('0', '99999999', '-1', 'x'),
    authorization: fc.oneof(fc.constantFrom(...basic), printable),
    cookie: printable,
    origin: fc.constantFrom(PUBLIC_URL, 'null', 'https://evil.example', 'x'),
    'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site', 'none'),
    'x-forwarded-for': printable,
    host: printable,
  };
  const cookies = fc.constantFrom(...(words['@cookie'] ?? ['a=b']));
  // The usual headers, and every other time one that is odd.
  const headers = fc
    .tuple(
      cookies,
      fc.option(
        fc.constantFrom(...Object.keys(odd)).chain((each) => odd[each]!.map((value) => ({ [each]: value }))),
        { freq: 1 },
      ),
    )
    .map(([cookie, strange]) => ({ 'content-type': usual, cookie, ...strange }));
  const method = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...route.methods) },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  );
  return fc
    .record({
      path: fc.constantFrom(...route.paths),
      method,
      headers,
      body,
      query: fc.oneof(form, NOISE, fc.constant('')),
    })
    .map((ask) => {
      const bare = /^(get|head)$/i.test(ask.method);
      const init = {
        method: ask.method,
        headers: ask.headers,
        ...(bare ? {} : { body: ask.body as string }),
      };
      // A query is what a URL can hold: the fragment mark ends it.
      const query = typeof ask.query === 'string' ? ask.query.replaceAll('#', '%23') : '';
      return { path: bare ? `${ask.path}?${query}` : ask.path, init };
    });
}

/** The answer is a clear one: what the standards say for programs, a page for people. */
async function checkAnswer(route: Route, ask: Ask, response: Response, storeIsDown: boolean): Promise<void> {
  const { status, headers } = response;
  const text = await response.text();
  const context = { id: route.id, ask, status };
  expect({ ...context, fine: status < 500 || (storeIsDown && status === 503) }).toMatchObject({ fine: true });
  expect(headers.get('x-content-type-options') ?? (status === 204 ? 'nosniff' : '')).toBe('nosniff');
  if (status < 400 || ask.init.method === 'HEAD') return;
  if (status === 405) expect(headers.get('allow')).toBe([...route.methods, 'OPTIONS'].join(', '));
  if (status === 503) expect(headers.get('retry-after')).toMatch(/^\d+$/);
  if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Basic /);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-incident-id')).toMatch(/^[0-9a-z]{10}$/);
  if (route.audience === 'person') {
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain(headers.get('x-incident-id'));
    expect(text).not.toMatch(/<script/i);
    expect(headers.get('location')).toBeNull();
  } else {
    expect(headers.get('content-type')).toBe('application/json');
    const body = JSON.parse(text) as { error?: unknown };
    expect({ ...context, error: body.error }).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) });
    if (status === 503) expect(body.error).toBe('temporarily_unavailable');
  }
}

let house: House;
let words: Record<string, Words>;
beforeAll(async () => {
  house = await openHouse({ count: 1, scopes: { 'mcp:read': 'Read' } });
  words = await wordsOf(house);
});

describe('every endpoint of the table', () => {
  it('is asked here, and nothing else is', () => {
    expect(house.first.auth.routes.map(({ id }) => id).sort()).toEqual(Object.keys(words).sort());
  });

  const ids = [
    'resource-metadata /mcp',
    'server-metadata',
    'jwks',
    'register',
    'authorize',
    'consent',
    'sign-in',
    'callback',
    'login-check',
    'login-check-sign-in',
    'logout',
    'logout-done',
    'token',
    'revoke',
    'introspect',
  ];

  it('is among those that get a thousand requests each', () => {
    expect([...ids].sort()).toEqual(Object.keys(words).sort());
  });

  it.each(ids)(
    '[E2] %s answers whatever a stranger sends by a standard error or a page, and 503 only while the store is away',
    async (id) => {
      const route = house.first.auth.routes.find((each) => each.id === id)!;
      const seen = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(asksOf(route, words[id]!), fc.integer({ min: 0, max: 9 }), async (ask, tenth) => {
          const storeIsDown = tenth === 0;
          house.control.outage = storeIsDown ? 'all' : 'none';
          try {
            const response = await house.first.call(ask.path, ask.init);
            await checkAnswer(route, ask, response, storeIsDown);
            seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
          } finally {
            house.control.outage = 'none';
          }
        }),
        { numRuns: 1000 },
      );
      // The noise is not so loud that nothing else is heard.
      expect([...seen.keys()].some((status) => status < 400)).toBe(true);
      const answersAlike = route.body === 'none' && !route.cors;
      expect(seen.size).toBeGreaterThan(answersAlike ? 1 : 2);
    },
    60_000,
  );
});

describe('the shape of the table', () => {
  it('has one route to a path, and ids that are their own', async () => {
    const { routes } = house.first.auth;
    const paths = routes.flatMap((route) => route.paths);
    expect(new Set(paths).size).toBe(paths.length);
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  });

  it('lets scripts of other origins read only what no cookie matters to', () => {
    for (const { audience, cors } of house.first.auth.routes) expect(cors).toBe(audience === 'program');
  });
});

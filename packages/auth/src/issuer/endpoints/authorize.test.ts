import { describe, expect, it } from 'vitest';
import { ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import {
  authorizeQuery,
  openHouse,
  PUBLIC_URL,
  REDIRECT_URI,
  register,
  type Server,
} from '../../auth.contract.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';

const resources = [{ path: '/mcp' }, { path: '/other' }];

async function begin(over: Parameters<typeof openHouse>[0] = {}, registration: Record<string, unknown> = {}) {
  const house = await openHouse(over);
  const { client_id: clientId } = await register(house.first, registration);
  const ask = (parameters: Record<string, string | undefined> = {}, server: Server = house.first) =>
    server.call(`/authorize?${authorizeQuery(clientId, parameters)}`);
  return { ...house, clientId, ask };
}

/** The error of a redirect to the client. */
const errorOf = (response: Response) => {
  const location = response.headers.get('location');
  if (!location) return undefined;
  const { searchParams, origin, pathname } = new URL(location);
  return {
    to: origin + pathname,
    error: searchParams.get('error'),
    state: searchParams.get('state'),
    iss: searchParams.get('iss'),
  };
};

const developmentSignIn = () => developmentPeople({ people: [{ username: 'alice' }] });

describe('the consent page', () => {
  it('[PX-1][PX-2] shows where the access goes, for whom, and what for, before anything else happens', async () => {
    const { ask, clientId } = await begin();
    const response = await ask({ scope: 'mcp:read' });
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('location')).toBeNull();
    for (const word of ['127.0.0.1', 'Test client', 'not verified', 'mcp:read', `${PUBLIC_URL}/mcp`])
      expect(html).toContain(word);
    expect(html).not.toContain(clientId);
  });

  it('[G11][AS-17] can not be framed, runs no script, is not kept by caches', async () => {
    const { ask } = await begin();
    const { headers } = await ask();
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('stores nothing: a stranger can ask for as many pages as they like', async () => {
    const { ask, control } = await begin();
    control.calls.length = 0;
    for (let i = 0; i < 5; i += 1) await ask({ state: String(i) });
    expect(control.calls).toEqual([]);
  });

  it('[S4] needs no store for a client that describes itself', async () => {
    const { ask, control } = await begin();
    control.outage = 'all';
    expect((await ask()).status).toBe(200);
  });

  it('[PX-3] binds the page to the browser by one cookie, kept while it is valid', async () => {
    const { first, clientId } = await begin();
    const browser = new ScriptedBrowser(first.call);
    const url = `${PUBLIC_URL}/authorize?${authorizeQuery(clientId)}`;
    const [line = ''] = (await browser.request(url)).response.headers.getSetCookie();
    expect(line).toMatch(
      /^__Host-portcullis=[A-Za-z0-9_-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    const again = (await browser.request(url)).response.headers.getSetCookie();
    expect(again[0]?.split(';')[0]).toBe(line.split(';')[0]);
    const stranger = (await first.call(url)).headers.getSetCookie();
    expect(stranger[0]?.split(';')[0]).not.toBe(line.split(';')[0]);
  });

  it('uses a cookie of its own for each page on plain-http loopback', async () => {
    const { first, clientId } = await begin({ publicUrl: 'http://localhost:8000' });
    const browser = new ScriptedBrowser(first.call);
    const url = `http://localhost:8000/authorize?${authorizeQuery(clientId)}`;
    const lines = [await browser.request(url), await browser.request(url)].map(
      ({ response }) => response.headers.getSetCookie()[0] ?? '',
    );
    expect(lines[0]).toMatch(
      /^portcullis-[A-Za-z0-9_-]{11}=[A-Za-z0-9_-]{22}; Path=\/; HttpOnly; SameSite=Lax/,
    );
    expect(lines[0]).not.toContain('Secure');
    expect(lines[0]!.split('=')[0]).not.toBe(lines[1]!.split('=')[0]);
  });

  it('answers GET, POST and HEAD alike', async () => {
    const { first, clientId } = await begin();
    const post = await first.call('/authorize', {
      method: 'POST',
      body: authorizeQuery(clientId),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(post.status).toBe(200);
    expect(await post.text()).toContain('action="https://mcp.example.com/consent"');
    const head = await first.call(`/authorize?${authorizeQuery(clientId)}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('[C3] answers at the mount path and behind a proxy that strips it', async () => {
    const { first, clientId } = await begin({ publicUrl: 'https://mcp.example.com/team/a' });
    const query = authorizeQuery(clientId);
    for (const url of [
      `https://mcp.example.com/team/a/authorize?${query}`,
      `https://mcp.example.com/authorize?${query}`,
    ]) {
      const response = await first.call(url);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('action="https://mcp.example.com/team/a/consent"');
    }
  });

  it('[C2] takes requests without scope, resource, state or redirect_uri where nothing else is meant', async () => {
    const { ask } = await begin({}, { redirect_uris: [REDIRECT_URI] });
    const response = await ask({
      scope: undefined,
      resource: undefined,
      state: undefined,
      redirect_uri: undefined,
    });
    expect(await response.text()).toContain('mcp:read');
  });

  it('[G4] shows the known among the requested scopes, and the baseline for offline_access alone', async () => {
    const scopes = { 'mcp:read': 'Read', 'mcp:write': 'Write' };
    const { ask } = await begin({ scopes });
    const some = await (await ask({ scope: 'mcp:write unknown:scope offline_access' })).text();
    expect(some).toContain('mcp:write');
    expect(some).not.toContain('unknown:scope');
    expect(some).not.toContain('mcp:read');
    expect(await (await ask({ scope: 'offline_access' })).text()).toContain('mcp:read');
  });

  it('[RS-25] takes the spellings of a resource that clients really send', async () => {
    const { ask } = await begin();
    for (const resource of [
      'https://mcp.example.com/mcp',
      'HTTPS://MCP.EXAMPLE.COM/mcp',
      'https://mcp.example.com:443/mcp',
    ])
      expect((await ask({ resource })).status).toBe(200);
  });

  it('escapes every word a stranger chose', async () => {
    const evil = '"><script>alert(1)</script>';
    const { first } = await begin();
    const { client_id: clientId } = await register(first, {
      client_name: evil,
      redirect_uris: ["https://app.example.com/cb?x='%22%3E"],
    });
    const query = authorizeQuery(clientId, {
      redirect_uri: "https://app.example.com/cb?x='%22%3E",
      state: evil,
    });
    const html = await (await first.call(`/authorize?${query}`)).text();
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
  });
});

describe('an unproven client or redirect URI', () => {
  const pageWithoutRedirect = async (response: Response) => {
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).not.toContain('http-equiv="refresh"');
    expect(html).toMatch(/Incident <code>[0-9a-z]{10}<\/code>/);
    expect(html).toContain('What you can do');
    return html;
  };

  it('[AS-4][G7] is a page and never a redirect: the client', async () => {
    const { first, clientId } = await begin();
    for (const id of [
      'nobody',
      `${clientId}x`,
      clientId.slice(0, -1),
      clientId.toUpperCase(),
      'https://evil.example/client.json',
      `pcs1.${'A'.repeat(43)}`,
    ]) {
      const html = await pageWithoutRedirect(await first.call(`/authorize?${authorizeQuery(id)}`));
      expect(html).toContain('add it again');
    }
    await pageWithoutRedirect(
      await first.call(`/authorize?${authorizeQuery('x', { client_id: undefined })}`),
    );
  });

  it('[AS-4][AS-5][G7] is a page and never a redirect: the redirect URI', async () => {
    const { ask } = await begin(
      {},
      { redirect_uris: ['http://127.0.0.1/callback', 'https://app.example.com/cb', 'cursor://host/cb'] },
    );
    const wrong = [
      'http://localhost:4567/callback',
      'http://127.0.0.1:4567/callback/',
      'http://127.0.0.1:4567/Callback',
      'http://127.0.0.1:4567/callback?x=1',
      'http://127.0.0.1:4567/callback#f',
      'http://127.0.0.1:4567/x/../callback',
      'http://127.0.0.1:4567/%2e/callback',
      'http://user@127.0.0.1:4567/callback',
      'http://127.0.0.1:4567\\@evil.example/callback',
      'http://127.0.0.2/callback',
      'http://2130706433/callback',
      'https://127.0.0.1/callback',
      'https://app.example.com:8443/cb',
      'https://app.example.com.evil.example/cb',
      'https://app.example.com@evil.example/cb',
      'https://APP.example.com/cb',
      'http://app.example.com/cb',
      'cursor://host/cb2',
      'cursor://HOST/cb',
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.example/cb',
      '/callback',
      'x'.repeat(3000),
    ];
    for (const redirect_uri of wrong) await pageWithoutRedirect(await ask({ redirect_uri }));
    await pageWithoutRedirect(await ask({ redirect_uri: undefined }));
    for (const redirect_uri of [
      'http://127.0.0.1/callback',
      'http://127.0.0.1:1/callback',
      'https://app.example.com/cb',
      'cursor://host/cb',
    ])
      expect((await ask({ redirect_uri })).status).toBe(200);
  });

  it('is a page when either came twice', async () => {
    const { first, clientId } = await begin();
    const query = authorizeQuery(clientId);
    await pageWithoutRedirect(await first.call(`/authorize?${query}&client_id=${clientId}`));
    await pageWithoutRedirect(
      await first.call(`/authorize?${query}&redirect_uri=https%3A%2F%2Fevil.example`),
    );
  });

  it('is a page when the operator denies the client, its address, or all but others', async () => {
    const { first, open, clientId } = await begin();
    const query = authorizeQuery(clientId);
    expect((await first.call(`/authorize?${query}`)).status).toBe(200);
    for (const policy of [
      { deniedClients: [clientId] },
      { deniedRedirectUris: ['http://127.0.0.1:*'] },
      { allowedRedirectUris: ['https://app.example.com/cb'] },
    ]) {
      const strict = await open({ issuer: { signIns: [developmentSignIn()], policy } });
      await pageWithoutRedirect(await strict.call(`/authorize?${query}`));
    }
  });
});

describe('an error of a proven client', () => {
  it('[AS-6][AS-7][AS-21] goes to its address with error, state and iss', async () => {
    const { ask } = await begin({ resources });
    const proper = { resource: `${PUBLIC_URL}/mcp` };
    const cases: [Record<string, string | undefined>, string][] = [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_type: undefined }, 'invalid_request'],
      [{ response_mode: 'fragment' }, 'invalid_request'],
      [{ code_challenge: undefined }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ code_challenge_method: undefined }, 'invalid_request'],
      [{ code_challenge: 'short' }, 'invalid_request'],
      [{ scope: 'unknown:scope' }, 'invalid_scope'],
      [{ scope: 'bad"scope' }, 'invalid_scope'],
      [{ resource: 'https://mcp.example.com/third' }, 'invalid_target'],
      [{ resource: 'https://evil.example/mcp' }, 'invalid_target'],
      [{ resource: undefined }, 'invalid_target'],
      [{ request: 'eyJ' }, 'request_not_supported'],
      [{ request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
      [{ prompt: 'none' }, 'login_required'],
      [{ prompt: 'none login' }, 'invalid_request'],
    ];
    for (const [over, error] of cases) {
      const response = await ask({ ...proper, ...over });
      expect(response.status).toBe(303);
      expect({ over, ...errorOf(response) }).toEqual({
        over,
        to: REDIRECT_URI,
        error,
        state: 'state of the client',
        iss: PUBLIC_URL,
      });
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await ask(proper)).status).toBe(200);
  });

  it('[AS-21] goes there also when a parameter came twice; a state that came twice is not repeated', async () => {
    const { first, clientId } = await begin();
    const query = authorizeQuery(clientId, { scope: 'mcp:read' });
    expect(errorOf(await first.call(`/authorize?${query}&scope=mcp%3Aread`))).toMatchObject({
      error: 'invalid_request',
      state: 'state of the client',
    });
    expect(errorOf(await first.call(`/authorize?${query}&unknown=1&unknown=2`))).toMatchObject({
      error: 'invalid_request',
    });
    expect(errorOf(await first.call(`/authorize?${query}&state=b`))).toMatchObject({
      error: 'invalid_request',
      state: null,
    });
  });

  it('[AS-10] takes one resource, also when it is named twice, and no two', async () => {
    const { first, clientId } = await begin({ resources });
    const mcp = encodeURIComponent(`${PUBLIC_URL}/mcp`);
    const other = encodeURIComponent(`${PUBLIC_URL}/other`);
    const query = authorizeQuery(clientId);
    expect((await first.call(`/authorize?${query}&resource=${mcp}&resource=${mcp}`)).status).toBe(200);
    expect(errorOf(await first.call(`/authorize?${query}&resource=${mcp}&resource=${other}`))).toMatchObject({
      error: 'invalid_target',
    });
  });

  it('[E1] has an incident id that the log has too', async () => {
    const { ask, events } = await begin();
    const { searchParams } = new URL((await ask({ scope: 'unknown:scope' })).headers.get('location')!);
    const refused = events.findLast((event) => event.type === 'request.refused');
    expect(refused).toMatchObject({
      at: 'authorize',
      reason: 'authorization.scope',
      detail: { requested: ['unknown:scope'] },
    });
    expect(searchParams.get('error_description')).toContain(
      refused?.type === 'request.refused' ? refused.incident : '-',
    );
  });

  it('is not a login that a client without the code grant could start', async () => {
    const { first } = await begin();
    const response = await first.json('/register', {
      redirect_uris: [REDIRECT_URI],
      grant_types: ['refresh_token'],
    });
    expect(response.status).toBe(400);
  });
});

describe('a client whose record is in the store', () => {
  it('[S4] is a 503 page with a time to come back while the store is away, and no redirect', async () => {
    const { first, control } = await begin();
    const long = Array.from(
      { length: 20 },
      (_, i) => `https://app.example.com/a/rather/long/callback/path/${i}`,
    );
    const { client_id: clientId } = await register(first, { redirect_uris: long });
    const query = authorizeQuery(clientId, { redirect_uri: long[3] });
    expect((await first.call(`/authorize?${query}`)).status).toBe(200);
    control.outage = 'all';
    const response = await first.call(`/authorize?${query}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.get('location')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { formRequest, ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import {
  authorizeQuery,
  openHouse,
  PUBLIC_URL,
  REDIRECT_URI,
  register,
  type Server,
  scriptedSignIn,
  walkToProvider,
} from '../../auth.contract.ts';
import { Refusal } from '../../core/refusal.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';

const LOOPBACK = 'http://localhost:8000';

async function begin(over: Parameters<typeof openHouse>[0] = {}) {
  const house = await openHouse(over);
  const { client_id: clientId } = await register(house.first);
  const browser = new ScriptedBrowser(house.first.call);
  const page = (server: Server = house.first, walker = browser) =>
    walker.request(`${server.publicUrl}/authorize?${authorizeQuery(clientId)}`);
  return { ...house, clientId, browser, page };
}

const link = (html: string) =>
  new URL((/<a class="button main" href="([^"]*)"/.exec(html)?.[1] ?? 'x:').replaceAll('&amp;', '&'));
const writes = (calls: readonly string[]) =>
  calls.filter((call) => !call.startsWith('get ') && !call.startsWith('list '));

describe('the answer of a person to the consent page', () => {
  it('denied: goes back to the client with access_denied, state and iss, and stores nothing', async () => {
    const { page, browser, control, events } = await begin();
    const consent = await page();
    control.calls.length = 0;
    const { html, response } = await browser.submit(consent, { action: 'deny' });
    expect(response.status).toBe(200);
    const { searchParams, origin, pathname } = link(html);
    expect(origin + pathname).toBe(REDIRECT_URI);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'state of the client',
      iss: PUBLIC_URL,
    });
    expect(writes(control.calls)).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'consent.denied', redirectHost: '127.0.0.1' }),
    );
  });

  it('anything but "approve" is no approval', async () => {
    const { page, browser, control } = await begin();
    const consent = await page();
    control.calls.length = 0;
    for (const action of ['Approve', 'approve ', 'yes', '1']) {
      expect(link((await browser.submit(consent, { action })).html).searchParams.get('error')).toBe(
        'access_denied',
      );
    }
    const [url, init] = formRequest(consent, {});
    expect((await browser.request(url, init)).response.status).toBe(400);
    expect(writes(control.calls)).toEqual([]);
  });

  it('[G8] approved: stores one transaction of 10 minutes, and nothing about the client before somebody signed in', async () => {
    const { page, browser, control, store } = await begin();
    const consent = await page();
    control.calls.length = 0;
    await browser.submit(consent, { action: 'approve' });
    expect(writes(control.calls)).toEqual(['put transaction']);
    expect((await store.list('client')).keys).toEqual([]);
  });

  it('goes on to a redirect of each kind when denied, *.localhost included', async () => {
    const { first, browser } = await begin();
    const uris = [
      'https://app.example.com/cb',
      'https://app.localhost/cb',
      'http://[::1]/cb',
      'com.example.app:/cb',
      'cursor://host/cb?a=b',
    ];
    const { client_id: clientId } = await register(first, { redirect_uris: uris });
    for (const redirect_uri of uris) {
      const consent = await browser.request(
        `${PUBLIC_URL}/authorize?${authorizeQuery(clientId, { redirect_uri })}`,
      );
      const { html, response } = await browser.submit(consent, { action: 'deny' });
      expect({ redirect_uri, status: response.status }).toEqual({ redirect_uri, status: 200 });
      expect(link(html).href.startsWith(redirect_uri)).toBe(true);
    }
  });

  it('[G3] approving twice, in two tabs, works, over https and on loopback, on either replica', async () => {
    for (const publicUrl of [PUBLIC_URL, LOOPBACK]) {
      const { first, second, browser, page } = await begin({ publicUrl });
      const [tabOne, tabTwo] = [await page(), await page(second)];
      const sign = [];
      for (const tab of [tabTwo, tabOne]) sign.push(await browser.submit(tab, { action: 'approve' }));
      expect(sign.map(({ html }) => /name="person"/.test(html))).toEqual([true, true]);
      const done = [];
      for (const step of sign) done.push(await browser.submit(step, { person: 'alice' }));
      const codes = done.map(({ html }) => link(html).searchParams.get('code'));
      expect(new Set(codes.filter(Boolean)).size).toBe(2);
      expect(first.publicUrl).toBe(publicUrl);
    }
  });
});

describe('a form that somebody else sends', () => {
  it('[G3] is refused from another origin or another site, whatever else is right', async () => {
    const { page, browser } = await begin();
    const consent = await page();
    const [url, init] = formRequest(consent, { action: 'approve' });
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://mcp.example.com' },
      { origin: 'https://mcp.example.com:8443' },
      { origin: PUBLIC_URL, 'sec-fetch-site': 'cross-site' },
      { origin: PUBLIC_URL, 'sec-fetch-site': 'same-site' },
    ]) {
      const { response } = await browser.request(url, {
        ...init,
        headers: new Headers({ 'content-type': 'application/x-www-form-urlencoded', ...headers } as Record<
          string,
          string
        >),
      });
      expect({ headers, status: response.status }).toEqual({ headers, status: 403 });
    }
    const own = { ...init.headers, origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
    expect((await browser.request(url, { ...init, headers: own })).response.status).toBe(200);
  });

  it('[G3] is refused from another port of this machine', async () => {
    const { page, browser } = await begin({ publicUrl: LOOPBACK });
    const [url, init] = formRequest(await page(), { action: 'approve' });
    for (const origin of [
      'http://localhost:8001',
      'http://localhost',
      'https://localhost:8000',
      'http://127.0.0.1:8001',
    ]) {
      const { response } = await browser.request(url, { ...init, headers: { ...init.headers, origin } });
      expect({ origin, status: response.status }).toEqual({ origin, status: 403 });
    }
  });

  it('[G3][PX-5] is refused in a browser that was not shown the page', async () => {
    const { page, first } = await begin();
    const consent = await page();
    const [url, init] = formRequest(consent, { action: 'approve' });
    const stranger = new ScriptedBrowser(first.call);
    expect((await stranger.request(url, init)).response.status).toBe(403);
    // A cookie of its own helps nobody: the page is bound to another.
    await page(first, stranger);
    expect((await stranger.request(url, init)).response.status).toBe(403);
  });

  it('is refused after 10 minutes, changed, of another kind, or of another issuer', async () => {
    const { page, browser, clock, first } = await begin();
    const consent = await page();
    const [url, init] = formRequest(consent, { action: 'approve' });
    const send = async (body: URLSearchParams) =>
      (await browser.request(url, { ...init, body })).response.status;
    const sealed = (init.body as URLSearchParams).get('request')!;
    const fields = (request: string) => new URLSearchParams({ request, action: 'approve' });
    for (const at of [0, 10, sealed.length >> 1, sealed.length - 1]) {
      const flipped = sealed[at] === 'A' ? 'B' : 'A';
      const status = await send(fields(sealed.slice(0, at) + flipped + sealed.slice(at + 1)));
      expect(status).toBe(400);
    }
    for (const request of ['', 'A', '!', `${sealed}=`, sealed.slice(0, -4), 'A'.repeat(40_000)]) {
      expect(await send(fields(request))).toBe(400);
    }
    // The sealed value of the consent page is none of the sign-in form, and the other way round.
    const signIn = await browser.submit(consent, { action: 'approve' });
    const signInSealed = (formRequest(signIn, {})[1].body as URLSearchParams).get('request')!;
    expect(await send(fields(signInSealed))).toBe(400);
    const wrongForm = new URLSearchParams({ request: sealed, person: 'alice' });
    expect(
      (await browser.request(`${first.publicUrl}/sign-in`, { ...init, body: wrongForm })).response.status,
    ).toBe(400);
    clock.advance(600);
    const { response, html } = await browser.request(url, init);
    expect(response.status).toBe(400);
    expect(html).toContain('expired');
  });

  it('is refused when the operator has denied the client in the meantime', async () => {
    const { page, browser, open, clientId } = await begin();
    const [, init] = formRequest(await page(), { action: 'approve' });
    const strict = await open({
      issuer: {
        signIns: [developmentPeople({ people: [{ username: 'alice' }] })],
        policy: { deniedClients: [clientId] },
      },
    });
    const cookie = [...browser.cookies.values()]
      .flatMap((jar) => [...jar])
      .map((pair) => pair.join('='))
      .join('; ');
    const response = await strict.call('/consent', {
      ...init,
      headers: { ...init.headers, cookie, origin: PUBLIC_URL },
    });
    expect(response.status).toBe(400);
  });
});

describe('the chosen sign-in', () => {
  it('[PX-9] is one of those that are configured; a lonely one needs no choice', async () => {
    const [a, b] = [scriptedSignIn('one'), scriptedSignIn('two')];
    const { page, browser } = await begin({ issuer: { signIns: [a.signIn, b.signIn] } });
    const consent = await page();
    const [url, init] = formRequest(consent, { action: 'approve' });
    const body = new URLSearchParams(init.body as URLSearchParams);
    const choose = async (choice: string | undefined) => {
      body.delete('sign_in');
      if (choice !== undefined) body.set('sign_in', choice);
      return (await browser.request(url, { ...init, body })).response.status;
    };
    expect(await choose('three')).toBe(400);
    expect(await choose(undefined)).toBe(400);
    expect([a.asked.starts, b.asked.starts]).toEqual([0, 0]);
    expect(await choose('two')).toBe(200);
    expect([a.asked.starts, b.asked.starts]).toEqual([0, 1]);
  });

  it('[PX-5] gets a state of its own for every approval', async () => {
    const { signIn, asked } = scriptedSignIn();
    const { first, clientId } = await begin({ issuer: { signIns: [signIn] } });
    await walkToProvider(first, clientId);
    await walkToProvider(first, clientId);
    expect(new Set(asked.states).size).toBe(2);
    for (const state of asked.states) expect(state).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('[S4] is a 503 page while its provider or the store is away; the same page works afterwards', async () => {
    const { signIn } = scriptedSignIn();
    let away = true;
    const flaky = {
      ...signIn,
      async start(request: Parameters<typeof signIn.start>[0]) {
        if (away) throw new Refusal('sign-in.provider-unavailable', {}, { retryAfterSeconds: 7 });
        return signIn.start(request);
      },
    };
    const { page, browser, control } = await begin({ issuer: { signIns: [flaky] } });
    const consent = await page();
    const first = await browser.submit(consent, { action: 'approve' });
    expect([first.response.status, first.response.headers.get('retry-after')]).toEqual([503, '7']);
    away = false;
    control.outage = 'all';
    expect((await browser.submit(consent, { action: 'approve' })).response.status).toBe(503);
    control.outage = 'none';
    expect((await browser.submit(consent, { action: 'approve' })).response.status).toBe(200);
  });
});

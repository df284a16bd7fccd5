import { describe, expect, it } from 'vitest';
import { formRequest, ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import { authorizeQuery, openHouse, PUBLIC_URL, register } from '../../auth.contract.ts';

const LOOPBACK = 'http://localhost:8000';

async function begin(over: Parameters<typeof openHouse>[0] = {}) {
  const house = await openHouse(over);
  const { client_id: clientId } = await register(house.first);
  const browser = new ScriptedBrowser(house.first.call);
  const consent = await browser.request(`${house.first.publicUrl}/authorize?${authorizeQuery(clientId)}`);
  const chooser = await browser.submit(consent, { action: 'approve' });
  return { ...house, clientId, browser, chooser };
}

const codeOf = (html: string) => /[?&](?:amp;)?code=([A-Za-z0-9_-]{43})/.exec(html)?.[1];

describe('the sign-in form', () => {
  it('gives the client a code, once', async () => {
    const { browser, chooser, events } = await begin();
    const done = await browser.submit(chooser, { person: 'bob' });
    expect(codeOf(done.html)).toBeDefined();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'sign-in.completed', subject: 'bob', username: 'bob' }),
    );
    const again = await browser.submit(chooser, { person: 'bob' });
    expect([again.response.status, codeOf(again.html)]).toEqual([400, undefined]);
  });

  it('lets exactly one of 8 submits at once through', async () => {
    const { browser, chooser } = await begin();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => browser.submit(chooser, { person: 'alice' })),
    );
    expect(all.filter(({ html }) => codeOf(html)).length).toBe(1);
  });

  it('clears its cookie before a code leaves on plain-http loopback, and uses up the page', async () => {
    const { browser, chooser, first, clientId } = await begin({ publicUrl: LOOPBACK });
    const done = await browser.submit(chooser, { person: 'alice' });
    expect(done.response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^portcullis-[\w-]{11}=; .*Max-Age=0$/),
    ]);
    expect([...browser.cookies.values()].flatMap((jar) => [...jar.keys()])).toEqual([]);
    // No memory of the login: the next one starts at the consent page again.
    const next = await browser.request(`${first.publicUrl}/authorize?${authorizeQuery(clientId)}`);
    expect(next.html).toContain('name="action"');
  });

  it('knows nobody but the people of the list, and repeats no name', async () => {
    for (const person of ['mallory', 'ALICE', ' alice', '<b>x</b>']) {
      const { browser, chooser } = await begin();
      const { response, html } = await browser.submit(chooser, { person });
      expect([response.status, codeOf(html)]).toEqual([403, undefined]);
      expect(html).not.toContain('mallory');
    }
    const { browser, chooser } = await begin();
    const [url, init] = formRequest(chooser, { person: 'alice' });
    (init.body as URLSearchParams).append('person', 'bob');
    expect((await browser.request(url, init)).response.status).toBe(400);
  });

  it('[G3] belongs to one browser and one site', async () => {
    const { browser, chooser, first } = await begin();
    const [url, init] = formRequest(chooser, { person: 'alice' });
    expect((await new ScriptedBrowser(first.call).request(url, init)).response.status).toBe(403);
    const cross = { ...init.headers, origin: 'https://evil.example' };
    expect((await browser.request(url, { ...init, headers: cross })).response.status).toBe(403);
    expect(codeOf((await browser.request(url, init)).html)).toBeDefined();
  });

  it('expires after 10 minutes', async () => {
    const { browser, chooser, clock } = await begin();
    clock.advance(600);
    expect((await browser.submit(chooser, { person: 'alice' })).response.status).toBe(400);
  });

  it('[G2] answers no forwarded request', async () => {
    const { browser, chooser } = await begin();
    const [url, init] = formRequest(chooser, { person: 'alice' });
    for (const header of [
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-real-ip',
      'via',
      'x-forwarded-proto',
      'cf-connecting-ip',
    ]) {
      const headers = { ...init.headers, [header]: '192.0.2.1' };
      expect((await browser.request(url, { ...init, headers })).response.status).toBe(403);
    }
  });

  it('[S4] is 503 while the store is away, and the same form works afterwards', async () => {
    const { browser, chooser, control } = await begin();
    control.outage = 'all';
    const { response } = await browser.submit(chooser, { person: 'alice' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    control.outage = 'none';
    expect(codeOf((await browser.submit(chooser, { person: 'alice' })).html)).toBeDefined();
  });

  it('notes the client when somebody signed in: from then on it can be listed', async () => {
    const { browser, chooser, store, clientId } = await begin();
    expect((await store.list('client')).keys).toEqual([]);
    await browser.submit(chooser, { person: 'alice' });
    expect((await store.list('client')).keys).toEqual([clientId]);
    expect(PUBLIC_URL).toBe('https://mcp.example.com');
  });
});

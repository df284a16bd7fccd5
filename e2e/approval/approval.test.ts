import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, type PlainClient, plainClient } from '../clients/plain-client.ts';
import { type BrowserStep, formRequest, ScriptedBrowser } from '../clients/scripted-browser.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

let server: RunningPortcullis;
let client: PlainClient;
let registered: Client;
beforeAll(async () => {
  server = await startPortcullis({
    movableClock: true,
    env: { PORTCULLIS_SCOPES_SUPPORTED: 'mcp:read mcp:write' },
  });
  client = plainClient(server.url);
  registered = await client.register();
});

const consentAt = async (
  browser: ScriptedBrowser,
  url = client.authorizationUrl(registered),
): Promise<BrowserStep> => {
  const step = await browser.request(url);
  expect(step.response.status).toBe(200);
  expect(step.html).toMatch(/name="action"/);
  return step;
};

/** Is this a page that says no, and leads nowhere? */
function expectRefused({ response, html }: BrowserStep, reason?: RegExp): void {
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.headers.get('location')).toBeNull();
  expect(html).not.toMatch(/http-equiv="refresh"|[?&]code=/);
  expect(html).toMatch(/Incident <code>/);
  if (reason) expect(html).toMatch(reason);
}

/** The link that a page continues to. */
const continued = ({ html }: BrowserStep) => /href="([^"]*[?&;]code=[^"]*)"/.exec(html)?.[1];

describe('the browser that approves', () => {
  it('[G3, PX-5] is the only one that can: a form that was carried to another is refused', async () => {
    const [victim, attacker] = [new ScriptedBrowser(), new ScriptedBrowser()];
    const step = await consentAt(attacker);
    const [url, init] = formRequest(step, { action: 'approve' });
    expectRefused(await victim.request(url, init), /another browser|cookies/);
    // A browser with a login of its own under way is another one too.
    await consentAt(victim);
    expectRefused(await victim.request(url, init), /another browser|cookies/);
  });

  it('[G3, PX-5] is the only one that signs in: the sign-in form of another is refused', async () => {
    const [victim, attacker] = [new ScriptedBrowser(), new ScriptedBrowser()];
    const signIn = await attacker.submit(await consentAt(attacker), { action: 'approve' });
    expect(signIn.html).toMatch(/name="person"/);
    const [url, init] = formRequest(signIn, { person: 'bob' });
    await consentAt(victim);
    expectRefused(await victim.request(url, init), /another browser|cookies/);
    // It was not used up by that.
    expect(continued(await attacker.request(url, init))).toBeDefined();
  });

  it('[PX-5] can use an approval once', async () => {
    const browser = new ScriptedBrowser();
    const signIn = await browser.submit(await consentAt(browser), { action: 'approve' });
    const cookies = new Map([...browser.cookies].map(([host, jar]) => [host, new Map(jar)]));
    const request = formRequest(signIn, { person: 'bob' });
    expect(continued(await browser.request(...request))).toBeDefined();
    // With the cookies it had before: a thief of cookies and form comes too late.
    for (const [host, jar] of cookies) browser.cookies.set(host, jar);
    expectRefused(await browser.request(...request), /expired/);
  });

  it('[G3] may have two tabs open, and approve in both', async () => {
    const browser = new ScriptedBrowser();
    const tabs = [
      await consentAt(browser),
      await consentAt(browser, client.authorizationUrl(registered, { state: 'second' })),
    ];
    const signIns = [];
    for (const tab of tabs.reverse()) signIns.push(await browser.submit(tab, { action: 'approve' }));
    const ends = [];
    for (const step of signIns) ends.push(continued(await browser.submit(step, { person: 'alice' })));
    expect(ends[0]).toContain('state=second');
    expect(ends[1]).toContain('state=state-of-the-client');
  });

  it('[G3, AS-17] is asked again each time, for whatever it approved before', async () => {
    const browser = new ScriptedBrowser();
    for (const fields of [{}, {}, { scope: 'mcp:read mcp:write' }, { prompt: 'consent' }]) {
      await consentAt(browser, client.authorizationUrl(registered, fields));
      await browser.walk(client.authorizationUrl(registered, fields));
    }
    const other = await client.register({
      redirect_uris: ['http://127.0.0.1/elsewhere'],
      client_name: 'Plain client',
    });
    await consentAt(browser, client.authorizationUrl(other));
  });

  it('[PX-5, AS-17] has ten minutes', async () => {
    const browser = new ScriptedBrowser();
    const early = await consentAt(browser);
    await server.advance(590);
    const signIn = await browser.submit(early, { action: 'approve' });
    expect(signIn.html).toMatch(/name="person"/);
    const late = await consentAt(browser);
    await server.advance(611);
    expectRefused(await browser.submit(late, { action: 'approve' }));
    expectRefused(await browser.submit(signIn, { person: 'alice' }));
  });
});

describe('a form of ours', () => {
  const ELSEWHERE: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];

  it.each(ELSEWHERE)('[AS-17, PX-2] that another page sends is refused: %o', async (headers) => {
    const browser = new ScriptedBrowser();
    const [url, init] = formRequest(await consentAt(browser), { action: 'approve' });
    expectRefused(
      await browser.request(url, { ...init, headers: { ...init.headers, ...headers } }),
      /another site/,
    );
  });

  it('[G3, PX-4] that was changed is refused', async () => {
    const browser = new ScriptedBrowser();
    const [url, init] = formRequest(await consentAt(browser), { action: 'approve' });
    const body = init.body as URLSearchParams;
    const sealed = body.get('request') ?? '';
    const middle = Math.floor(sealed.length / 2);
    const flipped = sealed[middle] === 'A' ? 'B' : 'A';
    for (const wrong of [
      sealed.slice(0, middle) + flipped + sealed.slice(middle + 1),
      `${sealed}AAAA`,
      '',
      'x',
    ]) {
      const changed = new URLSearchParams(body);
      changed.set('request', wrong);
      expectRefused(await browser.request(url, { ...init, body: changed }));
    }
  });

  it('[G3, PX-1] is not taken for another one: whoever did not approve can not sign in', async () => {
    const browser = new ScriptedBrowser();
    const [, init] = formRequest(await consentAt(browser), { person: 'alice' });
    expectRefused(await browser.request(`${server.url}/sign-in`, init));
  });

  it('[PX-3] is bound by a cookie that scripts can not read and that ends with the login', async () => {
    const browser = new ScriptedBrowser();
    const step = await consentAt(browser);
    const [cookie = ''] = step.response.headers.getSetCookie();
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Max-Age=600/);
    const signIn = await browser.submit(step, { action: 'approve' });
    const last = await browser.submit(signIn, { person: 'alice' });
    expect(last.response.headers.getSetCookie().join()).toMatch(/Max-Age=0/);
    expect([...browser.cookies.values()].every((jar) => jar.size === 0)).toBe(true);
  });
});

describe('the pages', () => {
  const stranger = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202Eevil';

  async function pages(): Promise<BrowserStep[]> {
    const by = await client.register({
      client_name: `${stranger}${'x'.repeat(500)}`,
      redirect_uris: ['https://app.example.com/cb'],
    });
    const browser = new ScriptedBrowser();
    const consent = await consentAt(browser, client.authorizationUrl(by, { state: stranger }));
    const signIn = await browser.submit(consent, { action: 'approve' });
    const last = await browser.submit(signIn, { person: 'alice' });
    const error = await browser.request(`${server.url}/authorize?client_id=${encodeURIComponent(stranger)}`);
    const landing = await browser.request(`${server.url}/`);
    return [consent, signIn, last, error, landing];
  }

  it('[G11, PX-2, AS-17, AS-18] can not be framed, run nothing, load nothing, and are kept nowhere', async () => {
    for (const { response, url } of await pages()) {
      const policy = response.headers.get('content-security-policy') ?? '';
      expect({ url, policy }).toEqual({ url, policy: expect.stringContaining("frame-ancestors 'none'") });
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toMatch(/unsafe|script-src|\*/);
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/);
      expect(response.headers.get('cache-control')).toContain('no-store');
    }
  });

  it('[G11] escape every word of a stranger', async () => {
    for (const { html } of await pages()) {
      expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/i);
      expect(html).not.toContain('\u202E');
      expect(html).not.toMatch(/\s(?:src|on\w+)="/i);
    }
  });

  it('[G11, PX-2] show where the access goes, and quote the name as not verified and short', async () => {
    const [consent] = await pages();
    expect(consent?.html).toMatch(/<p class="host"><bdi>app\.<wbr>example\.<wbr>com<wbr><\/bdi><\/p>/);
    expect(consent?.html).toContain('https://app.example.com/cb');
    expect(consent?.html).toContain(server.mcpUrl);
    expect(consent?.html).toContain('not verified');
    const name = /calls itself “<bdi>([^<]*)<\/bdi>/.exec(consent?.html ?? '')?.[1] ?? '';
    expect(name.replaceAll(/&[a-z0-9#]+;/g, '.').length).toBeLessThanOrEqual(64);
  });

  it('[AS-18] follow a form with a page or a 303, never with the form', async () => {
    const browser = new ScriptedBrowser();
    const signIn = await browser.submit(await consentAt(browser), { action: 'approve' });
    const last = await browser.submit(signIn, { person: 'alice' });
    for (const { response } of [signIn, last]) expect([200, 303]).toContain(response.status);
    const denied = await browser.submit(await consentAt(browser), { action: 'deny' });
    expect([200, 303]).toContain(denied.response.status);
  });

  it('[E2] tell a person what to do when the application is unknown', async () => {
    const { html, response } = await new ScriptedBrowser().request(
      client.authorizationUrl({ id: 'gone', redirectUri: 'http://localhost/' }),
    );
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(html).toMatch(/Remove this server from the application, and add it again/);
  });

  it('[G3] of the login store nothing before somebody approved', async () => {
    const fresh = await startPortcullis({ state: 'state' });
    const own = plainClient(fresh.url);
    const by = await own.register();
    const files = () => readdirSync(`${fresh.home}/state`, { recursive: true }).length;
    const before = files();
    for (let round = 0; round < 50; round += 1)
      await new ScriptedBrowser().request(own.authorizationUrl(by, { state: String(round) }));
    expect(files()).toBe(before);
    await fresh.stop();
  });
});

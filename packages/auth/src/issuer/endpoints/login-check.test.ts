import { describe, expect, it } from 'vitest';
import {
  type BrowserStep,
  formRequest,
  ScriptedBrowser,
} from '../../../../../e2e/clients/scripted-browser.ts';
import {
  authorizeQuery,
  type HouseOptions,
  openHouse,
  type ProviderScript,
  PUBLIC_URL,
  REDIRECT_URI,
  register,
  scriptedSignIn,
  type Tokens,
  VERIFIER,
  walkToProvider,
} from '../../auth.contract.ts';
import { createAuth } from '../../auth.ts';
import { Refusal } from '../../core/refusal.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';
import type { Verifier } from '../../verify/verifier.ts';

const CHECK = `${PUBLIC_URL}/login-check`;
const LOOPBACK = 'http://localhost:8000';

async function begin(script: Partial<ProviderScript> = {}, over: HouseOptions = {}) {
  const idp = scriptedSignIn('idp', script);
  const house = await openHouse({ issuer: { signIns: [idp.signIn] }, ...over });
  const browser = new ScriptedBrowser(house.first.call);
  const start = await browser.request(`${house.first.publicUrl}/login-check`);
  return { ...house, ...idp, browser, start };
}

/** The address at the provider that a page leads to. */
const askedOf = ({ html }: BrowserStep) =>
  new URL((/<a class="button main" href="([^"]*)"/.exec(html)?.[1] ?? 'x:').replaceAll('&amp;', '&'))
    .searchParams;

const stateOf = (onward: BrowserStep) => askedOf(onward).get('state') ?? '';

const backFrom = (
  browser: ScriptedBrowser,
  state: string,
  more: Record<string, string> = { code: 'c' },
  callback = `${PUBLIC_URL}/auth/callback`,
) => browser.request(`${callback}?${new URLSearchParams({ state, ...more })}`);

/** As far as the provider. */
async function atProvider(script: Partial<ProviderScript> = {}, over: HouseOptions = {}) {
  const begun = await begin(script, over);
  const onward = await begun.browser.submit(begun.start, {});
  const state = stateOf(onward);
  return {
    ...begun,
    onward,
    state,
    comeBack: (more?: Record<string, string>) => backFrom(begun.browser, state, more),
  };
}

const incidentOf = ({ response }: BrowserStep) => response.headers.get('x-incident-id');
const kinds = ['transaction', 'code', 'session', 'upstream-tokens', 'client'] as const;

describe('a login check', () => {
  it('begins with a page that does nothing, and with a button', async () => {
    const { start, asked, store } = await begin();
    expect(start.response.status).toBe(200);
    expect(start.html).toContain('<strong>Sign in at idp</strong>');
    expect(start.html).not.toContain('type="radio"');
    expect(asked.starts).toBe(0);
    expect((await store.list('transaction')).keys).toEqual([]);
  });

  it('ends with who one is, by whom, with what, as whom in the database; and nothing is kept', async () => {
    const identity = {
      issuer: 'https://idp.example',
      subject: '00u1<b>',
      name: 'Alice <i>',
      email: 'alice@example.com',
      emailVerified: true,
      groups: ['staff', 'r&d'],
      username: 'ALICE',
      usernameRule: 'claim:db_user',
    };
    const upstream = { accessToken: 'upstream-access', refreshToken: 'upstream-refresh' };
    const { comeBack, asked, events, store } = await atProvider({
      finish: async () => ({ identity, upstream }),
    });
    const { response, html } = await comeBack();
    expect(response.status).toBe(200);
    expect(html).toContain('<bdi>Alice &lt;i&gt;</bdi>');
    expect(html).toMatch(/alice@example\.com<\/bdi> <span class="muted">verified/);
    expect(html).toContain('<bdi>Sign in at idp</bdi>');
    expect(html).toContain('<code>00u1&lt;b&gt;</code>');
    expect(html).toContain('<bdi>staff</bdi>, <bdi>r&amp;d</bdi>');
    expect(html).toMatch(/<bdi>ALICE<\/bdi><\/strong> <span class="muted">by the rule <code>claim:db_user/);
    expect(html).toContain('<code>mcp:read</code>');
    expect(html).not.toContain('upstream-');
    expect(asked.revoked).toEqual(['upstream-refresh']);
    for (const kind of kinds) expect((await store.list(kind)).keys).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'login-check.completed', signIn: 'idp', username: 'ALICE' }),
    );
    expect(JSON.stringify(events)).not.toContain('upstream-access');
  });

  it('says so when there is no name in the database, and when the e-mail address is not verified', async () => {
    const identity = { issuer: 'https://idp.example', subject: 's', email: 'a@example.com' };
    const { comeBack } = await atProvider({ finish: async () => ({ identity }) });
    const { html } = await comeBack();
    expect(html).toContain('none: no rule of this server');
    expect(html).toContain('You have no name in the database');
    expect(html).toContain('<span class="tag">not verified</span>');
  });

  it('[S6] revokes nothing while the person has a session through the same sign-in, and what it can not know', async () => {
    const idp = scriptedSignIn('idp');
    const other = scriptedSignIn('other');
    const house = await openHouse({ issuer: { signIns: [idp.signIn, other.signIn] } });
    const { first, asked, control } = { ...house, asked: idp.asked };
    const checked = async () => {
      const browser = new ScriptedBrowser(first.call);
      const onward = await browser.submit(await browser.request(CHECK), {});
      return (await backFrom(browser, stateOf(onward))).response.status;
    };
    const { client_id: clientId } = await register(first);
    const walked = await walkToProvider(first, clientId, 'idp');
    const answer = new URL((await walked.callback()).response.headers.get('location')!);
    const fields = {
      grant_type: 'authorization_code',
      code: answer.searchParams.get('code')!,
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      code_verifier: VERIFIER,
    };
    const { refresh_token } = (await (await first.form('/token', fields)).json()) as Tokens;
    expect([await checked(), asked.revoked]).toEqual([200, []]);
    control.outage = (method) => method === 'list';
    expect([await checked(), asked.revoked]).toEqual([200, []]);
    control.outage = 'none';
    await first.form('/revoke', { token: refresh_token, client_id: clientId });
    expect(asked.revoked).toHaveLength(1);
    expect([await checked(), asked.revoked.length]).toEqual([200, 2]);
  });

  it('is as good when the provider does not take its tokens back', async () => {
    const { signIn } = scriptedSignIn('idp');
    const revoke = async () => Promise.reject(new Error('broken'));
    const house = await openHouse({ issuer: { signIns: [{ ...signIn, revoke }] } });
    const browser = new ScriptedBrowser(house.first.call);
    const onward = await browser.submit(await browser.request(CHECK), {});
    expect((await backFrom(browser, stateOf(onward))).response.status).toBe(200);
    expect(house.events).toContainEqual(expect.objectContaining({ type: 'notice' }));
  });

  it('asks on a page of our own where people are chosen there', async () => {
    const house = await openHouse({ publicUrl: LOOPBACK });
    const browser = new ScriptedBrowser(house.first.call);
    const chooser = await browser.submit(await browser.request(`${LOOPBACK}/login-check`), {});
    const done = await browser.submit(chooser, { person: 'bob' });
    expect(done.response.status).toBe(200);
    expect(done.html).toMatch(/<bdi>bob<\/bdi><\/strong> <span class="muted">by the rule <code>development/);
    // On loopback each page has its own cookie, and it is used up.
    expect([...browser.cookies.values()].flatMap((jar) => [...jar.keys()])).toEqual([]);
    const again = await browser.submit(chooser, { person: 'bob' });
    expect([again.response.status, again.html.includes('Start again')]).toEqual([403, true]);
    const unknown = await browser.submit(
      await browser.submit(await browser.request(`${LOOPBACK}/login-check`), {}),
      { person: '<b>mallory' },
    );
    expect([unknown.response.status, unknown.html.includes('mallory')]).toEqual([403, false]);
    expect(unknown.html).toContain('<strong>Letting you in</strong>');
  });

  it('lets the person choose among several sign-ins', async () => {
    const other = scriptedSignIn('other');
    const people = developmentPeople({ people: [{ username: 'carol' }] });
    const mine = scriptedSignIn('idp');
    const house = await openHouse({ issuer: { signIns: [mine.signIn, other.signIn, people] } });
    const browser = new ScriptedBrowser(house.first.call);
    const start = await browser.request(CHECK);
    expect(start.html.match(/type="radio"/g)).toHaveLength(3);
    const [url, init] = formRequest(start, {});
    (init.body as URLSearchParams).set('sign_in', 'other');
    const onward = await browser.request(url, init);
    const callback = askedOf(onward).get('redirect_uri') ?? undefined;
    const done = await backFrom(browser, stateOf(onward), { code: 'c' }, callback);
    expect(done.html).toContain('<bdi>Sign in at other</bdi>');
    expect([mine.asked.finishes, other.asked.finishes]).toEqual([0, 1]);
    (init.body as URLSearchParams).set('sign_in', 'none of them');
    expect((await browser.request(url, init)).response.status).toBe(400);
  });

  it('is nowhere where tokens come from elsewhere, and says so', async () => {
    const verifier: Verifier = {
      name: 'nobody',
      recognizes: () => false,
      verify: async () => Promise.reject(new Error('never asked')),
    };
    const auth = await createAuth({ publicUrl: PUBLIC_URL, verifiers: [verifier] });
    const response = await auth.handle(new Request(CHECK, { headers: { host: new URL(CHECK).host } }));
    expect([response?.status, response?.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    expect(await response?.text()).toContain('Nobody signs in at this server');
  });
});

describe('what a login check is bound to', () => {
  it('[PX-5] one use: a reload of the result says to start again', async () => {
    const { comeBack, asked } = await atProvider();
    expect((await comeBack()).response.status).toBe(200);
    const again = await comeBack();
    expect(again.response.status).toBe(400);
    expect(again.html).toContain(`<a class="button main" href="${CHECK}">Start again</a>`);
    expect(again.html).toContain('<h1>This check is over</h1>');
    expect(again.html).toContain(incidentOf(again));
    expect(asked.finishes).toBe(1);
  });

  it('[PX-5] one use among 8 at once, over two replicas', async () => {
    const { browser, state, asked, servers } = await atProvider();
    const cookie = [...browser.cookies.values()]
      .flatMap((jar) => [...jar])
      .map((pair) => pair.join('='))
      .join('; ');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        servers[i % 2]!.call(`/auth/callback?state=${state}&code=x`, { headers: { cookie } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400, 400, 400]);
    expect(asked.finishes).toBe(1);
  });

  it('[G3] one browser: a stranger gets nothing, and uses nothing up', async () => {
    const { first, state, comeBack, asked, start, browser } = await atProvider();
    const stranger = new ScriptedBrowser(first.call);
    expect((await backFrom(stranger, state)).response.status).toBe(403);
    // A victim that was sent here has a cookie of its own.
    await stranger.request(CHECK);
    expect((await backFrom(stranger, state)).response.status).toBe(403);
    expect((await stranger.request(...formRequest(start, {}))).response.status).toBe(403);
    expect(asked.finishes).toBe(0);
    expect((await comeBack()).response.status).toBe(200);
    expect(browser.cookies.size).toBe(1);
  });

  it('[G3] one site: a form from elsewhere begins nothing', async () => {
    const { browser, start, store, asked } = await begin();
    const [url, init] = formRequest(start, {});
    for (const [name, value] of [
      ['origin', 'https://evil.example'],
      ['origin', 'null'],
      ['sec-fetch-site', 'cross-site'],
      ['origin', `${PUBLIC_URL}:8443`],
    ] as const) {
      const headers = new Headers(init.headers);
      headers.set(name, value);
      const { response, html } = await browser.request(url, { ...init, headers });
      expect([response.status, html.includes('another site')]).toEqual([403, true]);
    }
    expect((await store.list('transaction')).keys).toEqual([]);
    expect(asked.starts).toBe(0);
  });

  it('10 minutes, on the page and at the provider', async () => {
    const { browser, start, state, clock } = await atProvider();
    clock.advance(600);
    expect((await browser.submit(start, {})).response.status).toBe(400);
    expect((await backFrom(browser, state)).response.status).toBe(400);
  });

  it('its own tab: two at once both end', async () => {
    const house = await openHouse({ publicUrl: LOOPBACK });
    const browser = new ScriptedBrowser(house.first.call);
    const tabs = [];
    for (const person of ['alice', 'bob']) {
      const start = await browser.request(`${LOOPBACK}/login-check`);
      tabs.push({ person, page: await browser.submit(start, {}) });
    }
    for (const { person, page } of tabs.reverse())
      expect((await browser.submit(page, { person })).html).toContain(`<bdi>${person}</bdi>`);
  });

  it('forms that are far too large, or no forms of ours, begin nothing', async () => {
    const { browser, store } = await begin();
    const post = (body: URLSearchParams) => browser.request(CHECK, { method: 'POST', body });
    for (const [request, status] of [
      ['x'.repeat(33_000), 400],
      ['x'.repeat(70_000), 413],
      ['', 400],
      ['AAAA', 400],
    ] as const)
      expect((await post(new URLSearchParams({ request }))).response.status).toBe(status);
    expect((await store.list('transaction')).keys).toEqual([]);
  });
});

describe('a login check and a client', () => {
  it('[G3] a check never gives a code, whatever its state is made to look like', async () => {
    const { browser, state, store, asked } = await atProvider();
    expect(state).toMatch(/^check\.[\w-]{22}$/);
    const disguised = await backFrom(browser, state.slice('check.'.length));
    expect([disguised.response.status, disguised.response.headers.get('location')]).toEqual([400, null]);
    expect(asked.finishes).toBe(0);
    const { response } = await backFrom(browser, state);
    expect([response.status, response.headers.get('location')]).toEqual([200, null]);
    expect((await store.list('code')).keys).toEqual([]);
  });

  it('[G3] what a client began never shows who one is, and is still good for the client', async () => {
    const { first, asked } = await begin();
    const { client_id: clientId } = await register(first);
    const walked = await walkToProvider(first, clientId);
    const disguised = await walked.callback({ state: `check.${walked.state}`, code: 'c' });
    expect([disguised.response.status, disguised.html.includes('alice')]).toEqual([400, false]);
    expect(asked.finishes).toBe(0);
    expect((await walked.callback()).response.headers.get('location')).toMatch(/[?&]code=/);
  });

  it('[G3] the form of one is not taken for the form of the other', async () => {
    const house = await openHouse();
    const { client_id: clientId } = await register(house.first);
    const browser = new ScriptedBrowser(house.first.call);
    const consent = await browser.request(`${PUBLIC_URL}/authorize?${authorizeQuery(clientId)}`);
    const people = await browser.submit(consent, { action: 'approve' });
    const start = await browser.request(CHECK);
    const checkPeople = await browser.submit(start, {});
    const sealedOf = (step: BrowserStep) =>
      (formRequest(step, {})[1].body as URLSearchParams).get('request')!;
    for (const [path, wrong] of [
      ['/login-check', [consent, people, checkPeople]],
      ['/login-check/sign-in', [consent, people, start]],
      ['/consent', [people, start, checkPeople]],
      ['/sign-in', [consent, start, checkPeople]],
    ] as const) {
      for (const step of wrong) {
        const body = new URLSearchParams({ request: sealedOf(step), person: 'alice', action: 'approve' });
        const { response, html } = await browser.request(PUBLIC_URL + path, { method: 'POST', body });
        expect([path, response.status, /code=|<bdi>alice/.test(html)]).toEqual([path, 400, false]);
      }
    }
    expect((await browser.submit(checkPeople, { person: 'alice' })).html).toContain('<bdi>alice</bdi>');
    expect((await browser.submit(people, { person: 'alice' })).html).toMatch(/code=/);
  });
});

describe('a login check that fails', () => {
  const failing = (reason: ConstructorParameters<typeof Refusal>[0], detail = {}) => ({
    finish: async () => {
      throw new Refusal(reason, detail, { retryAfterSeconds: 9 });
    },
  });

  it.each([
    ['sign-in.refused-by-provider', 'authorization', 403, 'Signing in at Sign in at idp', null],
    ['sign-in.provider-unavailable', 'userinfo', 503, 'Asking Sign in at idp who you are', '9'],
    ['sign-in.provider-misconfigured', 'code-exchange', 503, 'Exchanging the code for tokens at', '9'],
    ['sign-in.provider-answer', 'keys', 403, 'Reading the keys of', null],
    ['sign-in.provider-answer', 'toString', 403, 'Signing in at', null],
    ['sign-in.unknown-person', undefined, 403, 'Letting you in', null],
    ['store.unavailable', undefined, 503, 'Reading the state of this server', '9'],
  ] as const)(
    'names the step and the reason: %s at %s',
    async (reason, operation, status, step, retryAfter) => {
      const { comeBack, events } = await atProvider(failing(reason, { operation }));
      const failed = await comeBack();
      expect([failed.response.status, failed.response.headers.get('retry-after')]).toEqual([
        status,
        retryAfter,
      ]);
      expect(failed.html).toContain(`<dd><strong>${step}`);
      expect(failed.html).toContain(`<code>${incidentOf(failed)}</code>`);
      expect(failed.html).toContain('Start again');
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'request.refused',
          at: 'login-check',
          reason,
          incident: incidentOf(failed),
        }),
      );
    },
  );

  it('shows what the provider said as text, and nothing else of what the log knows', async () => {
    const error = '<script>alert(1)</script>';
    const detail = {
      operation: 'code-exchange',
      error,
      description: '"><img src=x>',
      why: 'internal.example',
      seen: 'x',
    };
    const { comeBack } = await atProvider(failing('sign-in.provider-misconfigured', detail));
    const { html } = await comeBack();
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;: &quot;&gt;&lt;img src=x&gt;');
    expect(html).not.toMatch(/<script|<img|internal\.example/);
  });

  it('is what it is when the browser brings an error: nothing of the address is shown', async () => {
    const { comeBack } = await atProvider();
    const { response, html } = await comeBack({ error: 'access_denied', error_description: '<b>evil' });
    expect([response.status, html.includes('evil')]).toEqual([403, false]);
    expect(html).toContain('The identity provider refused');
  });

  it('is a page, and 503, when something of ours breaks', async () => {
    const { comeBack } = await atProvider({
      finish: async () => Promise.reject(new Error('secret detail')),
    });
    const { response, html } = await comeBack();
    expect([response.status, html.includes('Inside this server'), html.includes('secret')]).toEqual([
      503,
      true,
      false,
    ]);
  });

  it('[S4] names the provider that can not even be started', async () => {
    const { signIn } = scriptedSignIn('idp');
    const start = async () =>
      Promise.reject(new Refusal('sign-in.provider-unavailable', { operation: 'discovery' }));
    const house = await openHouse({ issuer: { signIns: [{ ...signIn, start }] } });
    const browser = new ScriptedBrowser(house.first.call);
    const { response, html } = await browser.submit(await browser.request(CHECK), {});
    expect([response.status, html.includes('Reading the addresses of Sign in at idp')]).toEqual([503, true]);
  });

  it('[S4] is 503 while the store is away, and goes on afterwards', async () => {
    const { comeBack, control } = await atProvider();
    control.outage = 'all';
    expect((await comeBack()).response.status).toBe(503);
    control.outage = 'none';
    expect((await comeBack()).response.status).toBe(200);
  });
});

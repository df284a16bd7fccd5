import { describe, expect, it } from 'vitest';
import { ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import {
  openHouse,
  PUBLIC_URL,
  REDIRECT_URI,
  register,
  scriptedSignIn,
  walkToProvider,
} from '../../auth.contract.ts';
import { Refusal } from '../../core/refusal.ts';

async function begin(script: Parameters<typeof scriptedSignIn>[1] = {}, publicUrl = PUBLIC_URL) {
  const idp = scriptedSignIn('idp', script);
  const house = await openHouse({ publicUrl, issuer: { signIns: [idp.signIn] } });
  const { client_id: clientId } = await register(house.first);
  return { ...house, ...idp, clientId, ...(await walkToProvider(house.first, clientId)) };
}

const target = (response: Response) => new URL(response.headers.get('location') ?? 'none:');

describe('the return from the provider', () => {
  it('[AS-7][AS-8] sends the browser to the client with code, state and iss, by 303', async () => {
    const { callback, clientId, events } = await begin();
    const { response } = await callback();
    expect(response.status).toBe(303);
    const { origin, pathname, searchParams } = target(response);
    expect(origin + pathname).toBe(REDIRECT_URI);
    expect(searchParams.getAll('state')).toEqual(['state of the client']);
    expect(searchParams.get('iss')).toBe(PUBLIC_URL);
    expect(searchParams.get('code')).toMatch(/^[\w-]{43}$/);
    expect(events).toContainEqual(expect.objectContaining({ type: 'sign-in.completed', signIn: 'idp' }));
    expect(JSON.stringify(events)).not.toContain('upstream-access');
    expect(clientId).toContain('pc1.');
  });

  it('[PX-5] is taken once', async () => {
    const { callback, asked } = await begin();
    expect((await callback()).response.status).toBe(303);
    expect((await callback()).response.status).toBe(400);
    expect(asked.finishes).toBe(1);
  });

  it('[PX-5] is taken by one of 8 at once, over two replicas', async () => {
    const { browser, state, asked, servers } = await begin();
    const cookie = [...browser.cookies.values()]
      .flatMap((jar) => [...jar])
      .map((pair) => pair.join('='))
      .join('; ');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        servers[i % 2]!.call(`/auth/callback?state=${state}&code=x`, { headers: { cookie } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
    expect(asked.finishes).toBe(1);
  });

  it('[G3][PX-5] is refused in a browser that did not approve, and still good in the one that did', async () => {
    const { callback, state, first, asked, clientId } = await begin();
    const stranger = new ScriptedBrowser(first.call);
    const url = `${PUBLIC_URL}/auth/callback?state=${state}&code=x`;
    expect((await stranger.request(url)).response.status).toBe(403);
    // The victim of a login CSRF has a cookie of its own, from a page of its own.
    const other = await walkToProvider(first, clientId);
    expect((await other.browser.request(url)).response.status).toBe(403);
    expect(asked.finishes).toBe(0);
    expect((await callback()).response.status).toBe(303);
  });

  it('[PX-5] is refused without a state, with an unknown one, and after 10 minutes', async () => {
    const { callback, state, clock, asked } = await begin();
    for (const query of [
      { code: 'x' },
      { state: '', code: 'x' },
      { state: 'A'.repeat(22) },
      { state: 'short' },
      { state: `${state}x` },
      { state: '../..' },
    ]) {
      expect((await callback(query as Record<string, string>)).response.status).toBe(400);
    }
    clock.advance(600);
    expect((await callback()).response.status).toBe(400);
    expect(asked.finishes).toBe(0);
  });

  it('bounces form_post to a GET, since a cross-site POST brings no cookie', async () => {
    const { first, state, browser } = await begin();
    const bounced = await first.call('/auth/callback', {
      method: 'POST',
      body: new URLSearchParams({ state, code: 'a b&c' }),
      headers: { origin: 'https://idp.example' },
    });
    expect(bounced.status).toBe(303);
    expect(target(bounced).href.startsWith(`${PUBLIC_URL}/auth/callback?`)).toBe(true);
    const { response } = await browser.request(target(bounced).href);
    expect(target(response).searchParams.has('code')).toBe(true);
  });

  it('tells the client of a refusal of the provider, in our words', async () => {
    const { callback, state } = await begin();
    const { response } = await callback({ state, error: 'access_denied', error_description: '<script>evil' });
    const { searchParams, origin, pathname } = target(response);
    expect(origin + pathname).toBe(REDIRECT_URI);
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('iss')).toBe(PUBLIC_URL);
    expect(searchParams.get('error_description')).not.toContain('evil');
  });

  it('[S4][PX-11] is a page when the provider is away or we are wrong: nobody is told to log in again', async () => {
    const cases: [() => Promise<never>, number, string | null][] = [
      [
        async () => {
          throw new Refusal('sign-in.provider-unavailable', {}, { retryAfterSeconds: 9 });
        },
        503,
        '9',
      ],
      [
        async () => {
          throw new Refusal('sign-in.provider-misconfigured');
        },
        503,
        '5',
      ],
      [
        async () => {
          throw new Error('secret detail');
        },
        503,
        '5',
      ],
      [
        async () => {
          throw new Refusal('sign-in.provider-answer');
        },
        403,
        null,
      ],
    ];
    for (const [finish, status, retryAfter] of cases) {
      const { callback } = await begin({ finish });
      const { response, html } = await callback();
      expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
      expect(response.headers.get('location')).toBeNull();
      expect(html).not.toContain('secret detail');
    }
  });

  it('[PX-9] an answer is only ever shown to the provider that was chosen', async () => {
    const [a, b] = [scriptedSignIn('one'), scriptedSignIn('two')];
    const house = await openHouse({ issuer: { signIns: [a.signIn, b.signIn] } });
    const { client_id: clientId } = await register(house.first);
    const { callback } = await walkToProvider(house.first, clientId, 'two');
    expect((await callback()).response.status).toBe(303);
    expect([a.asked.finishes, b.asked.finishes]).toEqual([0, 1]);
  });

  it('is refused when the sign-in is no longer configured, or the client is no longer allowed', async () => {
    const elsewhere = scriptedSignIn('another');
    for (const later of [
      { issuer: { signIns: [elsewhere.signIn] } },
      {
        issuer: {
          signIns: [scriptedSignIn('idp').signIn],
          policy: { deniedRedirectUris: ['http://127.0.0.1:*'] },
        },
      },
    ]) {
      const { open, browser, state, asked } = await begin();
      const changed = await open(later);
      const cookie = [...browser.cookies.values()]
        .flatMap((jar) => [...jar])
        .map((pair) => pair.join('='))
        .join('; ');
      const response = await changed.call(`/auth/callback?state=${state}&code=x`, { headers: { cookie } });
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
      expect(asked.finishes).toBe(0);
    }
    expect(elsewhere.asked.finishes).toBe(0);
  });

  it('clears and consumes the cookie before a code leaves on plain-http loopback; over https it stays for other tabs', async () => {
    const loopback = await begin({}, 'http://localhost:8000');
    expect(loopback.state).toMatch(/^[\w-]{22}\.[\w-]{11}$/);
    const { response } = await loopback.callback();
    expect(response.headers.getSetCookie()[0]).toMatch(/Max-Age=0$/);
    expect(target(response).searchParams.has('code')).toBe(true);
    const https = await begin();
    expect((await https.callback()).response.headers.getSetCookie()).toEqual([]);
  });

  it('does not find the cookie of another page on loopback', async () => {
    const { browser, state, first, asked, clientId } = await begin({}, 'http://localhost:8000');
    const other = await walkToProvider(first, clientId);
    const mixed = `${state.split('.')[0]}.${other.state.split('.')[1]}`;
    const both = new ScriptedBrowser(first.call);
    both.cookies.set(
      'localhost:8000',
      new Map([...browser.cookies, ...other.browser.cookies].flatMap(([, jar]) => [...jar])),
    );
    const { response } = await both.request(`http://localhost:8000/auth/callback?state=${mixed}&code=x`);
    expect([response.status, asked.finishes]).toEqual([403, 0]);
  });

  it('[S4] is 503 while the store is away, and good afterwards', async () => {
    const { callback, control } = await begin();
    control.outage = 'all';
    expect((await callback()).response.status).toBe(503);
    control.outage = 'none';
    expect((await callback()).response.status).toBe(303);
  });
});

import { describe, expect, it } from 'vitest';
import { ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import { authorizeQuery, openHouse, register, scriptedSignIn } from '../../auth.contract.ts';
import type { ConsentMode } from '../context/consent-mode.ts';

const OWN_WISH = { 'sec-fetch-site': 'none' };
const APP = 'https://app.example.com/callback';
const listed = [{ id: 'listed', redirectUris: [APP, 'http://127.0.0.1/callback', 'com.example.app:/cb'] }];
const allowed = { policy: { allowedRedirectUris: ['http://127.0.0.1:*'] } };

async function begin(
  consent: ConsentMode,
  over: { publicUrl?: string; subjects?: readonly string[]; clientId?: string; redirectUri?: string } = {},
) {
  const { publicUrl, subjects = ['alice'], redirectUri = APP } = over;
  const coming = [...subjects];
  const idp = scriptedSignIn('idp', {
    finish: async () => ({
      identity: { issuer: 'https://idp.example', subject: coming.shift() ?? subjects.at(-1)! },
      upstream: { accessToken: 'a', refreshToken: 'upstream-refresh' },
    }),
  });
  const limits = consent === 'off' || consent === 'external' ? allowed : {};
  const house = await openHouse({
    ...(publicUrl === undefined ? {} : { publicUrl }),
    issuer: { signIns: [idp.signIn], clients: listed, consent, ...limits },
  });
  const clientId = over.clientId ?? 'listed';
  const browser = new ScriptedBrowser(house.first.call);
  const ask = (
    {
      query = {},
      headers = OWN_WISH,
    }: { query?: Record<string, string>; headers?: Record<string, string> } = {},
    walker = browser,
  ) =>
    walker.request(
      `${house.first.publicUrl}/authorize?${authorizeQuery(clientId, { redirect_uri: redirectUri, ...query })}`,
      { headers },
    );
  /** Comes back from the provider. */
  const comeBack = (html: string) =>
    browser.request(`${house.first.publicUrl}/auth/callback?state=${stateOf(html)}&code=c`);
  /** Approves and signs in, to the code. */
  const approve = async () => {
    const onward = await browser.submit(await ask(), { action: 'approve' });
    return comeBack(onward.html);
  };
  return { ...house, ...idp, clientId, browser, ask, approve, comeBack };
}

const isConsent = (html: string) => html.includes('name="action"');
const stateOf = (html: string) => /state=([^"&]+)/.exec(html)?.[1] ?? '';
const codeOf = ({ response }: { readonly response: Response }) =>
  new URL(response.headers.get('location') ?? 'x:').searchParams.get('code');

describe('consent: remember', () => {
  it('[G3] asks once in a browser, for the same again, and believes it of the same person', async () => {
    const { ask, approve, comeBack, asked, events } = await begin('remember');
    expect(isConsent((await ask()).html)).toBe(true);
    expect(codeOf(await approve())).toBeTruthy();
    const again = await ask();
    expect(isConsent(again.html)).toBe(false);
    expect(asked.starts).toBe(2);
    expect(events).toContainEqual(expect.objectContaining({ type: 'consent.skipped', mode: 'remember' }));
    expect(codeOf(await comeBack(again.html))).toBeTruthy();
  });

  it('[G3] asks somebody else after all, before any code, and gives their tokens back', async () => {
    const { ask, approve, comeBack, asked, browser, events } = await begin('remember', {
      subjects: ['alice', 'mallory', 'mallory'],
    });
    await approve();
    const other = await comeBack((await ask()).html);
    expect([other.response.status, isConsent(other.html), codeOf(other)]).toEqual([200, true, null]);
    expect(asked.revoked).toEqual(['upstream-refresh']);
    expect(events.filter(({ type }) => type === 'sign-in.completed')).toHaveLength(1);
    const onward = await browser.submit(other, { action: 'approve' });
    expect(codeOf(await comeBack(onward.html))).toBeTruthy();
  });

  it('[G3] remembers nothing of who pressed the button and signed in nowhere', async () => {
    const { ask, browser } = await begin('remember');
    await browser.submit(await ask(), { action: 'approve' });
    expect(isConsent((await ask()).html)).toBe(true);
  });

  it('[G3] never remembers loopback, custom schemes and clients that registered themselves', async () => {
    for (const redirectUri of ['http://127.0.0.1:4567/callback', 'com.example.app:/cb']) {
      const { approve, ask } = await begin('remember', { redirectUri });
      expect(codeOf(await approve())).toBeTruthy();
      expect([redirectUri, isConsent((await ask()).html)]).toEqual([redirectUri, true]);
    }
    const { first } = await openHouse({
      issuer: { signIns: [scriptedSignIn().signIn], consent: 'remember' },
    });
    const { client_id: clientId } = await register(first, { redirect_uris: [APP] });
    const browser = new ScriptedBrowser(first.call);
    const url = `${first.publicUrl}/authorize?${authorizeQuery(clientId, { redirect_uri: APP })}`;
    const onward = await browser.submit(await browser.request(url, { headers: OWN_WISH }), {
      action: 'approve',
    });
    await browser.request(`${first.publicUrl}/auth/callback?state=${stateOf(onward.html)}&code=c`);
    expect(isConsent((await browser.request(url, { headers: OWN_WISH })).html)).toBe(true);
  });

  it('asks again for another browser, when another site sends the browser, and when the client wants it', async () => {
    const { ask, approve, first } = await begin('remember');
    await approve();
    const others = [
      await ask({}, new ScriptedBrowser(first.call)),
      await ask({ headers: { 'sec-fetch-site': 'cross-site' } }),
      await ask({ headers: { 'sec-fetch-site': 'same-site' } }),
      await ask({ headers: {} }),
      await ask({ query: { prompt: 'consent' } }),
      await ask({ query: { redirect_uri: 'http://127.0.0.1:9999/callback' } }),
    ];
    expect(others.map(({ html }) => isConsent(html))).toEqual(others.map(() => true));
  });

  it('does not remember what was denied, and nothing on plain-http loopback', async () => {
    const denied = await begin('remember');
    await denied.browser.submit(await denied.ask(), { action: 'deny' });
    expect(isConsent((await denied.ask()).html)).toBe(true);
    const local = await begin('remember', { publicUrl: 'http://localhost:8000' });
    await local.approve();
    expect(isConsent((await local.ask()).html)).toBe(true);
  });
});

describe('consent: external and off', () => {
  it.each(['external', 'off'] as const)(
    '%s goes on at once, and still only in the browser that began',
    async (mode) => {
      const { ask, asked, first, events } = await begin(mode, {
        redirectUri: 'http://127.0.0.1:4567/callback',
      });
      const answer = await ask({ headers: {} });
      expect(isConsent(answer.html)).toBe(false);
      expect(asked.starts).toBe(1);
      expect(events).toContainEqual(expect.objectContaining({ type: 'consent.skipped', mode }));
      const stranger = new ScriptedBrowser(first.call);
      const stolen = await stranger.request(
        `${first.publicUrl}/auth/callback?state=${stateOf(answer.html)}&code=c`,
      );
      expect(stolen.response.status).toBe(403);
      expect(asked.finishes).toBe(0);
    },
  );
});

describe('consent: always', () => {
  it('asks each time', async () => {
    const { ask, browser } = await begin('always');
    await browser.submit(await ask(), { action: 'approve' });
    expect(isConsent((await ask()).html)).toBe(true);
  });
});

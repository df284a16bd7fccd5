import { describe, expect, it } from 'vitest';
import { ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import { authorizeQuery, openHouse, register, scriptedSignIn } from '../../auth.contract.ts';
import type { ConsentMode } from '../context/consent-mode.ts';

const OWN_WISH = { 'sec-fetch-site': 'none' };
const allowed = { policy: { allowedRedirectUris: ['http://127.0.0.1:*'] } };

async function begin(consent: ConsentMode, over: { publicUrl?: string } = {}) {
  const idp = scriptedSignIn();
  const limits = consent === 'off' || consent === 'external' ? allowed : {};
  const house = await openHouse({ ...over, issuer: { signIns: [idp.signIn], consent, ...limits } });
  const { client_id: clientId } = await register(house.first);
  const browser = new ScriptedBrowser(house.first.call);
  const ask = (
    {
      query = {},
      headers = OWN_WISH,
    }: { query?: Record<string, string>; headers?: Record<string, string> } = {},
    walker = browser,
  ) => walker.request(`${house.first.publicUrl}/authorize?${authorizeQuery(clientId, query)}`, { headers });
  return { ...house, ...idp, clientId, browser, ask };
}

const isConsent = (html: string) => html.includes('name="action"');
const stateOf = (html: string) => /state=([^"&]+)/.exec(html)?.[1] ?? '';

describe('consent: remember', () => {
  it('asks once in a browser, for the same again', async () => {
    const { ask, browser, asked, events } = await begin('remember');
    const page = await ask();
    expect(isConsent(page.html)).toBe(true);
    await browser.submit(page, { action: 'approve' });
    const again = await ask();
    expect(isConsent(again.html)).toBe(false);
    // RFC 8252 §7.3: whatever port was free this time.
    const elsewhere = await ask({ query: { redirect_uri: 'http://127.0.0.1:9999/callback' } });
    expect(isConsent(elsewhere.html)).toBe(false);
    expect(stateOf(again.html)).not.toBe('');
    expect(asked.starts).toBe(3);
    expect(events).toContainEqual(expect.objectContaining({ type: 'consent.skipped', mode: 'remember' }));
    const back = await browser.request(
      `https://mcp.example.com/auth/callback?state=${stateOf(again.html)}&code=c`,
    );
    expect(new URL(back.response.headers.get('location')!).searchParams.get('code')).toBeTruthy();
  });

  it('asks again for another browser, another client, when another site sends the browser, and when the client wants it', async () => {
    const { ask, browser, first } = await begin('remember');
    await browser.submit(await ask(), { action: 'approve' });
    const { client_id: other } = await register(first, { client_name: 'Other' });
    const others = [
      await ask({}, new ScriptedBrowser(first.call)),
      await browser.request(`${first.publicUrl}/authorize?${authorizeQuery(other)}`, { headers: OWN_WISH }),
      await ask({ headers: { 'sec-fetch-site': 'cross-site' } }),
      await ask({ headers: { 'sec-fetch-site': 'same-site' } }),
      await ask({ headers: {} }),
      await ask({ query: { prompt: 'consent' } }),
    ];
    expect(others.map(({ html }) => isConsent(html))).toEqual(others.map(() => true));
  });

  it('does not remember what was denied, and nothing on plain-http loopback', async () => {
    const denied = await begin('remember');
    await denied.browser.submit(await denied.ask(), { action: 'deny' });
    expect(isConsent((await denied.ask()).html)).toBe(true);
    const local = await begin('remember', { publicUrl: 'http://localhost:8000' });
    await local.browser.submit(await local.ask(), { action: 'approve' });
    expect(isConsent((await local.ask()).html)).toBe(true);
  });
});

describe('consent: external and off', () => {
  it.each(['external', 'off'] as const)(
    '%s goes on at once, and still only in the browser that began',
    async (mode) => {
      const { ask, asked, first, events } = await begin(mode);
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

import { describe, expect, it } from 'vitest';
import { formRequest, ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import {
  authorizeQuery,
  login,
  openHouse,
  PUBLIC_URL,
  refresh,
  register,
  scriptedSignIn,
  walkToProvider,
} from '../../auth.contract.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';

const LOGOUT = `${PUBLIC_URL}/logout`;
const LOOPBACK = 'http://localhost:8000';

const withLogout = (id: string): SignIn => ({
  ...scriptedSignIn(id).signIn,
  logoutUrl: ({ returnTo }) => `https://${id}.example/logout?${new URLSearchParams({ returnTo })}`,
});

async function begin(signIns: readonly SignIn[] = [withLogout('idp')]) {
  const house = await openHouse({ issuer: { signIns } });
  const browser = new ScriptedBrowser(house.first.call);
  return { ...house, browser, page: await browser.request(LOGOUT) };
}

const held = (browser: ScriptedBrowser) => [...browser.cookies.values()].flatMap((jar) => [...jar.keys()]);

describe('logging out', () => {
  it('is asked for on a page: a link from elsewhere ends nothing', async () => {
    const { page, browser } = await begin();
    expect(page.response.status).toBe(200);
    expect(page.html).toContain('name="sign_in" value="idp"');
    expect(held(browser)).toEqual(['__Host-portcullis']);
  });

  it('[G3] ends what waits for this browser: nothing that was begun can be finished', async () => {
    const { first, asked } = await (async () => {
      const idp = scriptedSignIn('idp');
      return { ...(await openHouse({ issuer: { signIns: [idp.signIn] } })), ...idp };
    })();
    const { client_id: clientId } = await register(first);
    const { browser, callback, consent } = await walkToProvider(first, clientId);
    const done = await browser.submit(await browser.request(LOGOUT), {});
    expect([done.response.status, done.response.headers.get('location')]).toEqual([
      303,
      `${PUBLIC_URL}/logout/done`,
    ]);
    expect(held(browser)).toEqual([]);
    expect((await callback()).response.status).toBe(403);
    expect((await browser.submit(consent, { action: 'approve' })).response.status).toBe(403);
    // Nor with a cookie that the browser gets later.
    await browser.request(`${PUBLIC_URL}/authorize?${authorizeQuery(clientId)}`);
    expect((await callback()).response.status).toBe(403);
    expect(asked.finishes).toBe(0);
  });

  it('forgets what was approved in this browser: the next client is asked about again', async () => {
    const { signIn } = scriptedSignIn('idp');
    const redirect_uri = 'https://app.example.com/callback';
    const clients = [{ id: 'listed', redirectUris: [redirect_uri] }];
    const { first } = await openHouse({ issuer: { signIns: [signIn], clients, consent: 'remember' } });
    const browser = new ScriptedBrowser(first.call);
    const headers = { 'sec-fetch-site': 'none' };
    const query = authorizeQuery('listed', { redirect_uri });
    const ask = () => browser.request(`${PUBLIC_URL}/authorize?${query}`, { headers });
    const onward = await browser.submit(await ask(), { action: 'approve' });
    const state = /state=([^"&]+)/.exec(onward.html)?.[1] ?? '';
    await browser.request(`${PUBLIC_URL}/auth/callback?state=${state}&code=c`);
    expect((await ask()).html).not.toContain('value="approve"');
    await browser.submit(await browser.request(LOGOUT), {});
    expect(held(browser)).toEqual([]);
    expect((await ask()).html).toContain('value="approve"');
  });

  it('clears the cookies of every tab on plain-http loopback, and no others', async () => {
    const { first } = await openHouse({ publicUrl: LOOPBACK });
    const browser = new ScriptedBrowser(first.call);
    for (const path of ['/login-check', '/login-check']) await browser.request(LOOPBACK + path);
    const page = await browser.request(`${LOOPBACK}/logout`);
    browser.cookies.get('localhost:8000')!.set('portcullis-other', 'x').set('theirs', 'y');
    expect(held(browser)).toHaveLength(5);
    await browser.submit(page, {});
    expect(held(browser)).toEqual(['portcullis-other', 'theirs']);
  });

  it('goes on to the provider that was chosen, with where to come back to', async () => {
    const { page, browser } = await begin([withLogout('idp'), withLogout('other')]);
    const { html, response } = await browser.submit(page, { sign_in: 'other' });
    expect(response.status).toBe(200);
    expect(html).toContain('<bdi>Sign in at other</bdi>');
    expect(html).toContain('may ask you');
    const [, link = ''] = /<a class="button main" href="([^"]*)"/.exec(html) ?? [];
    const url = new URL(link.replaceAll('&amp;', '&'));
    expect([url.host, url.searchParams.get('returnTo')]).toEqual([
      'other.example',
      `${PUBLIC_URL}/logout/done`,
    ]);
    expect(held(browser)).toEqual([]);
  });

  it('says which providers it can not log out of, and offers none of them', async () => {
    const silent: SignIn = { ...scriptedSignIn('silent').signIn, logoutUrl: () => undefined };
    const { page, browser } = await begin([withLogout('idp'), silent, scriptedSignIn('none').signIn]);
    expect(page.html).toContain('still be signed in at <bdi>Sign in at silent</bdi>');
    expect(page.html).not.toContain('Sign in at none');
    for (const sign_in of ['silent', 'none', 'unheard of'])
      expect((await browser.submit(page, { sign_in })).response.status).toBe(400);
    expect(held(browser)).toEqual(['__Host-portcullis']);
  });

  it('[G3] is not for forms of another site, of another browser, or of another page', async () => {
    const { page, browser, first } = await begin();
    const [url, init] = formRequest(page, {});
    const cross = new Headers(init.headers);
    cross.set('origin', 'https://evil.example');
    expect((await browser.request(url, { ...init, headers: cross })).response.status).toBe(403);
    const stranger = new ScriptedBrowser(first.call);
    expect((await stranger.request(url, init)).response.status).toBe(403);
    const check = await browser.request(`${PUBLIC_URL}/login-check`);
    const request = (formRequest(check, {})[1].body as URLSearchParams).get('request')!;
    for (const text of [request, 'x'.repeat(33_000), '']) {
      const body = new URLSearchParams({ request: text });
      expect((await browser.request(url, { method: 'POST', body })).response.status).toBe(400);
    }
    expect(held(browser)).toEqual(['__Host-portcullis']);
    expect((await browser.request(url, init)).response.status).toBe(303);
  });

  it('leaves clients connected, and says so', async () => {
    const { first } = await openHouse();
    const { browser, tokens, clientId } = await login(first);
    await browser.submit(await browser.request(LOGOUT), {});
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    expect((await refresh(first, clientId, tokens.refresh_token)).status).toBe(200);
    const { html, response } = await browser.request(`${PUBLIC_URL}/logout/done?state=%3Cb%3Eevil`);
    expect([response.status, html.includes('AI clients stay connected'), html.includes('evil')]).toEqual([
      200,
      true,
      false,
    ]);
  });
});

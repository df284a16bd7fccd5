import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeChallenge } from '../../packages/auth/src/protocol/pkce.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { describeInChromium, launchChromium } from './chromium.ts';
import { startSite, type WebSite } from './web-site.ts';

const VERIFIER = 'a-verifier-that-is-long-enough-for-the-standard';

describeInChromium('a whole login in Chromium', () => {
  let browser: Browser;
  let portcullis: RunningPortcullis;
  let httpsClient: WebSite;
  let loopbackClient: WebSite;

  beforeAll(async () => {
    [browser, portcullis, httpsClient, loopbackClient] = await Promise.all([
      launchChromium(),
      startPortcullis(),
      startSite(() => ({ body: 'arrived' }), { https: true }),
      startSite(() => ({ body: 'arrived' })),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), portcullis?.stop(), httpsClient?.close(), loopbackClient?.close()]);
  });

  async function register(redirectUri: string): Promise<string> {
    const response = await fetch(`${portcullis.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirectUri],
        client_name: 'Browser test',
        token_endpoint_auth_method: 'none',
      }),
    });
    return ((await response.json()) as { client_id: string }).client_id;
  }

  async function authorizeUrl(clientId: string, redirectUri: string, state = 'state-1'): Promise<string> {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code_challenge: codeChallenge(VERIFIER),
      code_challenge_method: 'S256',
      state,
      resource: portcullis.mcpUrl,
    });
    return `${portcullis.url}/authorize?${query}`;
  }

  /** Presses through the pages, and answers the URL at which the client was reached. */
  async function login(context: BrowserContext, redirectUri: string, person = 'alice'): Promise<URL> {
    const clientId = await register(redirectUri);
    const page = await context.newPage();
    const arrived = page.waitForRequest((request) => request.url().startsWith(redirectUri), {
      timeout: 15_000,
    });
    await page.goto(await authorizeUrl(clientId, redirectUri));
    await page.click('button[name=action][value=approve]');
    await page.click(`button[name=person][value=${person}]`);
    return new URL((await arrived).url());
  }

  async function tokens(clientId: string, redirectUri: string, code: string) {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    });
    return fetch(`${portcullis.url}/token`, { method: 'POST', body });
  }

  for (const scripts of [true, false]) {
    const how = scripts ? '' : ' without JavaScript';
    it(`[G11] [C2] reaches a client on a loopback address${how}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled: scripts });
      const redirectUri = `${loopbackClient.origin}/callback`;
      const answer = await login(context, redirectUri);
      expect(answer.searchParams.get('iss')).toBe(portcullis.url);
      const redeemed = await tokens(
        await register(redirectUri),
        redirectUri,
        answer.searchParams.get('code')!,
      );
      expect(redeemed.status).toBe(200);
      expect(await context.cookies()).toEqual([]);
      await context.close();
    });

    it(`[G11] [C2] reaches a client at an https address${how}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled: scripts, ignoreHTTPSErrors: true });
      const redirectUri = `${httpsClient.origin.replace('127.0.0.1', 'localhost')}/callback`;
      const answer = await login(context, redirectUri, 'bob');
      expect(
        (await tokens(await register(redirectUri), redirectUri, answer.searchParams.get('code')!)).status,
      ).toBe(200);
      await context.close();
    });

    it(`[G11] [C2] reaches a client behind a scheme of its own${how}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled: scripts });
      const redirectUri = 'no-such-app://anywhere/callback';
      const answer = await login(context, redirectUri);
      expect(
        (await tokens(await register(redirectUri), redirectUri, answer.searchParams.get('code')!)).status,
      ).toBe(200);
      await context.close();
    });
  }

  it('[G3] approves twice in two tabs of one browser', async () => {
    const context = await browser.newContext();
    const redirectUri = `${loopbackClient.origin}/callback`;
    const clientId = await register(redirectUri);
    const pages = await Promise.all([context.newPage(), context.newPage()]);
    for (const [tab, page] of pages.entries())
      await page.goto(await authorizeUrl(clientId, redirectUri, `tab-${tab}`));
    for (const page of pages) await page.click('button[name=action][value=approve]');
    for (const [tab, page] of pages.entries()) {
      const arrived = page.waitForRequest((request) => request.url().startsWith(redirectUri));
      await page.click('button[name=person][value=alice]');
      const answer = new URL((await arrived).url());
      expect(answer.searchParams.get('state')).toBe(`tab-${tab}`);
      expect((await tokens(clientId, redirectUri, answer.searchParams.get('code')!)).status).toBe(200);
    }
    await context.close();
  });

  it('[G3] tells a person who went back what to do', async () => {
    const context = await browser.newContext();
    const redirectUri = `${loopbackClient.origin}/callback`;
    const page = await context.newPage();
    await page.goto(await authorizeUrl(await register(redirectUri), redirectUri));
    await page.click('button[name=action][value=approve]');
    const signInPage = page.url();
    expect(signInPage).toContain('/consent');
    await context.clearCookies();
    await page.click('button[name=person][value=alice]');
    expect(await page.textContent('h1')).toMatch(/can not go on/);
    expect(await page.textContent('main')).toMatch(/same browser window/);
    await context.close();
  });

  it('[E2] sends a person who denies back to the client, with the standard code', async () => {
    const context = await browser.newContext();
    const redirectUri = `${loopbackClient.origin}/callback`;
    const page = await context.newPage();
    const arrived = page.waitForRequest((request) => request.url().startsWith(redirectUri));
    await page.goto(await authorizeUrl(await register(redirectUri), redirectUri));
    await page.click('button[name=action][value=deny]');
    const answer = new URL((await arrived).url());
    expect(answer.searchParams.get('error')).toBe('access_denied');
    expect(answer.searchParams.get('state')).toBe('state-1');
    await context.close();
  });
});

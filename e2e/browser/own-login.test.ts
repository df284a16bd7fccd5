import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { type Behind, startInFront } from '../upstream/provider-behind.ts';
import { describeInChromium, launchChromium } from './chromium.ts';

describeInChromium('a person without a client, in Chromium', () => {
  let browser: Browser;
  let alone: RunningPortcullis;
  let behind: Behind;

  beforeAll(async () => {
    [browser, alone, behind] = await Promise.all([launchChromium(), startPortcullis(), startInFront()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), alone?.stop(), behind?.server.stop(), behind?.provider.close()]);
  });

  /** A tab without scripts, and what the browser had to complain about. */
  async function newTab() {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    return { context, page, complaints };
  }

  it('[C1, G11] is led from the MCP address to the check of a login, and sees who they are', async () => {
    const { context, page, complaints } = await newTab();
    const answer = await page.goto(alone.mcpUrl);
    expect([answer?.status(), answer?.headers()['www-authenticate']]).toEqual([
      401,
      (await fetch(alone.mcpUrl)).headers.get('www-authenticate'),
    ]);
    await page.click('text=Check your login >> nth=-1');
    await page.click('button');
    await page.click('button[name=person][value=bob]');
    expect(await page.textContent('h1')).toBe('Your login works');
    expect(await page.textContent('dl')).toMatch(/Database user\s*bob by the rule development/);
    expect(await context.cookies()).toEqual([]);
    await page.reload();
    expect(await page.textContent('h1')).toBe('This check is over');
    await page.click('a.button');
    expect(await page.textContent('h1')).toBe('Check your login');
    expect(complaints.filter((text) => !/status of 4/.test(text))).toEqual([]);
    await context.close();
  });

  it('[G11] goes to the provider and back, and can start again where that was used', async () => {
    const { context, page, complaints } = await newTab();
    await page.goto(`${behind.server.url}/`);
    await page.click('text=Check your login');
    await page.click('button');
    await page.fill('input[name=login]', 'u-1');
    await page.click('button');
    await page.waitForURL(/\/auth\/callback/);
    expect(await page.textContent('h1')).toBe('Your login works');
    expect(await page.textContent('dl')).toMatch(/alice@example\.com verified/);
    const used = await page.reload();
    expect([used?.status(), await page.textContent('h1')]).toEqual([400, 'This check is over']);
    await page.goBack();
    await page.goto(`${behind.server.url}/login-check`);
    await page.click('button');
    // What was allowed at the provider was given back with the tokens.
    await page.fill('input[name=login]', 'u-1');
    await page.click('button');
    await page.waitForURL(/\/auth\/callback/);
    expect(await page.textContent('h1')).toBe('Your login works');
    expect(complaints.filter((text) => !/status of 4/.test(text))).toEqual([]);
    await context.close();
  });

  it('[G11] logs out with a button, and not by a link', async () => {
    const { context, page, complaints } = await newTab();
    await page.goto(`${behind.server.url}/login-check`);
    await page.goto(`${behind.server.url}/logout`);
    expect((await context.cookies()).length).toBe(2);
    expect(await page.locator('button').allTextContents()).toEqual([
      'Log out, and at Example Login too',
      'Log out here only',
    ]);
    await page.click('text=Log out here only');
    await page.waitForURL(`${behind.server.url}/logout/done`);
    expect(await page.textContent('main')).toContain('AI clients stay connected');
    expect(await context.cookies()).toEqual([]);
    await page.goto(`${behind.server.url}/logout`);
    const there = page.waitForRequest((request) => request.url().includes('post_logout_redirect_uri='));
    await page.click('button >> nth=0');
    const asked = new URL((await there).url());
    expect(asked.origin).toBe(behind.provider.issuer);
    expect(asked.searchParams.get('post_logout_redirect_uri')).toBe(`${behind.server.url}/logout/done`);
    expect(complaints.filter((text) => !/status of 4/.test(text))).toEqual([]);
    await context.close();
  });
});

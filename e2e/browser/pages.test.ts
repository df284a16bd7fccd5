import type { RedirectKind } from '@portcullis/auth/core/redirect-kind';
import { consentPage } from '@portcullis/auth/pages/consent-page';
import { continuePage } from '@portcullis/auth/pages/continue-page';
import type { Page } from '@portcullis/auth/pages/page';
import { pageHeaders } from '@portcullis/auth/pages/page-headers';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from './chromium.ts';
import { SAMPLE_PAGES, sampleConsent } from './sample-pages.ts';
import { type Answer, startSite, type WebSite } from './web-site.ts';

/** A busy machine takes its time. */
const PATIENT = { timeout: 15_000 };

const send = (page: Page): Answer => ({ status: page.status, headers: pageHeaders(page), body: page.html });

describeInChromium('the pages in Chromium', () => {
  let browser: Browser;
  let gate: WebSite;
  let httpsApp: WebSite;
  let loopbackApp: WebSite;
  /** Where `/decide` goes on to. */
  let next: { readonly url: string; readonly kind: RedirectKind };
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    httpsApp = await startSite(() => ({ body: '<h1>back in the application</h1>' }), { https: true });
    loopbackApp = await startSite(({ target }) => ({
      body: target.startsWith('/popup')
        ? '<script>opener.postMessage(location.search, "*")</script>'
        : '<h1>back in the program</h1>',
    }));
    gate = await startSite(({ target }) => {
      if (target === '/consent') return send(consentPage(sampleConsent));
      if (target === '/decide') return send(continuePage(next));
      const page = SAMPLE_PAGES[target.slice(1)];
      return page === undefined ? { status: 404 } : send(page);
    });
  });

  afterEach(async () => {
    gate.visits.length = 0;
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  afterAll(async () => {
    await browser.close();
    await Promise.all([gate, httpsApp, loopbackApp].map((site) => site.close()));
  });

  async function newTab(options: Parameters<Browser['newContext']>[0] = {}): Promise<Tab> {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      ignoreHTTPSErrors: true,
      ...options,
    });
    contexts.push(context);
    return await context.newPage();
  }

  const decision = () => gate.visits.find((visit) => visit.target === '/decide');

  it('[G11] can be approved with the keyboard alone, without scripts', async () => {
    next = { url: `${loopbackApp.origin}/cb?code=keyboard`, kind: 'loopback' };
    const tab = await newTab();
    await tab.goto(`${gate.origin}/consent`);
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Tab');
    expect(await tab.locator(':focus').textContent()).toBe('Approve');
    expect(await tab.locator(':focus').evaluate((e) => getComputedStyle(e).outlineStyle)).toBe('solid');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(next.url);
    expect([...new URLSearchParams(decision()?.body)]).toEqual([
      ['request', 'a-sealed_value'],
      ['sign_in', 'guests'],
      ['action', 'approve'],
    ]);
  });

  it('sends the origin with the form, so that it can be checked', async () => {
    next = { url: `${loopbackApp.origin}/cb?code=origin`, kind: 'loopback' };
    const tab = await newTab();
    await tab.goto(`${gate.origin}/consent`);
    await tab.click('button[value=deny]');
    await tab.waitForURL(next.url);
    expect(decision()?.headers.origin).toBe(gate.origin);
    expect(new URLSearchParams(decision()?.body).get('action')).toBe('deny');
    const arrived = loopbackApp.visits.find((visit) => visit.target === '/cb?code=origin');
    expect(arrived?.headers.referer).toBeUndefined();
  });

  it.each(['https', 'loopback'] as const)(
    '[G11] goes on to an application at an address of kind %s',
    async (kind) => {
      const app = kind === 'https' ? httpsApp : loopbackApp;
      next = { url: `${app.origin}/cb?code=a%20b&state=${kind}&x=%22%3E`, kind };
      const tab = await newTab();
      await tab.goto(`${gate.origin}/consent`);
      await tab.click('button[value=approve]');
      await tab.waitForURL(next.url);
      expect(app.visits.map((visit) => visit.target)).toContain(`/cb?code=a%20b&state=${kind}&x=%22%3E`);
    },
  );

  it('[G11] goes on to an application with a scheme of its own, and leaves a link to try again', async () => {
    next = { url: 'no-such-app://callback/path?code=a%20b&state=scheme', kind: 'custom-scheme' };
    const tab = await newTab();
    const asked = navigationsOf(tab);
    await tab.goto(`${gate.origin}/consent`);
    const requests = await asked;
    await tab.click('button[value=approve]');
    const seen = () => requests.filter((url) => url === next.url).length;
    await expect.poll(seen, PATIENT).toBe(1);
    await tab.click('a.button');
    await expect.poll(seen, PATIENT).toBe(2);
    expect(tab.url()).toBe(`${gate.origin}/decide`);
  });

  it('answers a client that waits in the window that opened it', async () => {
    next = { url: `${loopbackApp.origin}/popup?code=opener`, kind: 'loopback' };
    const tab = await newTab({ javaScriptEnabled: true });
    await tab.goto(`${loopbackApp.origin}/start`);
    const heard = tab.evaluate(
      () => new Promise((resolve) => addEventListener('message', (e) => resolve(e.data))),
    );
    const [popup] = await Promise.all([
      tab.waitForEvent('popup'),
      tab.evaluate((url) => void open(url), `${gate.origin}/consent`),
    ]);
    await popup.click('button[value=approve]');
    expect(await heard).toBe('?code=opener');
  });

  it('[G11, AS-17] can not be framed', async () => {
    const outside = await startSite(() => ({ body: `<iframe src="${gate.origin}/consent"></iframe>` }));
    const tab = await newTab({ javaScriptEnabled: true });
    const refusals: string[] = [];
    tab.on('console', (message) => refusals.push(message.text()));
    await tab.goto(outside.origin);
    await expect.poll(() => refusals.join()).toMatch(/frame-ancestors|X-Frame-Options/);
    expect(tab.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
    await outside.close();
  });

  it('[G11] shows where the access goes larger than anything else', async () => {
    const tab = await newTab();
    const sizes = (selector: string) =>
      tab
        .locator(selector)
        .evaluateAll((all) => all.map((e) => Number.parseFloat(getComputedStyle(e).fontSize)));
    for (const name of ['consent', 'consent-unkind', 'consent-scheme']) {
      await tab.goto(`${gate.origin}/${name}`);
      for (const width of [360, 1200]) {
        await tab.setViewportSize({ width, height: 700 });
        const [host = 0] = await sizes('.host');
        expect(host).toBeGreaterThan(Math.max(...(await sizes('body *:not(.host, .host *)'))));
      }
    }
  });

  it.each(Object.keys(SAMPLE_PAGES))(
    '[G11] shows %s without a complaint, and loads nothing for it',
    async (name) => {
      const tab = await newTab();
      const complaints: string[] = [];
      const requested: string[] = [];
      tab.on('console', (message) => complaints.push(message.text()));
      tab.on('request', (request) => requested.push(request.url()));
      await tab.goto(`${gate.origin}/${name}`);
      const expected = /no-such-app:|responded with a status of 4/;
      expect(complaints.filter((text) => !expected.test(text))).toEqual([]);
      expect(requested.filter((url) => !expected.test(url))).toEqual([`${gate.origin}/${name}`]);
    },
  );

  it.each(Object.keys(SAMPLE_PAGES))('shows %s legibly in any width, light and dark', async (name) => {
    const tab = await newTab();
    await tab.goto(`${gate.origin}/${name}`);
    // All at once, so that nothing hides in what is folded up.
    await tab.locator('details').evaluateAll((all) => {
      for (const folded of all) folded.removeAttribute('name');
      for (const folded of all) folded.setAttribute('open', '');
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      await tab.emulateMedia({ colorScheme });
      expect(await tab.evaluate(weakContrasts)).toEqual([]);
    }
    for (const width of [320, 360, 600, 1280]) {
      await tab.setViewportSize({ width, height: 700 });
      const tooWide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(tooWide).toBeLessThanOrEqual(0);
    }
  });
});

/** Every address that the page wants to navigate to, as it happens, also where no program answers. */
async function navigationsOf(tab: Tab): Promise<string[]> {
  const session = await tab.context().newCDPSession(tab);
  const urls: string[] = [];
  session.on('Page.frameRequestedNavigation', ({ url }) => urls.push(url));
  await session.send('Page.enable');
  return urls;
}

/** WCAG 2.2 §1.4.3: texts with less contrast than 4.5 to 1. Runs in the browser, so it brings along what it needs. */
function weakContrasts(): string[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = channels(color).map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? ground(element.parentElement) : color;
  };
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const text = [...element.childNodes].some(
      (n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim() !== '',
    );
    if (!text) return [];
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort(
      (x, y) => y - x,
    );
    const ratio = (a! + 0.05) / (b! + 0.05);
    return ratio < 4.5 ? [`${element.tagName} ${element.textContent} ${ratio.toFixed(2)}`] : [];
  });
}

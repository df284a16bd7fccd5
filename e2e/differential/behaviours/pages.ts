import type { Client } from '../../clients/plain-client.ts';
import { formRequest, type ScriptedBrowser } from '../../clients/scripted-browser.ts';
import { type Observation, openPage, STATE, yes } from '../observation.ts';
import type { Target } from '../target.ts';
import { behaviour, enrol, USUAL } from './acts.ts';

const CALLBACK = { redirectUri: 'http://127.0.0.1:41234/callback' };

const firstPage = async (target: Target, browser = target.newBrowser()) =>
  (await openPage(target, target.client.authorizationUrl(await enrol(target), USUAL), browser)).step;

/** What a page tells the browser about itself. */
function manners(headers: Headers): Observation {
  const policy = headers.get('content-security-policy') ?? '';
  return {
    kept: /no-store/.test(headers.get('cache-control') ?? '') ? 'no' : 'maybe',
    referrer: headers.get('referrer-policy') ?? 'default',
    framed: /frame-ancestors 'none'/.test(policy) || headers.has('x-frame-options') ? 'no' : 'maybe',
    scripts: /default-src 'none'|script-src 'none'/.test(policy) ? 'no' : 'maybe',
  };
}

/** Comes again in the same browser, after a login that was approved there. */
const again = (
  id: string,
  what: string,
  next: (target: Target, client: Client) => Promise<readonly [Client, Record<string, string>]>,
) =>
  behaviour(id, 'AS-17', what, async (target) => {
    const browser: ScriptedBrowser = target.newBrowser();
    const client = await enrol(target);
    await target.client.logIn({ client, browser, authorize: { scope: 'mcp:read' } });
    const [by, fields] = await next(target, client);
    const url = target.client.authorizationUrl(by, { scope: 'mcp:read', state: STATE, ...fields });
    return (await openPage(target, url, browser)).seen;
  });

export const PAGES = [
  behaviour('page-consent-headers', 'AS-17 AS-18', 'Looks at the headers of the first page', async (target) =>
    manners((await firstPage(target)).response.headers),
  ),
  behaviour('page-error-headers', 'AS-18', 'Looks at the headers of an error page', async (target) => {
    const url = target.client.authorizationUrl({ id: 'nobody', ...CALLBACK });
    return manners((await openPage(target, url)).step.response.headers);
  }),
  behaviour('page-error-escapes', 'AS-4 AS-17', 'Sends markup as its id', async (target) => {
    const url = target.client.authorizationUrl({ id: '<script>alert(1)</script>', ...CALLBACK });
    const { step } = await openPage(target, url);
    return { markup: yes(step.html.includes('<script>alert(1)')) };
  }),
  behaviour('page-after-form', 'AS-18', 'Is sent on after a form', async (target) => {
    const browser = target.newBrowser();
    const page = await firstPage(target, browser);
    const { response } = await browser.submit(page, { action: 'approve' });
    const { status } = response;
    return {
      onward:
        status === 200 ? 'a page' : status === 307 || status === 308 ? 'with the form' : 'without the form',
    };
  }),
  behaviour('page-forged-post', 'AS-17', 'Has its page sent from another web site', async (target) => {
    const browser = target.newBrowser();
    const [url, init] = formRequest(await firstPage(target, browser), { action: 'approve' });
    const headers = {
      ...(init.headers as Record<string, string>),
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    };
    const { response } = await browser.request(url, { ...init, headers });
    return { outcome: response.status >= 400 ? 'refused' : 'goes on' };
  }),
  behaviour(
    'page-other-browser',
    'AS-17',
    'Has its page sent by a browser that did not open it',
    async (target) => {
      const [url, init] = formRequest(await firstPage(target), { action: 'approve' });
      let step = await target.newBrowser().request(url, init);
      const browser = target.newBrowser();
      for (let hops = 0; hops < 5; hops += 1) {
        const location = step.response.headers.get('location');
        if (step.response.status >= 400) return { outcome: 'refused' };
        if (!location) break;
        step = await browser.request(new URL(location, step.url).href);
      }
      return { outcome: /<form/.test(step.html) ? 'asks the person' : 'goes on' };
    },
  ),
  behaviour('page-cookies', 'AS-17', 'Looks at the cookies of the login', async (target) => {
    const { step } = await openPage(target, target.client.authorizationUrl(await enrol(target), USUAL));
    const cookies = step.response.headers.getSetCookie();
    return {
      'readable by scripts': yes(cookies.some((cookie) => !/;\s*httponly/i.test(cookie))),
      'sent from elsewhere': yes(cookies.some((cookie) => !/;\s*samesite=(lax|strict)/i.test(cookie))),
    };
  }),
  again('again-same', 'Comes again with the same request', async (_target, client) => [client, {}]),
  again('again-prompt-consent', 'Comes again and asks for consent', async (_target, client) => [
    client,
    { prompt: 'consent' },
  ]),
  again('again-prompt-login', 'Comes again and asks for a login', async (_target, client) => [
    client,
    { prompt: 'login' },
  ]),
  again('again-prompt-none', 'Comes again and wants no page', async (_target, client) => [
    client,
    { prompt: 'none' },
  ]),
  again('again-more-scope', 'Comes again and asks for more', async (_target, client) => [
    client,
    { scope: 'mcp:read mcp:write' },
  ]),
  again('again-other-client', 'Another client comes in the same browser', async (target) => [
    await enrol(target),
    {},
  ]),
];

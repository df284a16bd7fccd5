/** A browser without a screen: keeps cookies, fills in our forms, follows redirects and continue pages, until it is sent elsewhere. */

export type BrowserFetch = (url: string, init: RequestInit) => Promise<Response>;

export interface BrowserStep {
  readonly url: string;
  readonly response: Response;
  readonly html: string;
}

export interface WalkOptions {
  /** Which button to press on the consent page. Default `approve`. */
  readonly decision?: 'approve' | 'deny';
  /** Which sign-in to choose, by its id, where there are several. Default: the first. */
  readonly signIn?: string;
  /** Who to be on the sign-in page. Default `alice`. */
  readonly person?: string;
  /** What to say at the test provider, which asks for an account. Default: `person`. */
  readonly login?: string;
  /** Stops before the first URL of this kind, and returns it. Default: never. */
  readonly until?: (url: URL) => boolean;
}

const unescapeHtml = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

export class ScriptedBrowser {
  readonly cookies = new Map<string, Map<string, string>>();
  readonly #fetch: BrowserFetch;

  constructor(browserFetch: BrowserFetch = (url, init) => fetch(url, init)) {
    this.#fetch = browserFetch;
  }

  /** One request, cookies included, redirects not followed. */
  async request(url: string, init: RequestInit = {}): Promise<BrowserStep> {
    const { origin, host } = new URL(url);
    const headers = new Headers(init.headers);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    if (init.method === 'POST' && !headers.has('origin')) headers.set('origin', origin);
    const response = await this.#fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const equals = pair.indexOf('=');
      if (attributes.some((each) => /^max-age=0$|^expires=.*1970/i.test(each)))
        jar.delete(pair.slice(0, equals));
      else jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    this.cookies.set(host, jar);
    return { url, response, html: await response.text() };
  }

  /** Presses a button of the form on a page. */
  async submit(step: BrowserStep, button: Record<string, string>): Promise<BrowserStep> {
    return this.request(...formRequest(step, button));
  }

  /** From an authorization URL to the place the client waits at: the URL with the code, or with the error. */
  async walk(url: string, options: WalkOptions = {}): Promise<URL> {
    let step = await this.request(url);
    for (let hops = 0; hops < 30; hops += 1) {
      const next = nextOf(step);
      if (next) {
        const target = new URL(next, step.url);
        if (options.until?.(target) || isAnswer(target, step.url)) return target;
        step = await this.request(target.href);
      } else if (/name="action"/.test(step.html)) {
        const chosen: Record<string, string> =
          options.signIn === undefined ? {} : { sign_in: options.signIn };
        step = await this.submit(step, { action: options.decision ?? 'approve', ...chosen });
      } else if (/name="person"/.test(step.html)) {
        step = await this.submit(step, { person: options.person ?? 'alice' });
      } else if (/<form method="post"[^>]*>[\s\S]*name="login"/.test(step.html)) {
        const body = new URLSearchParams({ login: options.login ?? options.person ?? 'alice' });
        step = await this.request(step.url, { method: 'POST', body });
      } else {
        throw new Error(`stuck at ${step.url} with ${step.response.status}: ${step.html.slice(0, 2000)}`);
      }
    }
    throw new Error('too many steps');
  }
}

/** The request that a form of a page makes. `button`: what was pressed, and choices in place of those the page begins with. */
export function formRequest(step: BrowserStep, button: Record<string, string>): [string, RequestInit] {
  const form = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(step.html);
  if (!form) throw new Error(`no form on ${step.url}: ${step.html.slice(0, 500)}`);
  const body = new URLSearchParams();
  for (const [input] of form[2]!.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    const type = /type="([^"]*)"/.exec(input)?.[1] ?? 'text';
    if (!name || type === 'submit' || (type === 'radio' && !/\schecked/.test(input))) continue;
    body.append(unescapeHtml(name), unescapeHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''));
  }
  for (const [name, value] of Object.entries(button)) body.set(name, value);
  return [
    new URL(unescapeHtml(form[1]!), step.url).href,
    { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ];
}

function nextOf({ response, html }: BrowserStep): string | undefined {
  const location = response.headers.get('location');
  if (location) return location;
  const refresh = /<meta[^>]*http-equiv="refresh"[^>]*content="\d+;\s*url=([^"]*)"/i.exec(html);
  return refresh ? unescapeHtml(refresh[1]!) : undefined;
}

/** Has the browser arrived at the client? There the query has a code or an error, and the path is not one of a sign-in. */
function isAnswer(target: URL, from: string): boolean {
  const answered = target.searchParams.has('code') || target.searchParams.has('error');
  return (
    answered &&
    (target.origin !== new URL(from).origin || !/^https?:$/.test(target.protocol)) &&
    !/\/auth\/callback(\/[\w-]+)?$/.test(target.pathname)
  );
}

// OAuth 2.1 §7.12.2: only a URL that was proven to belong to the client is ever continued to; the caller proves it.
import type { RedirectKind } from '../core/redirect-kind.ts';
import { isLoopbackHost } from '../core/url.ts';
import { displayText } from './display-text.ts';
import { layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import type { Page } from './page.ts';

export interface ContinuePageOptions {
  /** Where the browser goes on to, complete with its query. */
  readonly url: string;
  /** What is behind the URL: a client's redirect URI of one of three kinds, or the identity provider, to sign in or out. */
  readonly kind: RedirectKind | 'sign-in' | 'sign-out';
  /** What the identity provider is called, for `sign-out`. Default: the host of the URL. */
  readonly provider?: string;
  /** What the person decided, where they did. Default: approved. */
  readonly outcome?: 'approved' | 'denied';
}

/**
 * Goes on to another place after a form was sent. It is a page and not a redirect, because Chromium applies `form-action` to every redirect
 * that follows a form. Goes on by itself, and by a link where the browser wants a hand, as some do before they open another program.
 *
 * @throws TypeError when the URL is not of its kind, or has a scheme that runs or reads something in the browser itself.
 */
export function continuePage(options: ContinuePageOptions): Page {
  const url = checkedUrl(options);
  const words = WORDS[options.kind](url, displayText(options.provider ?? url.host));
  const denied = options.outcome === 'denied';
  const title = denied ? 'Access denied' : words.title;
  const body = html`<div class="card">
<h1>${title}</h1>
<p>${denied ? html`Nothing was shared. The application is told so.` : words.message}</p>
<p><a class="button main" href="${options.url}" rel="noreferrer">${words.link}</a></p>
<p class="muted small">${words.note}</p>
</div>`;
  return { status: 200, html: layout({ title, body, refreshTo: options.url }) };
}

interface Words {
  readonly title: string;
  readonly message: Markup;
  readonly link: Markup;
  readonly note: string;
}

const NOTHING_HAPPENS = 'If nothing happens by itself, use the button.';

const WORDS: Record<ContinuePageOptions['kind'], (url: URL, provider: string) => Words> = {
  https: (url) => ({
    title: 'Back to the application',
    message: html`You are on your way to <strong><bdi>${url.host}</bdi></strong>.`,
    link: html`Continue to ${url.host}`,
    note: NOTHING_HAPPENS,
  }),
  loopback: () => ({
    title: 'Back to the application',
    message: html`The program on this computer takes over now.`,
    link: html`Continue`,
    note: `${NOTHING_HAPPENS} An error of the browser means that the program no longer waits: start the connection there again.`,
  }),
  'custom-scheme': (url) => ({
    title: 'Back to the application',
    message: html`Your browser may ask whether to open the app for <code>${url.protocol}</code> links. You can close this window afterwards.`,
    link: html`Open the application`,
    note: NOTHING_HAPPENS,
  }),
  'sign-in': (url) => ({
    title: 'On to the sign-in',
    message: html`You sign in at <strong><bdi>${url.host}</bdi></strong> and come back here.`,
    link: html`Continue to ${url.host}`,
    note: NOTHING_HAPPENS,
  }),
  'sign-out': (url, provider) => ({
    title: 'On to the log-out',
    message: html`You are logged out here. Now <strong><bdi>${provider}</bdi></strong> logs you out at <bdi>${url.host}</bdi>. It may ask you whether you mean it.`,
    link: html`Continue to ${url.host}`,
    note: NOTHING_HAPPENS,
  }),
};

/** Schemes that a browser handles itself, by running, reading or showing something. */
const BROWSER_SCHEMES = new Set([
  'about:',
  'blob:',
  'chrome:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'javascript:',
  'mailto:',
  'view-source:',
  'vbscript:',
  'ws:',
  'wss:',
]);

function checkedUrl({ url, kind }: ContinuePageOptions): URL {
  // What the URL parser would strip is refused: what is checked here has to be what the browser reads.
  const parsed = /^[\x21-\x7e]+$/.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !isOfKind(parsed, kind))
    throw new TypeError(`This is no URL to continue to as ${kind}.`);
  return parsed;
}

function isOfKind(url: URL, kind: ContinuePageOptions['kind']): boolean {
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  switch (kind) {
    case 'https':
      return url.protocol === 'https:';
    case 'loopback':
      // Browsers take every name below `localhost` for the local machine (RFC 6761 §6.3).
      return web && (isLoopbackHost(url.hostname) || url.hostname.endsWith('.localhost'));
    case 'sign-in':
    case 'sign-out':
      return web;
    case 'custom-scheme':
      return !web && !BROWSER_SCHEMES.has(url.protocol);
  }
}

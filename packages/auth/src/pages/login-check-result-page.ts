import type { Identity } from '../core/identity.ts';
import { displayText } from './display-text.ts';
import { layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import type { Page } from './page.ts';
import { scopeList } from './scope-list.ts';

export interface LoginCheckResultOptions {
  /** Who signed in. */
  readonly identity: Identity;
  /** The way they signed in, as the chooser names it. */
  readonly signInTitle: string;
  /** What a client gets that asks for nothing in particular. */
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
  /** Where the next check begins. */
  readonly startAgainUrl: string;
}

const MAX_GROUPS = 100;

/** Says who signed in, and what this server makes of it. */
export function loginCheckResultPage(options: LoginCheckResultOptions): Page {
  const { identity } = options;
  const name = displayText(identity.name ?? '');
  const body = html`<div class="card">
<h1>Your login works</h1>
<p>This is what the server knows of you after you signed in.</p>
<dl class="facts">
<dt>Name</dt><dd>${name === '' ? NOT_SAID : html`<strong><bdi>${name}</bdi></strong>`}</dd>
<dt>E-mail</dt><dd>${emailLine(identity)}</dd>
<dt>Signed in with</dt><dd><bdi>${displayText(options.signInTitle)}</bdi></dd>
<dt>Issuer</dt><dd><code>${displayText(identity.issuer, 300)}</code></dd>
<dt>Subject</dt><dd><code>${displayText(identity.subject, 300)}</code></dd>
<dt>Groups</dt><dd>${groupLine(identity.groups ?? [])}</dd>
<dt>Database user</dt><dd>${usernameLine(identity)}</dd>
</dl>
<h2 id="scopes">A client that asks for nothing in particular gets</h2>
${scopeList(options.scopes)}
${identity.username === undefined && NO_USERNAME}
<p class="after"><a class="button" href="${options.startAgainUrl}">Check again</a></p>
</div>`;
  const footer = html`<p>Nothing of this check was kept. You can close this window.</p>`;
  return { status: 200, html: layout({ title: 'Your login works', body, footer }) };
}

const NOT_SAID = html`<span class="muted">not said by the provider</span>`;

const NO_USERNAME = html`<div class="notice" role="note"><p><strong>You have no name in the database.</strong> Where this server acts in a database as the person who asks, it does nothing for you. Its operator sets which claim the name comes from.</p></div>`;

function emailLine({ email, emailVerified }: Identity): Markup {
  if (email === undefined || email === '') return NOT_SAID;
  return html`<bdi>${displayText(email, 254)}</bdi> ${
    emailVerified === true
      ? html`<span class="muted">verified</span>`
      : html`<span class="tag">not verified</span>`
  }`;
}

function groupLine(groups: readonly string[]): Markup {
  if (groups.length === 0) return html`none`;
  const more = groups.length - MAX_GROUPS;
  return html`${groups
    .slice(0, MAX_GROUPS)
    .map((group, index) => html`${index > 0 && ', '}<bdi>${displayText(group)}</bdi>`)}${
    more > 0 && html` <span class="muted">and ${more} more</span>`
  }`;
}

function usernameLine({ username, usernameRule }: Identity): Markup {
  if (username === undefined)
    return html`none: no rule of this server makes a name of what the provider said`;
  return html`<strong><bdi>${displayText(username, 128)}</bdi></strong>${
    usernameRule !== undefined &&
    html` <span class="muted">by the rule <code>${displayText(usernameRule, 128)}</code></span>`
  }`;
}

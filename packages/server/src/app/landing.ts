import { isLoopbackHost, parseUrl } from '@portcullis/auth/core/url';
import { layout } from '@portcullis/auth/pages/layout';
import { html, type Markup } from '@portcullis/auth/pages/markup';
import type { Page } from '@portcullis/auth/pages/page';
import {
  CLIENT_INSTRUCTIONS,
  type ClientInstructions,
  fillSnippet,
  fillText,
  type Step,
  type Target,
} from './client-instructions.ts';

export interface LandingPageOptions {
  /** What the server is called, for people. */
  readonly resourceName: string;
  /** The address that clients connect to. */
  readonly url: string;
  /** What clients call it in their configuration. Default: `portcullis`. */
  readonly connectionName?: string;
  /** How people sign in. Empty: nobody has to. */
  readonly signIns: readonly LandingSignIn[];
  /** Does each client need a token in its configuration, since none finds out where people sign in? Default: `false`. */
  readonly needsToken?: boolean;
  /** Where people can check their login. Default: nowhere, since nobody signs in here. */
  readonly loginCheckUrl?: string;
}

export interface LandingSignIn {
  readonly title: string;
  /** Names to choose from, when it is a development sign-in. Default: it is none. */
  readonly developmentPeople?: readonly string[];
}

/** What this server is, who can sign in, and how each client is connected. */
export function landingPage(options: LandingPageOptions): Page {
  const target: Target = { url: options.url, name: options.connectionName ?? 'portcullis' };
  const local = isLoopbackHost(parseUrl(options.url)?.hostname ?? '');
  const body = html`<div class="card">
<h1>${options.resourceName}</h1>
<p>This is an MCP server. Give a client its address, sign in once in your browser, and ask: the client then sees and does what you may, and nothing else.</p>
<p class="label" id="address">Address</p>
<p class="url"><code aria-labelledby="address">${options.url}</code></p>
${local && html`<p class="muted small">Only programs on this computer can reach this address.</p>`}
<h2>Who can sign in</h2>
${whoCanSignIn(options.signIns)}
${
  options.loginCheckUrl !== undefined &&
  html`<p><a href="${options.loginCheckUrl}">Check your login</a>: who you are here and what you may do, or which step fails.</p>`
}
<h2>Connect a client</h2>
${
  options.needsToken === true &&
  html`<div class="notice first" role="note"><p><strong>Each client needs an access token of its own</strong>, in the header <code>Authorization: Bearer …</code> of its configuration. Whoever runs this server tells you where you get one. What is said below of signing in does not happen here.</p></div>`
}
<div class="clients">${CLIENT_INSTRUCTIONS.map((client, index) => clientEntry(client, target, local, index === 0))}</div>
<p class="muted small">Another client works too, if it speaks MCP over streamable HTTP with OAuth: give it the address.</p>
</div>`;
  return { status: 200, html: layout({ title: options.resourceName, body, wide: true }) };
}

function whoCanSignIn(signIns: readonly LandingSignIn[]): Markup {
  if (signIns.length === 0) {
    return html`<div class="notice stop first" role="note"><p><strong>Nobody has to sign in.</strong> Whoever reaches this address can use everything behind it.</p></div>`;
  }
  return html`${signIns.map(({ title, developmentPeople }) =>
    developmentPeople === undefined
      ? html`<p>Everybody whom <strong>${title}</strong> knows and this server lets in.</p>`
      : html`<div class="notice first" role="note"><p><strong>Development sign-in.</strong> Choose to be ${listed(developmentPeople)}. There are no passwords.</p></div>`,
  )}`;
}

function listed(names: readonly string[]): Markup {
  return html`${names.map((name, index) => html`${separator(index, names.length)}<strong>${name}</strong>`)}`;
}

const separator = (index: number, count: number) => (index === 0 ? '' : index === count - 1 ? ' or ' : ', ');

function clientEntry(client: ClientInstructions, target: Target, local: boolean, open: boolean): Markup {
  const unreachable = local && client.callsFrom === 'the internet';
  return html`<details name="client"${open && html` open`}><summary>${client.name}</summary>
<div class="client">${
    unreachable &&
    html`<p class="notice first">This client calls from the internet. It can not reach this address: publish the server under an https address first.</p>`
  }
<ol class="steps">${client.steps.map((step) => stepEntry(step, target))}</ol>
${client.notes.map((note) => html`<p class="muted small">${withCode(fillText(note, target))}</p>`)}
</div></details>`;
}

function stepEntry({ text, snippet }: Step, target: Target): Markup {
  return html`<li>${withCode(fillText(text, target))}${
    snippet !== undefined &&
    html`${snippet.file !== undefined && html`<p class="file">${snippet.file}</p>`}<pre><code>${fillSnippet(snippet, target)}</code></pre>`
  }</li>`;
}

/** Text whose parts between backticks are shown as code. */
function withCode(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

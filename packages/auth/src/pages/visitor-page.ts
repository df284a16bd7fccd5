// RFC 6750 §3: the answer to a request without a good token, for a person who opened the address of a resource in a browser.
import { displayText } from './display-text.ts';
import { layout } from './layout.ts';
import { html } from './markup.ts';
import type { Page } from './page.ts';

export interface VisitorPageOptions {
  /** What the resource is called, for people. */
  readonly resourceName: string;
  /** The address that clients connect to. */
  readonly url: string;
  /** Where people can check their login. Default: nowhere, since they sign in elsewhere. */
  readonly loginCheckUrl?: string;
  /** Do clients find out by themselves where people sign in? Default: `true`. */
  readonly clientsSignIn?: boolean;
  /** The id under which the log says why a token was refused. Default: none came. */
  readonly incident?: string;
}

/** Says what is behind the address of a resource, and how to get there. */
export function visitorPage(options: VisitorPageOptions): Page {
  const { url, loginCheckUrl, clientsSignIn = true, incident } = options;
  const name = displayText(options.resourceName);
  const body = html`<div class="card">
<h1>${name}</h1>
<p>This is an MCP server. AI clients use it for you; there is nothing to see here in a browser.</p>
${
  incident !== undefined &&
  html`<div class="notice first" role="note"><p><strong>The access token that came with this request is not accepted.</strong> The log has the reason under the incident <code>${incident}</code>.</p></div>`
}
<h2>Connect a client</h2>
<p>Add this address to your client as a remote MCP server (streamable HTTP). ${clientsSignIn ? 'It then opens a page in your browser, where you sign in.' : 'It needs an access token besides, in the header Authorization: whoever runs this server tells you where you get one.'}</p>
<p class="label" id="address">Address</p>
<p class="url"><code aria-labelledby="address">${url}</code></p>
${
  loginCheckUrl !== undefined &&
  html`<h2>Check your login</h2>
<p>Sign in without a client, and see who you are here and what you may do.</p>
<p><a class="button main" href="${loginCheckUrl}">Check your login</a></p>`
}
</div>`;
  return { status: 401, html: layout({ title: name, body }) };
}

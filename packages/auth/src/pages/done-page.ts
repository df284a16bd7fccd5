import { layout } from './layout.ts';
import { html } from './markup.ts';
import type { Page } from './page.ts';

/** Says that something is over and nothing is left to do here. */
export function donePage(options: { readonly title: string; readonly message: string }): Page {
  const body = html`<div class="card"><h1>${options.title}</h1>
<p>${options.message}</p>
<p class="muted">You can close this window.</p></div>`;
  return { status: 200, html: layout({ title: options.title, body }) };
}

import { html, type Markup } from './markup.ts';

/** What can be done, under a heading with the id `scopes`. Empty: no more than knowing who the person is. */
export function scopeList(
  scopes: readonly { readonly name: string; readonly description: string }[],
): Markup {
  if (scopes.length === 0) return html`<p>Know who you are, and nothing else.</p>`;
  return html`<ul class="scopes" aria-labelledby="scopes">${scopes.map(
    ({ name, description }) => html`<li><span>${description}</span> <code>${name}</code></li>`,
  )}</ul>`;
}

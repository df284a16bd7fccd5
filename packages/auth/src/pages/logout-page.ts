import { displayText } from './display-text.ts';
import { hiddenFields } from './hidden-fields.ts';
import { layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import type { Page } from './page.ts';
import type { SignInTitle } from './sign-in-choice.ts';

export interface LogoutPageOptions {
  /** Providers that can log the browser out. Each has a button, which sends its id as `sign_in`; one more button sends none. */
  readonly signIns: readonly SignInTitle[];
  /** Providers that have no address for it. */
  readonly others: readonly string[];
  /** Where the form is sent to. */
  readonly action: string;
  /** What the form carries beside `sign_in`. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** Asks whether to log out: a link somewhere else must not do it by itself. */
export function logoutPage(options: LogoutPageOptions): Page {
  const { signIns, others } = options;
  const body = html`<div class="card">
<h1>Log out?</h1>
<p>This browser forgets every login that was begun here and not finished, and what you approved here before. AI clients that you connected stay connected.</p>
<form method="post" action="${options.action}">
${hiddenFields(options.hidden, ['sign_in'])}
<div class="people">${signIns.map(providerButton)}
<button class="button${signIns.length === 0 && ' main'}" type="submit">${signIns.length === 0 ? 'Log out' : 'Log out here only'}</button></div>
</form>
${others.length > 0 && html`<p class="after muted small">You may still be signed in at ${listed(others)}. That can only be ended there.</p>`}
</div>`;
  return { status: 200, html: layout({ title: 'Log out?', body }) };
}

function providerButton({ id, title }: SignInTitle): Markup {
  return html`<button class="button main" type="submit" name="sign_in" value="${id}"><span>Log out, and at <bdi>${displayText(title)}</bdi> too</span></button>`;
}

function listed(titles: readonly string[]): Markup {
  return html`${titles.map((title, index) => html`${index > 0 && ', '}<bdi>${displayText(title)}</bdi>`)}`;
}

import { displayText } from './display-text.ts';
import { hiddenFields } from './hidden-fields.ts';
import { layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import type { Page } from './page.ts';

export interface SignInPageOptions {
  /** Who can be chosen. `value` comes back as the form field `person`; `note` is one line under the name. */
  readonly people: readonly { readonly value: string; readonly name: string; readonly note?: string }[];
  /** Where the form is sent to. */
  readonly action: string;
  /** What the form carries beside `person`. */
  readonly hidden: Readonly<Record<string, string>>;
  /** Says, before anything else, that nobody checks who is at the keyboard. */
  readonly developmentNotice: boolean;
}

/** Asks who is at the browser, by name only. */
export function signInPage(options: SignInPageOptions): Page {
  const body = html`<div class="card">
${options.developmentNotice && DEVELOPMENT_NOTICE}
<h1>Who are you?</h1>
<p>Choose the person to sign in as. What you can see and do afterwards is what this person may.</p>
<form method="post" action="${options.action}">
${hiddenFields(options.hidden, ['person'])}
<div class="people">${options.people.map(personButton)}</div>
</form>
</div>`;
  return { status: 200, html: layout({ title: 'Sign in', body }) };
}

const DEVELOPMENT_NOTICE = html`<div class="notice first" role="note"><p><strong>Development sign-in.</strong> There are no passwords here: whoever can open this page can be any of these people. Never use it for data that matters.</p></div>`;

function personButton(person: SignInPageOptions['people'][number]): Markup {
  const name = displayText(person.name);
  const initial = ([...name][0] ?? '?').toUpperCase();
  return html`<button class="button person" type="submit" name="person" value="${person.value}"><span class="initial" aria-hidden="true">${initial}</span> <span><bdi>${name}</bdi>${
    person.note !== undefined && html` <span class="note">${displayText(person.note, 120)}</span>`
  }</span></button>`;
}

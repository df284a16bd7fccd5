import { displayText } from './display-text.ts';
import { hiddenFields } from './hidden-fields.ts';
import { layout } from './layout.ts';
import { html } from './markup.ts';
import type { Page } from './page.ts';
import { type SignInTitle, signInChoice } from './sign-in-choice.ts';

export interface LoginCheckPageOptions {
  /** The ways to sign in. With several, the person chooses. */
  readonly signInTitles: readonly SignInTitle[];
  /** Where the form is sent to. */
  readonly action: string;
  /** What the form carries beside `sign_in`. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** Says what a login check is, and begins one at the press of a button. */
export function loginCheckPage(options: LoginCheckPageOptions): Page {
  const { signInTitles } = options;
  const only = signInTitles.length === 1 ? displayText(signInTitles[0]!.title) : undefined;
  const body = html`<div class="card">
<h1>Check your login</h1>
<p>You sign in as an AI client would have you sign in${only !== undefined && html`, with <strong>${only}</strong>`}. Then this server shows you who you are here and what you may do, or which step failed.</p>
<p class="muted small">Nothing is kept: no client is connected, and what the identity provider hands out for the check is given back or forgotten.</p>
<form method="post" action="${options.action}">
${hiddenFields(options.hidden, ['sign_in'])}
${signInChoice(signInTitles)}
<button class="button main" type="submit">Sign in to check</button>
</form>
</div>`;
  return { status: 200, html: layout({ title: 'Check your login', body }) };
}

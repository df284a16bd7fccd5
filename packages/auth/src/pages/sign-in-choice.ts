import { html, type Markup } from './markup.ts';

/** A way to sign in, as pages name it. */
export interface SignInTitle {
  /** The value of the form field `sign_in`. */
  readonly id: string;
  readonly title: string;
}

/** The part of a form that chooses the sign-in: one is a hidden field `sign_in`, of several the person chooses. None: no such field. */
export function signInChoice(signIns: readonly SignInTitle[]): Markup {
  const [first] = signIns;
  if (first === undefined) return html``;
  if (signIns.length === 1) return html`<input type="hidden" name="sign_in" value="${first.id}">`;
  return html`<fieldset><legend>Sign in with</legend>${signIns.map(
    ({ id, title }) =>
      html`<label class="choice"><input type="radio" name="sign_in" value="${id}" required${
        id === first.id && html` checked`
      }> <span>${title}</span></label>`,
  )}</fieldset>`;
}

import { html, type Markup } from './markup.ts';

/**
 * Values that travel through the browser in a form.
 * @throws TypeError when a name belongs to a control of the form itself: the browser would send it twice.
 */
export function hiddenFields(fields: Readonly<Record<string, string>>, reserved: readonly string[]): Markup {
  const taken = reserved.find((name) => Object.hasOwn(fields, name));
  if (taken !== undefined) throw new TypeError(`The form field "${taken}" belongs to the page.`);
  return html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
}

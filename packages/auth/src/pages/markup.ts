import { raw, html as template } from 'hono/html';

/** HTML that is finished: everything in it that came from outside is escaped already. */
export type Markup = ReturnType<typeof raw>;

/**
 * Template for HTML: every value is escaped unless it is itself `Markup`. Carriage returns become references, because a browser would
 * read them as line feeds; U+0000 and lone surrogates can not stand in HTML at all and become U+FFFD.
 */
export function html(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const made = template(strings, ...values.map(prepare));
  if (made instanceof Promise) throw new TypeError('A page can not wait for a part of itself.');
  return made;
}

export type MarkupValue = string | number | false | undefined | Markup | readonly MarkupValue[];

/** Text that is HTML already: for constants of this folder only, never for a value from outside. */
export const trusted = (text: string): Markup => raw(text);

function prepare(value: MarkupValue): unknown {
  if (typeof value === 'string') return escapeText(value);
  return isList(value) ? value.map(prepare) : value;
}

const isList = (value: MarkupValue): value is readonly MarkupValue[] => Array.isArray(value);

/** U+0000 and lone surrogates. */
const UNWRITABLE = /[\0\p{Cs}]/gu;

function escapeText(text: string): Markup | string {
  const wellFormed = text.replace(UNWRITABLE, '\uFFFD');
  if (!wellFormed.includes('\r')) return wellFormed;
  const parts = wellFormed.split('\r').map((part) => template`${part}`.toString());
  return raw(parts.join('&#13;'));
}

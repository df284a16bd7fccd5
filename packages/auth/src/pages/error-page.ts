import { layout } from './layout.ts';
import { html } from './markup.ts';
import type { Page } from './page.ts';

export interface ErrorPageOptions {
  /** HTTP status of the response. */
  readonly status: number;
  /** What went wrong, in a few words. */
  readonly title: string;
  /** The same in a sentence or two, without anything internal. */
  readonly message: string;
  /** What the person can do now, one sentence each. */
  readonly whatToDo: readonly string[];
  /** The id under which the log has the rest. */
  readonly incident: string;
}

/** Says what went wrong, and what to do next. */
export function errorPage(options: ErrorPageOptions): Page {
  const body = html`<div class="card">
<h1>${options.title}</h1>
<p>${options.message}</p>
${
  options.whatToDo.length > 0 &&
  html`<h2>What you can do</h2>
<ul class="steps">${options.whatToDo.map((step) => html`<li>${step}</li>`)}</ul>`
}
<p class="incident">Incident <code>${options.incident}</code><br>The operator of this server finds the reason in the log under this id.</p>
</div>`;
  return { status: options.status, html: layout({ title: options.title, body }) };
}

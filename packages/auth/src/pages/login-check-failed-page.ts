import { displayText } from './display-text.ts';
import { layout } from './layout.ts';
import { html } from './markup.ts';
import type { Page } from './page.ts';

export interface LoginCheckFailedOptions {
  /** HTTP status of the response. */
  readonly status: number;
  /** What it comes to, in a few words. */
  readonly title: string;
  /** Which step failed, in a few words. */
  readonly step: string;
  /** Why, in a sentence or two, without anything internal. */
  readonly why: string;
  /** What the identity provider said, in its own words. Default: nothing. */
  readonly providerSaid?: string;
  /** What can be done now, one sentence each. */
  readonly whatToDo: readonly string[];
  /** The id under which the log has the rest. */
  readonly incident: string;
  /** Where the next check begins. */
  readonly startAgainUrl: string;
}

/** Says which step of a login check failed, and why. */
export function loginCheckFailedPage(options: LoginCheckFailedOptions): Page {
  const said = displayText(options.providerSaid ?? '', 300);
  const body = html`<div class="card">
<h1>${options.title}</h1>
<dl class="facts">
<dt>Failed step</dt><dd><strong>${options.step}</strong></dd>
<dt>Why</dt><dd>${options.why}</dd>
${said !== '' && html`<dt>Provider said</dt><dd><code>${said}</code></dd>`}
</dl>
${
  options.whatToDo.length > 0 &&
  html`<h2>What you can do</h2>
<ul class="steps">${options.whatToDo.map((step) => html`<li>${step}</li>`)}</ul>`
}
<p class="after"><a class="button main" href="${options.startAgainUrl}">Start again</a></p>
<p class="incident">Incident <code>${options.incident}</code><br>The operator of this server finds the reason in the log under this id.</p>
</div>`;
  return { status: options.status, html: layout({ title: options.title, body }) };
}

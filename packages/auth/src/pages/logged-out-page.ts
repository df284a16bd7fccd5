import { layout } from './layout.ts';
import { html } from './markup.ts';
import type { Page } from './page.ts';

/** Says that this browser is logged out, and what that does not end. */
export function loggedOutPage(): Page {
  const body = html`<div class="card">
<h1>You are logged out</h1>
<p>This browser has no login here any more.</p>
<h2>AI clients stay connected</h2>
<p>A client that you connected has a session of its own, which is not one of this browser. It goes on working until you remove this server in that client, until its time is up, or until the operator of this server ends it.</p>
<p class="muted">You can close this window.</p>
</div>`;
  return { status: 200, html: layout({ title: 'You are logged out', body }) };
}

import type { RedirectKind } from '../core/redirect-kind.ts';
import { consentWarnings } from './consent-warnings.ts';
import { displayText } from './display-text.ts';
import { hiddenFields } from './hidden-fields.ts';
import { layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import type { Page } from './page.ts';
import { scopeList } from './scope-list.ts';
import { type SignInTitle, signInChoice } from './sign-in-choice.ts';

export interface ConsentPageOptions {
  /** What the client calls itself. Shown as a claim, except for clients that the operator entered. */
  readonly clientName?: string;
  /** Host of the client-id metadata document, for `clientKind: 'document'`. */
  readonly clientIdHost?: string;
  /** How this server knows the client: it registered itself, it published a document, or the operator entered it. */
  readonly clientKind: 'registered' | 'document' | 'static';
  /** The largest thing on the page: the host, for a custom scheme the scheme with its colon (`cursor:`). */
  readonly redirectHost: string;
  /** The whole redirect URI, as it will be used. */
  readonly redirectUri: string;
  /** Decides how the destination is explained, and what is warned of. */
  readonly redirectKind: RedirectKind;
  /** What would be granted. Empty: no more than knowing who the person is. */
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
  /** The resource's URL. */
  readonly resource: string;
  /** What the resource is called, for people. */
  readonly resourceName: string;
  /** The ways to sign in. One: it is a hidden field `sign_in`; several: the person chooses. None: no such field. */
  readonly signInTitles: readonly SignInTitle[];
  /** Where the form is sent to. */
  readonly action: string;
  /** What the form carries beside `action` and `sign_in`. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** Asks whether a client may act as the person. The answer comes as `action=approve` or `action=deny`. */
export function consentPage(options: ConsentPageOptions): Page {
  const resourceName = displayText(options.resourceName);
  const body = html`<div class="card">
<h1>Allow access to ${resourceName}?</h1>
<p>An application asks to use ${resourceName} as you. If you approve, the access goes to:</p>
${destination(options)}
<dl class="facts">
<dt>Application</dt><dd>${clientLine(options)}</dd>
<dt>Sent to</dt><dd><code>${options.redirectUri}</code></dd>
<dt>Access to</dt><dd><code>${options.resource}</code></dd>
</dl>
<h2 id="scopes">It will be able to</h2>
${scopeList(options.scopes)}
${consentWarnings(options)}
<form method="post" action="${options.action}">
${hiddenFields(options.hidden, ['action', 'sign_in'])}
${signInChoice(options.signInTitles)}
<div class="actions">
<button class="button main" type="submit" name="action" value="approve">Approve</button>
<button class="button" type="submit" name="action" value="deny">Deny</button>
</div>
</form>
</div>`;
  return {
    status: 200,
    html: layout({
      title: `Allow access to ${resourceName}?`,
      body,
      footer: html`<p>You did not start this yourself? Choose Deny. Nothing is shared then.</p>`,
    }),
  };
}

const DESTINATION_NOTE: Record<RedirectKind, string> = {
  https: 'a web site',
  loopback: 'a program on the computer you are using now',
  'custom-scheme': 'an app on this device that opens such links',
};

function destination({ redirectHost, redirectKind }: ConsentPageOptions): Markup {
  const size = redirectHost.length > 28 ? 'host host-long' : 'host';
  // A long host breaks after its dots first, so that its parts stay readable.
  const labels = redirectHost.split(/(?<=\.)/).map((label) => html`${label}<wbr>`);
  return html`<div class="destination"><p class="${size}"><bdi>${labels}</bdi></p>
<p class="muted">${DESTINATION_NOTE[redirectKind]}</p></div>`;
}

function clientLine({ clientName, clientKind, clientIdHost }: ConsentPageOptions): Markup {
  const name = displayText(clientName ?? '');
  if (clientKind === 'static') {
    return html`${name === '' ? 'Entered' : html`<strong><bdi>${name}</bdi></strong>, entered`} by the operator of this server`;
  }
  const claim =
    name === ''
      ? html`gives no name`
      : html`calls itself “<bdi>${name}</bdi>” <span class="tag">not verified</span>`;
  return clientKind === 'document' && clientIdHost !== undefined
    ? html`${claim}<br><span class="muted">described by <bdi>${clientIdHost}</bdi></span>`
    : claim;
}

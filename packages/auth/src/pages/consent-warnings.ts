import type { RedirectKind } from '../core/redirect-kind.ts';
import { html, type Markup } from './markup.ts';

interface Subject {
  readonly redirectKind: RedirectKind;
  readonly redirectHost: string;
  readonly clientKind: string;
  readonly clientIdHost?: string;
}

/** What a person should know before saying yes to this kind of client and address. */
export function consentWarnings(options: Subject): Markup {
  return html`${warnings(options).map((warning) => html`<div class="notice" role="note">${warning}</div>`)}`;
}

function warnings(options: Subject): Markup[] {
  const { redirectKind, clientKind, clientIdHost, redirectHost } = options;
  const found: Markup[] = [];
  if (redirectKind === 'loopback') {
    found.push(
      html`<p><strong>Any program on this computer can ask this way.</strong> Approve only if you have just started the connection yourself, in a program you trust.</p>`,
    );
  }
  if (redirectKind === 'custom-scheme') {
    found.push(
      html`<p><strong>Any app on this device can claim <code>${redirectHost}</code> links.</strong> Approve only if you have just started the connection yourself, in an app you trust.</p>`,
    );
  }
  if (redirectKind === 'https' && clientKind === 'document' && clientIdHost !== undefined) {
    if (clientIdHost !== redirectHost) {
      found.push(
        html`<p>The application is described by <bdi>${clientIdHost}</bdi>, but the access goes to <strong><bdi>${redirectHost}</bdi></strong>. Approve only if you know that the two belong together.</p>`,
      );
    }
  }
  return found;
}

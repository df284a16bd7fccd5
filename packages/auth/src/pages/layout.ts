import { LOGO } from './logo.ts';
import { html, type Markup, trusted } from './markup.ts';
import { STYLESHEET } from './stylesheet.ts';

export interface LayoutOptions {
  /** Title of the document, plain text. */
  readonly title: string;
  /** What stands in the main landmark. */
  readonly body: Markup;
  /** What stands below it. Default: what Portcullis is, in one line. */
  readonly footer?: Markup;
  /** Wider columns, for pages that are read rather than answered. Default: narrow. */
  readonly wide?: boolean;
  /** Where the browser goes next by itself. Must have been checked by the caller. Default: it stays. */
  readonly refreshTo?: string;
}

/** The frame of every page, complete from doctype to `</html>`. Works without scripts and loads nothing. */
export function layout(options: LayoutOptions): string {
  const footer = options.footer ?? html`<p>Portcullis guards this server and lets in only who may enter.</p>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${options.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${options.refreshTo !== undefined && html`<meta http-equiv="refresh" content="0;url=${options.refreshTo}">`}
<style>${trusted(STYLESHEET)}</style>
</head>
<body${options.wide === true && trusted(' class="wide"')}>
<header><p class="brand">${LOGO}<span>Portcullis</span></p></header>
<main>${options.body}</main>
<footer>${footer}</footer>
</body>
</html>
`.toString();
}

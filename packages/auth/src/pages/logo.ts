import { trusted } from './markup.ts';

/** A portcullis in its arch. Decoration only, so it is hidden from screen readers. */
export const LOGO = trusted(
  '<svg class="logo" viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="currentColor" stroke-linecap="round" ' +
    'stroke-linejoin="round" aria-hidden="true" focusable="false">' +
    '<path stroke-width="2.5" d="M4 29V14a12 12 0 0 1 24 0v15"/>' +
    '<path stroke-width="2" d="M4.5 12.5h23M4.5 19h23M10 4.6V23l-0 2.6M16 2.5v23.1M22 4.6v21"/>' +
    '<path fill="currentColor" stroke-width="1" d="M8.6 24.5h2.8L10 28.2zM14.6 24.5h2.8L16 28.2zM20.6 24.5h2.8L22 28.2z"/>' +
    '</svg>',
);

// CSP 3 §6: one policy for all pages, narrower than any of them needs.
import type { Page } from './page.ts';
import { STYLESHEET_HASH } from './stylesheet.ts';

const FORBIDDEN_FEATURES = [
  'camera',
  'clipboard-read',
  'display-capture',
  'geolocation',
  'microphone',
  'payment',
  'publickey-credentials-get',
  'usb',
];
const PERMISSIONS_POLICY = FORBIDDEN_FEATURES.map((feature) => `${feature}=()`).join(', ');

/**
 * The headers that every page is sent with.
 *
 * `Referrer-Policy` is `same-origin`, not `no-referrer`: with the latter, browsers send `Origin: null` with our own forms, and the check of
 * that header would turn everybody away. Other origins learn nothing with either.
 *
 * There is no `Cross-Origin-Opener-Policy`: clients that open the login in a popup wait for their own page in it to call back through
 * `window.opener`, and that header would cut the two apart. The pages run no script, so an opener can read nothing of them.
 *
 * @throws TypeError when a form action origin is not an origin.
 */
export function pageHeaders(page: Page): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src ${STYLESHEET_HASH}`,
      `form-action ${["'self'", ...(page.formActionOrigins ?? []).map(checkedOrigin)].join(' ')}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': PERMISSIONS_POLICY,
    'Cache-Control': 'no-store',
  };
}

function checkedOrigin(origin: string): string {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin || !/^https?:/.test(origin))
    throw new TypeError('A form action origin has to be an http or https origin.');
  return origin;
}

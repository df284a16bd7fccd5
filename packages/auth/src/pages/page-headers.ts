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
 * The headers that every page is sent with, names in lower case as in every answer.
 *
 * `Referrer-Policy` is `same-origin`, not `no-referrer`: with the latter, browsers send `Origin: null` with our own forms, and the check of
 * that header would turn everybody away. Other origins learn nothing with either.
 *
 * There is no `Cross-Origin-Opener-Policy`: clients that open the login in a popup wait for their own page in it to call back through
 * `window.opener`, and that header would cut the two apart. The pages run no script, so an opener can read nothing of them.
 */
export function pageHeaders(_page: Page): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${STYLESHEET_HASH}`,
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': PERMISSIONS_POLICY,
    'cache-control': 'no-store',
  };
}

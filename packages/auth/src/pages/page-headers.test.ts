import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { consentPage } from './consent-page.ts';
import { donePage } from './done-page.ts';
import { pageHeaders } from './page-headers.ts';

const page = donePage({ title: 'Done', message: 'Over.' });

describe('pageHeaders', () => {
  it('allows the style that stands in the page, and nothing else', () => {
    const styles = [...page.html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((m) => m[1]!);
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256').update(styles[0]!).digest('base64');
    expect(pageHeaders(page)['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
  });

  it('keeps the page out of frames, caches and referrers', () => {
    expect(pageHeaders(page)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    // So that a header an answer brings itself replaces the page's, and is not sent beside it.
    for (const name of Object.keys(pageHeaders(page))) expect(name).toBe(name.toLowerCase());
  });

  it('is the same for every page, so that one policy can be tested', () => {
    const consent = consentPage({
      clientKind: 'static',
      redirectHost: 'a.example',
      redirectUri: 'https://a.example/',
      redirectKind: 'https',
      scopes: [],
      resource: 'https://r.example/',
      resourceName: 'R',
      signInTitles: [],
      action: '/',
      hidden: {},
    });
    expect(pageHeaders(consent)).toEqual(pageHeaders(page));
  });
});

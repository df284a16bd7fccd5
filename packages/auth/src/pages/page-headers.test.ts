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
    expect(pageHeaders(page)['Content-Security-Policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
  });

  it('lets a form lead to the origins that the page names', () => {
    const policy = pageHeaders({
      ...page,
      formActionOrigins: ['https://idp.example', 'http://localhost:9000'],
    });
    expect(policy['Content-Security-Policy']).toContain(
      "form-action 'self' https://idp.example http://localhost:9000;",
    );
  });

  it.each([
    "https://idp.example; script-src 'unsafe-inline'",
    '*',
    'https://idp.example/path',
    "'unsafe-inline'",
    'https:',
    'cursor://host',
  ])('refuses to write into the policy: %s', (origin) => {
    expect(() => pageHeaders({ ...page, formActionOrigins: [origin] })).toThrow(TypeError);
  });

  it('keeps the page out of frames, caches and referrers', () => {
    expect(pageHeaders(page)).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
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

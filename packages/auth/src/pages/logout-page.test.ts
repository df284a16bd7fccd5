import { describe, expect, it } from 'vitest';
import { logoutPage } from './logout-page.ts';

const show = (titles: readonly string[], others: readonly string[] = []) =>
  logoutPage({
    signIns: titles.map((title) => ({ id: title.toLowerCase(), title })),
    others,
    action: 'https://mcp.example.com/logout',
    hidden: { request: 'sealed' },
  }).html;

describe('logoutPage', () => {
  it('asks with a button, and goes nowhere by itself', () => {
    const html = show([]);
    expect(html).toContain('<form method="post" action="https://mcp.example.com/logout">');
    expect(html).toContain('<input type="hidden" name="request" value="sealed">');
    expect(html).toMatch(/<button class="button main" type="submit">Log out<\/button>/);
    expect(html).not.toContain('http-equiv="refresh"');
    expect(html).toContain('stay connected');
  });

  it('has a button for each provider that can, and one for here alone', () => {
    const html = show(['Corp', 'Guests']);
    expect([...html.matchAll(/name="sign_in" value="(\w+)"/g)].map(([, id]) => id)).toEqual([
      'corp',
      'guests',
    ]);
    expect(html).toContain('<bdi>Guests</bdi>');
    expect(html).toMatch(/<button class="button" type="submit">Log out here only/);
  });

  it('says where a login can not be ended from here', () => {
    expect(show(['Corp'])).not.toContain('still be signed in');
    expect(show(['Corp'], ['<GitHub>', 'Google'])).toContain(
      'at <bdi>&lt;GitHub&gt;</bdi>, <bdi>Google</bdi>',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Identity } from '../core/identity.ts';
import { loginCheckResultPage } from './login-check-result-page.ts';

const show = (identity: Partial<Identity> = {}) =>
  loginCheckResultPage({
    identity: { issuer: 'https://idp.example', subject: 'u-1', ...identity },
    signInTitle: 'Corp',
    scopes: [{ name: 'mcp:read', description: 'Read the tables' }],
    startAgainUrl: 'https://mcp.example.com/login-check',
  }).html;

describe('loginCheckResultPage', () => {
  it('says of everything that is not known that it is not', () => {
    const html = show();
    expect(html.match(/not said by the provider/g)).toHaveLength(2);
    expect(html).toContain('<dt>Groups</dt><dd>none</dd>');
    expect(html).toContain('none: no rule of this server');
    expect(html).toContain('role="note"');
  });

  it('shows the name in the database with the rule that gave it, and warns of nothing then', () => {
    const html = show({ username: 'ALICE', usernameRule: 'email-prefix' });
    expect(html).toContain(
      '<strong><bdi>ALICE</bdi></strong> <span class="muted">by the rule <code>email-prefix</code>',
    );
    expect(html).not.toContain('role="note"');
  });

  it('tells a verified address from one that anybody can have typed', () => {
    const email = 'alice@example.com';
    expect(show({ email, emailVerified: true })).toContain('<span class="muted">verified</span>');
    for (const emailVerified of [false, undefined])
      expect(show({ email, emailVerified })).toContain('<span class="tag">not verified</span>');
  });

  it('shows 100 groups at most, and how many more there are', () => {
    const html = show({ groups: Array.from({ length: 130 }, (_, i) => `group-${i}`) });
    expect(html.match(/<bdi>group-/g)).toHaveLength(100);
    expect(html).toContain('and 30 more');
    expect(show({ groups: ['a', 'b'] })).toContain('<dd><bdi>a</bdi>, <bdi>b</bdi></dd>');
  });

  it('shows nothing that turns text around', () => {
    expect(show({ name: 'x\u202ey', username: 'a\u200bb', groups: ['g\u2066'] })).not.toMatch(
      /[\u202e\u200b\u2066]/,
    );
  });
});

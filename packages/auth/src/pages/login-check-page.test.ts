import { describe, expect, it } from 'vitest';
import { loginCheckPage } from './login-check-page.ts';

const show = (...titles: string[]) =>
  loginCheckPage({
    signInTitles: titles.map((title) => ({ id: title.toLowerCase(), title })),
    action: 'https://mcp.example.com/login-check',
    hidden: { request: 'sealed' },
  }).html;

describe('loginCheckPage', () => {
  it('says what will happen, and waits for a button', () => {
    const html = show('Corp');
    expect(html).toContain('with <strong>Corp</strong>');
    expect(html).toContain('<form method="post" action="https://mcp.example.com/login-check">');
    expect(html).toContain('<input type="hidden" name="request" value="sealed">');
    expect(html).toContain('<input type="hidden" name="sign_in" value="corp">');
    expect(html).not.toContain('http-equiv="refresh"');
  });

  it('asks which sign-in to check where there are several', () => {
    const html = show('Corp', 'Guests');
    expect(html).not.toContain('<strong>');
    expect(html.match(/type="radio" name="sign_in"/g)).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { loggedOutPage } from './logged-out-page.ts';

describe('loggedOutPage', () => {
  it('says what is over and what is not, and asks for nothing', () => {
    const { status, html } = loggedOutPage();
    expect(status).toBe(200);
    expect(html).toContain('<h1>You are logged out</h1>');
    expect(html).toContain('AI clients stay connected');
    expect(html).not.toMatch(/<form|<a |<button/);
  });
});

import { describe, expect, it } from 'vitest';
import { donePage } from './done-page.ts';

describe('donePage', () => {
  it('says what is over, and asks for nothing', () => {
    const { status, html } = donePage({ title: 'Signed out', message: 'The session <has> ended.' });
    expect(status).toBe(200);
    expect(html).toContain('<h1>Signed out</h1>');
    expect(html).toContain('The session &lt;has&gt; ended.');
    expect(html).not.toMatch(/<form|<a |<button/);
  });
});

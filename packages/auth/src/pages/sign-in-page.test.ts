import { describe, expect, it } from 'vitest';
import { signInPage } from './sign-in-page.ts';

const ask = (developmentNotice: boolean) =>
  signInPage({
    people: [
      { value: 'alice', name: 'Alice', note: 'analyst' },
      { value: 'b&b', name: 'élodie\u202e' },
      { value: 'nobody', name: '' },
    ],
    action: '/auth/person',
    hidden: { request: 'sealed' },
    developmentNotice,
  }).html;

describe('signInPage', () => {
  it('has a button for each person, and sends who was chosen', () => {
    const values = [...ask(true).matchAll(/<button[^>]* name="person" value="([^"]*)"/g)].map((m) => m[1]);
    expect(values).toEqual(['alice', 'b&amp;b', 'nobody']);
    expect(ask(true)).toContain('<form method="post" action="/auth/person">');
    expect(ask(true)).toContain('<input type="hidden" name="request" value="sealed">');
  });

  it('says before anything else that nobody is checked', () => {
    const page = ask(true);
    expect(page.indexOf('Development sign-in')).toBeGreaterThan(0);
    expect(page.indexOf('Development sign-in')).toBeLessThan(page.indexOf('<h1>'));
    expect(ask(false)).not.toContain('Development sign-in');
  });

  it('shows names without what turns them around, with an initial of theirs', () => {
    expect(ask(true)).toContain('>É</span> <span><bdi>élodie</bdi></span>');
    expect(ask(true)).toContain('>?</span> <span><bdi></bdi></span>');
    expect(ask(true)).toContain('<span class="note">analyst</span>');
  });
});

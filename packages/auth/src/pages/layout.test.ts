import { describe, expect, it } from 'vitest';
import { layout } from './layout.ts';
import { html } from './markup.ts';

describe('layout', () => {
  const page = layout({ title: 'A & B', body: html`<p>${'<body>'}</p>` });

  it('makes a whole document that says its language, its title and its width', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>A &amp; B</title>');
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page.trimEnd()).toMatch(/<\/html>$/);
  });

  it('has the landmarks that a screen reader jumps to, each once', () => {
    for (const landmark of ['header', 'main', 'footer'])
      expect(page.match(new RegExp(`<${landmark}>`, 'g'))).toHaveLength(1);
    expect(page).toContain('<main><p>&lt;body&gt;</p></main>');
  });

  it('stays where it is unless it is told where to go', () => {
    expect(page).not.toContain('http-equiv');
    expect(layout({ title: 'T', body: html``, refreshTo: 'https://a.example/?"' })).toContain(
      '<meta http-equiv="refresh" content="0;url=https://a.example/?&quot;">',
    );
  });

  it('takes a footer and a width of its own', () => {
    const wide = layout({ title: 'T', body: html``, wide: true, footer: html`<p>mine</p>` });
    expect(wide).toContain('<body class="wide">');
    expect(wide).toContain('<footer><p>mine</p></footer>');
  });
});
